"""The short way to today's tables (`CreateTogether`) and the long one, migration by migration, end at the same place."""

import os
import subprocess
import sys
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.test import override_settings

# the long way takes its time: it goes with the walks
pytestmark = [pytest.mark.walk, pytest.mark.postgres]
APPS = ("crm", "loyalty", "reminders")
# What a salon has that was there before the short way: each migration by itself, and halfway on by the command.
# At each operation Django draws every model anew that is anyhow related to the changed one, two minutes of work in
# which nothing happens. Here it draws the changed one alone and says so, as it does itself where it may: code in a
# migration then gets all of them drawn anew.
LONG_WAY = """
import sys, django
django.setup()
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState
def itself(state, app, model, delay=False):
    state.is_delayed = True
    return {(app, model)}
ProjectState._find_reload_model = itself
executor = MigrationExecutor(connection)
executor.loader = MigrationLoader(connection, replace_migrations=False)
executor.migrate([tuple(target.split(".")) for target in sys.argv[1:]])
call_command("migrate", verbosity=0)
"""
SHAPE = """
select 'column', table_name, column_name || ' ' || data_type || ' ' || coalesce(character_maximum_length::text, '') || ' '
       || is_nullable || ' ' || coalesce(column_default, '') || ' ' || coalesce(identity_generation, '')
  from information_schema.columns where table_schema = 'public'
union all
select 'constraint', conrelid::regclass::text, conname || ' ' || pg_get_constraintdef(oid)
  from pg_constraint where connamespace = 'public'::regnamespace
union all
select 'index', tablename, indexdef from pg_indexes where schemaname = 'public'
order by 1, 2, 3
"""


@pytest.fixture
def two_databases(django_db_setup, django_db_blocker):
    parts = urlsplit(os.environ["DATABASE_URL"])
    names = [f"way_{name}_{os.getpid()}" for name in ("long", "short")]
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        for name in names:
            cursor.execute(f"CREATE DATABASE {name} TEMPLATE template0")
        try:
            yield [urlunsplit(parts._replace(path=f"/{name}")) for name in names]
        finally:
            for name in names:
                cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")


def run(database: str, *command: str) -> None:
    done = subprocess.run(
        [sys.executable, *command],
        env={**os.environ, "DATABASE_URL": database, "DJANGO_SETTINGS_MODULE": "config.settings"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def shape(database: str) -> list[tuple[str, str, str]]:
    with psycopg.connect(database) as there:
        return there.execute(SHAPE).fetchall()


def test_both_ways_end_at_the_same_tables(two_databases):
    long, short = two_databases
    # the tests' own tables come straight from the models: here the migrations are asked for
    with override_settings(MIGRATION_MODULES={}):
        steps = MigrationLoader(None, replace_migrations=False).disk_migrations
    # somewhere on the way, as an older version left it
    halfway = [
        step.replaces[len(step.replaces) // 2]
        for (app, _), step in sorted(steps.items())
        if app in APPS and step.replaces
    ]
    assert [app for app, _ in halfway] == list(APPS)

    run(long, "-c", LONG_WAY, *(".".join(target) for target in halfway))
    run(short, "manage.py", "migrate", "--verbosity=0")

    assert shape(short) == shape(long)
