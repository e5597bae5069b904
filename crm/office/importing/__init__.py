"""Taking a salon in from files: `import_folder` (contracts.md, import_salon)."""

from crm.office.importing.folder import import_folder
from crm.office.importing.outcome import Outcome
from crm.office.importing.reading import BranchNotChosen, ImportRefused

__all__ = ["BranchNotChosen", "ImportRefused", "Outcome", "import_folder"]
