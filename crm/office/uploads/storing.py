"""Uploaded files on the disk: several CSV files or one zip of them, in a folder of their own."""

import shutil
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import BinaryIO
from uuid import uuid4

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from crm.office.importing.files import ORDER

# unpacked, all files together: a salon of a million clients is smaller than that
MOST_BYTES = 2 * 1024**3
MOST_FILES = 50
BLOCK = 1024 * 1024
PROGRESS = ".progress"


class UploadRefused(Exception):
    """These files cannot be kept; the message says why."""


def folder_of(name: str) -> Path:
    """Where the files of an upload lie."""
    return Path(settings.MEDIA_ROOT) / "imports" / name


def store(files: Iterable[UploadedFile]) -> str:
    """Keeps the CSV files, those inside a zip too, and gives the name of their folder. Raises UploadRefused."""
    name = uuid4().hex
    folder = folder_of(name)
    folder.mkdir(parents=True)
    folder.chmod(0o700)
    try:
        budget = Budget()
        for file in files:
            if zipfile.is_zipfile(file):
                file.seek(0)
                _unpack(file, folder, budget)
            else:
                file.seek(0)
                _keep(file, folder, file.name or "", budget)
        if not budget.files:
            raise UploadRefused(_("There is no CSV file among these."))
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return name


class Budget:
    """How much may still come: a small zip may hold a very large file."""

    def __init__(self) -> None:
        self.bytes = 0
        self.files = 0

    def add_file(self) -> None:
        self.files += 1
        if self.files > MOST_FILES:
            raise UploadRefused(_("These are too many files: at most %(most)d.") % {"most": MOST_FILES})

    def add(self, count: int) -> None:
        self.bytes += count
        if self.bytes > MOST_BYTES:
            raise UploadRefused(_("These files are too large together: at most 2 GB."))


def _unpack(file: UploadedFile, folder: Path, budget: Budget) -> None:
    try:
        with zipfile.ZipFile(file) as archive:
            for entry in archive.infolist():
                if not entry.is_dir() and "__MACOSX" not in entry.filename:
                    with archive.open(entry) as stream:
                        _keep(stream, folder, entry.filename, budget)
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError) as error:
        # damaged, locked with a password, or packed in a way nobody here knows
        raise UploadRefused(_("%(file)s cannot be unpacked.") % {"file": file.name}) from error


def _keep(stream: BinaryIO | UploadedFile, folder: Path, path: str, budget: Budget) -> None:
    # only the last part of the name: nothing leaves the folder
    name = PurePosixPath(path.replace("\\", "/")).name
    if not name.casefold().endswith(".csv") or name.startswith("."):
        return
    budget.add_file()
    target = folder / name[-120:]
    if target.exists():
        raise UploadRefused(_("There are two files called %(file)s.") % {"file": name})
    with target.open("wb") as kept:
        while block := stream.read(BLOCK):
            budget.add(len(block))
            kept.write(block)


def remove(name: str) -> None:
    """The files have done their service."""
    if name:
        shutil.rmtree(folder_of(name), ignore_errors=True)


def note_progress(name: str, file: str, rows: int) -> None:
    """How far it is. On the disk, as the import's own transaction shows nothing before its end."""
    (folder_of(name) / PROGRESS).write_text(f"{rows} {file}", encoding="utf-8")


@dataclass(frozen=True, slots=True)
class Standing:
    """The file being read and its rows so far, how many files come before it, and how many there are.

    `is_settling`: all are read.
    """

    file: str = ""
    rows: int = 0
    done: int = 0
    total: int = 1
    is_settling: bool = False


def progress_of(name: str) -> Standing:
    """How far the work on these files is."""
    folder = folder_of(name)
    files = sorted(path.name for path in folder.glob("*.csv")) if name else []
    total = max(1, len(files))
    try:
        rows, _space, current = (folder / PROGRESS).read_text(encoding="utf-8").partition(" ")
    except OSError:
        return Standing(total=total)
    if not current:
        # an empty file is one that is being written at this moment
        return Standing(done=total, total=total, is_settling=True) if rows else Standing(total=total)
    order = [file for file in ORDER if file in files] + [file for file in files if file not in ORDER]
    return Standing(current, int(rows), order.index(current) if current in order else 0, total)
