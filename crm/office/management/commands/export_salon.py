"""Write everything in the interchange format (contracts.md)."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from crm.office.exporting import ExportRefused, export_salon


class Command(BaseCommand):
    help = "Write everything in the interchange format; several branches become a folder each."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", metavar="DIR", type=Path)
        parser.add_argument("--json", action="store_true", help="rows by file, as one JSON document")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            written = export_salon(folder=options["folder"])
        except ExportRefused as why:
            raise CommandError(str(why), returncode=1) from why
        if options["json"]:
            self.stdout.write(json.dumps({"files": written}, ensure_ascii=False, indent=1))
            return
        for name, count in written.items():
            self.stdout.write(_("%(file)s: %(count)d rows") % {"file": name, "count": count})
