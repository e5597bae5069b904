"""The 2018 export (contracts.md): six files of an old salon program, read as the records of an import."""

from crm.office.importing.salon2018.columns import COLUMNS, kind_of
from crm.office.importing.salon2018.writing import write_salon2018

__all__ = ["COLUMNS", "kind_of", "write_salon2018"]
