"""The keys of a salon that runs on its own machine, made when they are first needed.

Who names a database server names the keys too; only SQLite, the salon on one machine,
gets along without being told.
"""

import base64
import os
import secrets
from pathlib import Path


def keep_keys(path: Path) -> None:
    """Write SECRET_KEY and FIELD_KEYS to `path`, for its owner's eyes only, unless it is there already."""
    path.parent.mkdir(exist_ok=True)
    try:
        # one of two processes that start at once makes it, the other reads it
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    with os.fdopen(handle, "w") as file:
        file.write(f"SECRET_KEY={secrets.token_urlsafe(50)}\n")
        file.write(f"FIELD_KEYS={base64.urlsafe_b64encode(os.urandom(32)).decode()}\n")
