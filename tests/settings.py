"""The settings of the product, fed with an environment made for tests.

Nothing of the developer's own `.env` gets in: the environment wins over that file,
and what a test's outcome could hang on is set here. Processes that a test starts
inherit it. Where no DATABASE_URL is given (`python -m tests.services` gives one)
tests run on SQLite.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

if "REGULARS_SCRATCH" not in os.environ:
    # this process is the first one; those that it starts share its folder
    os.environ["REGULARS_SCRATCH"] = tempfile.mkdtemp(prefix="regulars-tests-")
    atexit.register(shutil.rmtree, os.environ["REGULARS_SCRATCH"], ignore_errors=True)
SCRATCH = Path(os.environ["REGULARS_SCRATCH"])
ENVIRONMENT = {
    "SECRET_KEY": "for-tests-only-" + "0123456789abcdef" * 4,
    "FIELD_KEYS": "dGVzdHMtb25seS10ZXN0cy1vbmx5LXRlc3RzLW9ubHk=",
    "DEBUG": "0",
    "DEMO": "0",
    "PUBLIC_URL": "http://testserver",
    "ALLOWED_HOSTS": "testserver,127.0.0.1,localhost",
    "MEDIA_ROOT": str(SCRATCH / "media"),
    "EMAIL_URL": "smtp://127.0.0.1:1",
    "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
    "DEFAULT_FROM_EMAIL": "salon@example.test",
    "SMS_URL": "mailbox://",
    "CACHE_URL": "",
    "DEFAULT_LANGUAGE": "en",
    "LOG_LEVEL": "WARNING",
}
os.environ.update(ENVIRONMENT)
os.environ.setdefault("DATABASE_URL", f"sqlite:///{SCRATCH / 'regulars.sqlite3'}")
os.environ.setdefault("BROKER_URL", "memory://")

from config.settings import *  # noqa: E402, F403

STATIC_ROOT = SCRATCH / "static"
STATIC_ROOT.mkdir(exist_ok=True)
# hashing a password well takes a third of a second; a test logs in a hundred times
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):  # noqa: F405
    # a file, as the salon has one: threads share it, and WAL is the real WAL
    DATABASES["default"]["TEST"] = {"NAME": str(SCRATCH / "test.sqlite3")}  # noqa: F405
