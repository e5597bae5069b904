"""Cells of CSV files that a spreadsheet will not run.

A text that begins like a formula is written with an apostrophe before it, as spreadsheets
themselves do; reading takes the apostrophe away again. Numbers and phone numbers stay as they are.
"""

import re

FORMULA = re.compile(r"'*[=+\-@]")
HARMLESS = re.compile(r"[+-][\d ()./-]*")
GUARDED = re.compile(r"'+[=+\-@]")


def guarded(text: str) -> str:
    """The text as a cell that no spreadsheet takes for a formula."""
    if FORMULA.match(text) and not HARMLESS.fullmatch(text):
        return f"'{text}"
    return text


def unguarded(cell: str) -> str:
    """The text of a cell that may have been guarded."""
    return cell[1:] if cell[:1] == "'" and GUARDED.match(cell) else cell
