"""Where the salon of `run_salon` is open, for commands that are started beside it."""

import os
from pathlib import Path

STANDARD = "http://127.0.0.1:8000"


def last_address(path: Path) -> str:
    """The address at which the salon was opened last; the standard one where it never was."""
    try:
        return path.read_text(encoding="ascii").strip() or STANDARD
    except (OSError, UnicodeDecodeError):
        return STANDARD


def keep_address(path: Path, address: str) -> None:
    """Written whole or not at all: another command may be starting at this moment."""
    path.parent.mkdir(exist_ok=True)
    new = path.with_suffix(f".{os.getpid()}")
    new.write_text(f"{address}\n", encoding="ascii")
    new.replace(path)
