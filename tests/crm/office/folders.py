"""Folders in the interchange format, written by hand in tests."""

from datetime import UTC, datetime
from pathlib import Path

from crm.office.importing import Outcome, import_folder

NOW = datetime(2026, 4, 1, 9, 0, tzinfo=UTC)
BRANCH = "name,time_zone,currency\nCentre,Europe/Sarajevo,BAM\n"
SERVICES = """code,name,minutes,price,usual_return_days,ask_after_days,one_off
LASH,Lashes,90,80,21,5,
BROW,Brows,30,30,,,
BRIDE,Bridal make-up,120,200,10,3,yes
"""
PRODUCTS = "code,name,price\nBALM,Balm,15.50\n"
MASTERS = "code,name\nAMRA,Amra\nLEJLA,Lejla\n"


def salon(folder: Path, **files: str) -> Path:
    """A folder with a branch, services, products and masters, and the files given by name without ending."""
    folder.mkdir(parents=True, exist_ok=True)
    contents = {"branch": BRANCH, "services": SERVICES, "products": PRODUCTS, "masters": MASTERS, **files}
    for name, text in contents.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder


def take_in(folder: Path, *, now: datetime = NOW, **options: object) -> Outcome:
    return import_folder(folder=folder, now=now, **options)


def reasons(outcome: Outcome) -> list[tuple[str, int]]:
    """File and line of what was rejected."""
    return [(remark.file, remark.line) for remark in outcome.rejected]
