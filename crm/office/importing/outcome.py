"""What an import came to: counts by file, what was rejected and what was left out."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from crm.team.fields import digits


@dataclass(slots=True)
class FileCount:
    """Rows of one file: every row read is imported, unchanged or rejected."""

    read: int = 0
    imported: int = 0
    unchanged: int = 0
    rejected: int = 0

    def as_json(self) -> dict[str, int]:
        return {
            "read": self.read,
            "imported": self.imported,
            "unchanged": self.unchanged,
            "rejected": self.rejected,
        }


@dataclass(frozen=True, slots=True)
class Remark:
    """Something about one line: why it was rejected, or what of it was left out."""

    file: str
    line: int
    reason: str

    def as_json(self) -> dict[str, Any]:
        return {"file": self.file, "line": self.line, "reason": self.reason}


@dataclass(slots=True)
class Totals:
    """What stands in the database for the branch afterwards."""

    clients: int = 0
    services: int = 0
    products: int = 0
    masters: int = 0
    appointments: int = 0
    visits: int = 0
    sales_total: Decimal = Decimal(0)


@dataclass(slots=True)
class Outcome:
    """The whole of an import (contracts.md, import_salon)."""

    format: str
    dry_run: bool
    branch: str = ""
    currency: str = "EUR"
    files: dict[str, FileCount] = field(default_factory=dict)
    rejected: list[Remark] = field(default_factory=list)
    # the row went in, but not all of it
    left_out: list[Remark] = field(default_factory=list)
    unknown_columns: dict[str, list[str]] = field(default_factory=dict)
    ignored_files: list[str] = field(default_factory=list)
    totals: Totals = field(default_factory=Totals)
    refused: bool = False
    # kinds of messages that were on and are not, because something was added
    journeys_off: list[str] = field(default_factory=list)

    def file(self, name: str) -> FileCount:
        return self.files.setdefault(name, FileCount())

    def reject(self, file: str, line: int, reason: str) -> None:
        self.file(file).rejected += 1
        self.rejected.append(Remark(file, line, reason))

    def leave_out(self, file: str, line: int, reason: str) -> None:
        self.left_out.append(Remark(file, line, reason))

    @property
    def added(self) -> int:
        """Rows that went in, or would in a dry run."""
        return 0 if self.refused else sum(count.imported for count in self.files.values())

    def as_json(self) -> dict[str, Any]:
        totals = self.totals
        return {
            "format": self.format,
            "dry_run": self.dry_run,
            "refused": self.refused,
            "branch": self.branch,
            "files": {name: count.as_json() for name, count in self.files.items()},
            "rejected": [remark.as_json() for remark in self.rejected],
            "left_out": [remark.as_json() for remark in self.left_out],
            "unknown_columns": self.unknown_columns,
            "ignored_files": self.ignored_files,
            "added": self.added,
            "journeys_off": self.journeys_off,
            "clients": totals.clients,
            "services": totals.services,
            "products": totals.products,
            "masters": totals.masters,
            "appointments": totals.appointments,
            "visits": totals.visits,
            "sales_total": f"{totals.sales_total:.{digits(self.currency)}f}",
        }
