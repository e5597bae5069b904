"""CSV files as rows: what cannot be read refuses the folder, what cannot be used refuses a row."""

import csv
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TypeVar

from django.utils.translation import gettext as _

from crm.office.cells import unguarded

# a cell may hold a long note, not the rest of a file whose quote was never closed
LONGEST_CELL = 100_000
CHUNK = 5_000

T = TypeVar("T")


class ImportRefused(Exception):
    """Nothing of the folder can be taken; the message says why and what to do."""


class BranchNotChosen(ImportRefused):
    """The salon has several branches and nobody says which one is meant."""


class RowRefused(Exception):
    """This row cannot be used; the message says why."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a file: its cells by column, stripped; the line is the one on which it begins."""

    line: int
    cells: dict[str, str]

    def get(self, column: str) -> str:
        """The cell, empty where the file has no such column."""
        return self.cells.get(column, "")


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that is no row: cut off, or with a quote that does not end."""

    line: int
    reason: str


# hears the name of a file and how many of its rows have been read; no name: all are, and it is worked out what follows
Progress = Callable[[str, int], None]


class Table:
    """One CSV file: its header is read at once, its rows while they are asked for."""

    def __init__(self, path: Path, *, required: Sequence[str], optional: Sequence[str]) -> None:
        self.path = path
        self.progress: Progress = lambda _name, _rows: None
        self.name = path.name
        wanted = {column.casefold(): column for column in (*required, *optional)}
        header = self._header()
        self.columns = [wanted.get(cell.casefold()) for cell in header]
        self.unknown = [cell for cell, column in zip(header, self.columns, strict=True) if column is None]
        missing = [column for column in required if column not in self.columns]
        if missing:
            raise ImportRefused(
                _("%(file)s lacks the column %(columns)s.") % {"file": self.name, "columns": ", ".join(missing)}
            )
        known = [column for column in self.columns if column]
        twice = sorted({column for column in known if known.count(column) > 1})
        if twice:
            raise ImportRefused(
                _("%(file)s has the column %(columns)s twice.") % {"file": self.name, "columns": ", ".join(twice)}
            )

    def _header(self) -> list[str]:
        for item in self._raw():
            if isinstance(item, BadRow):
                break
            return [cell.strip() for cell in item[1]]
        raise ImportRefused(
            _("%(file)s is empty: it needs a first line with the names of its columns.") % {"file": self.name}
        )

    def rows(self) -> Iterator[Row | BadRow]:
        """Every row but the header; blank lines are none."""
        raw = self._raw()
        next(raw)
        columns = self.columns
        self.progress(self.name, 0)
        for number, item in enumerate(raw, start=1):
            if number % CHUNK == 0:
                self.progress(self.name, number)
            if isinstance(item, BadRow):
                yield item
                continue
            line, cells = item
            if len(cells) != len(columns):
                yield BadRow(
                    line,
                    _(
                        "The line has %(found)d cells, the header has %(wanted)d: it is cut off, or has a comma too many."
                    )
                    % {"found": len(cells), "wanted": len(columns)},
                )
                continue
            row = Row(
                line, {column: unguarded(cell.strip()) for column, cell in zip(columns, cells, strict=True) if column}
            )
            if any("\x00" in cell for cell in row.cells.values()):
                yield BadRow(line, _("The line holds a character that is none (NUL)."))
                continue
            yield row

    def _raw(self) -> Iterator[tuple[int, list[str]] | BadRow]:
        csv.field_size_limit(LONGEST_CELL)
        try:
            with self.path.open(encoding="utf-8-sig", newline="") as stream:
                reader = csv.reader(stream, strict=True)
                while True:
                    line = reader.line_num + 1
                    try:
                        cells = next(reader)
                    except StopIteration:
                        return
                    except csv.Error:
                        yield BadRow(line, _broken(line, reader.line_num))
                        continue
                    if cells:
                        yield line, cells
        except UnicodeDecodeError as error:
            raise ImportRefused(
                _("%(file)s is not in UTF-8 (line %(line)d). Save it again as “CSV UTF-8”.")
                % {"file": self.name, "line": self._undecodable_line()}
            ) from error
        except OSError as error:
            raise ImportRefused(
                _("%(file)s cannot be read: %(why)s.") % {"file": self.name, "why": error.strerror or error}
            ) from error

    def _undecodable_line(self) -> int:
        with self.path.open("rb") as stream:
            for number, raw in enumerate(stream, start=1):
                try:
                    raw.decode("utf-8")
                except UnicodeDecodeError:
                    return number
        return 1


def _broken(first: int, last: int) -> str:
    if last > first:
        return _("A quotation mark is not closed: lines %(first)d to %(last)d cannot be told apart.") % {
            "first": first,
            "last": last,
        }
    return _("The line is cut off, or has a quotation mark that is not closed.")


def chunked(rows: Iterable[T], size: int = CHUNK) -> Iterator[list[T]]:
    """The rows in lists of at most `size`: memory stays flat however long the file is."""
    iterator = iter(rows)
    while chunk := list(islice(iterator, size)):
        yield chunk
