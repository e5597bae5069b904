"""The way from an empty database to today's tables."""

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

pytestmark = pytest.mark.migrations
# from the ground up: an app may only stand on those before it
APPS = ("crm", "loyalty", "reminders")


def own_tables() -> set[str]:
    return {
        model._meta.db_table for app in APPS for model in apps.get_app_config(app).get_models(include_auto_created=True)
    }


def tables() -> set[str]:
    return set(connection.introspection.table_names())


@pytest.mark.django_db
def test_migrations_lead_from_nothing_to_todays_tables():
    """The database of this part was empty, and was made by migrations alone (`--migrations`)."""
    executor = MigrationExecutor(connection)

    assert executor.migration_plan(executor.loader.graph.leaf_nodes()) == []
    assert own_tables() - tables() == set()


@pytest.mark.django_db
def test_models_say_nothing_that_migrations_do_not():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


@pytest.mark.django_db
def test_every_named_constraint_is_in_the_database():
    missing = []
    for app in APPS:
        for model in apps.get_app_config(app).get_models():
            with connection.cursor() as cursor:
                known = set(connection.introspection.get_constraints(cursor, model._meta.db_table))
            missing += [
                f"{model.__name__}: {named.name}"
                for named in (*model._meta.constraints, *model._meta.indexes)
                if named.name not in known
            ]

    assert missing == []


def test_migrations_of_an_app_know_nobody_above_it():
    graph = MigrationLoader(None).graph

    upwards = [
        f"{app}.{name} needs {parent}"
        for height, app in enumerate(APPS)
        for (label, name), node in graph.node_map.items()
        if label == app
        for parent in node.parents
        if parent.key[0] in APPS[height + 1 :]
    ]

    assert upwards == []
