"""A database of the bench's own: the salon's is neither read nor written."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from django.conf import settings
from django.db import DatabaseError, connection, connections
from django.test.utils import override_settings

# pages are asked for without a server, and nothing is kept where the salon keeps it
NOWHERE_REAL = {
    "ALLOWED_HOSTS": ["*"],
    "SECURE_SSL_REDIRECT": False,
    "CACHES": {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}},
}


class NoScratch(Exception):
    """No database of its own could be made; the words say why."""


@contextmanager
def scratch_database() -> Iterator[None]:
    """An empty, migrated database under a name of its own beside the salon's, gone afterwards.

    Made the way Django makes one for tests: on PostgreSQL `CREATE DATABASE` on the same server, whose user
    has to be allowed to; on SQLite a file in a folder of its own. Uploads, mail and jobs go nowhere real.
    """
    own = connection.settings_dict["NAME"]
    name = f"regulars_bench_{secrets.token_hex(4)}"
    with TemporaryDirectory(prefix="regulars-bench-") as folder:
        kept = connection.settings_dict["TEST"]["NAME"]
        connection.settings_dict["TEST"]["NAME"] = (
            name if connection.vendor == "postgresql" else str(Path(folder) / "scratch.sqlite3")
        )
        try:
            with override_settings(**NOWHERE_REAL, MEDIA_ROOT=folder):
                made = _made()
                try:
                    if made == own or connection.settings_dict["NAME"] != made:
                        raise NoScratch("The scratch database is not the one in use.")
                    yield
                finally:
                    connections.close_all()
                    connection.creation.destroy_test_db(own, verbosity=0)
                    settings.DATABASES["default"]["NAME"] = own
        finally:
            connection.settings_dict["TEST"]["NAME"] = kept


def _made() -> str:
    try:
        return connection.creation.create_test_db(verbosity=0, autoclobber=False, serialize=False)
    except (DatabaseError, SystemExit) as error:
        raise NoScratch(str(error)) from error
