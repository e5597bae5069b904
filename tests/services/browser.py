"""The browser that the browser tests drive: one that is installed, or Debian's chromium."""

import os
import shutil
from pathlib import Path

from tests.services.found import NotToBeHad, from_debian

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def browser() -> Path:
    if (named := os.environ.get("BROWSER_PATH")) and Path(named).exists():
        return Path(named)
    if found := installed() or (from_debian("chromium", "fonts-noto-core") and installed()):
        return found
    raise NotToBeHad(
        "No browser: looked for chromium and google-chrome in PATH (BROWSER_PATH names another), "
        "and Debian's chromium cannot be installed here."
    )


def installed() -> Path | None:
    return next((Path(found) for name in NAMES if (found := shutil.which(name))), None)
