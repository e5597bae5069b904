"""Import a folder of CSV files (contracts.md)."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.office.importing import BranchNotChosen, ImportRefused, Outcome, import_folder
from crm.office.importing.values import is_zone
from crm.team.models import validate_currency
from reminders.messages.models import Kind


class Command(BaseCommand):
    help = "Import a folder of CSV files: the interchange format, or the export of 2018."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", metavar="DIR", type=Path)
        parser.add_argument("--branch", metavar="NAME", default="", help="the branch it goes to; made if there is none")
        parser.add_argument("--time-zone", metavar="ZONE", default="", help="of a new branch, like Europe/Sarajevo")
        parser.add_argument("--currency", metavar="CODE", default="", help="of a new branch, like EUR")
        parser.add_argument("--strict", action="store_true", help="any rejected row refuses all")
        parser.add_argument("--dry-run", action="store_true", help="say what would come of it, write nothing")
        parser.add_argument("--json", action="store_true", help="one JSON document on standard output")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["time_zone"] and not is_zone(options["time_zone"]):
            raise CommandError(
                _("“%(value)s” is no time zone. Write it like Europe/Sarajevo.") % {"value": options["time_zone"]},
                returncode=2,
            )
        if options["currency"] and not validate_currency.regex.fullmatch(options["currency"]):
            raise CommandError(_("A currency is three capital letters, like EUR."), returncode=2)
        try:
            outcome = import_folder(
                folder=options["folder"],
                now=timezone.now(),
                branch_name=options["branch"],
                time_zone=options["time_zone"],
                currency=options["currency"],
                strict=options["strict"],
                dry_run=options["dry_run"],
            )
        except BranchNotChosen as why:
            words = _("There are several branches: say into which one, with --branch.")
            raise CommandError(words, returncode=1) from why
        except ImportRefused as why:
            raise CommandError(str(why), returncode=1) from why
        if options["json"]:
            self.stdout.write(json.dumps(outcome.as_json(), ensure_ascii=False, indent=1))
        else:
            self._tell(outcome)
        if outcome.added:
            self._tell_of_journeys(outcome)
        if outcome.refused:
            raise CommandError(
                _("Nothing was written: %(count)d rows were rejected, and --strict allows none.")
                % {"count": len(outcome.rejected)},
                returncode=1,
            )

    def _tell(self, outcome: Outcome) -> None:
        write = self.stdout.write
        for name, count in outcome.files.items():
            write(
                _("%(file)s: %(read)d read, %(imported)d imported, %(unchanged)d unchanged, %(rejected)d rejected")
                % {"file": name, **count.as_json()}
            )
        for name, columns in outcome.unknown_columns.items():
            write(_("%(file)s: not known and kept out: %(columns)s") % {"file": name, "columns": ", ".join(columns)})
        for remark in (*outcome.rejected, *outcome.left_out):
            write(f"  {remark.file}:{remark.line}: {remark.reason}")
        totals = outcome.as_json()
        write(
            _(
                "%(branch)s: %(clients)d clients, %(services)d services, %(products)d products, %(masters)d masters, "
                "%(appointments)d appointments, %(visits)d visits, sales of %(sales_total)s"
            )
            % totals
        )
        if outcome.dry_run:
            write(_("This was a dry run: nothing was written."))

    def _tell_of_journeys(self, outcome: Outcome) -> None:
        """What the import means for messages: beside the document, so that a script's owner reads it too."""
        if outcome.journeys_off:
            kinds = ", ".join(str(Kind(kind).label) for kind in outcome.journeys_off)
            words = (
                _("Taking this in switches off: %(kinds)s.") if outcome.dry_run else _("Switched off: %(kinds)s.")
            ) % {"kinds": kinds}
            self.stderr.write(words)
        self.stderr.write(
            _("Every journey of care and offers stays off until you have seen the forecast and switched it on.")
        )
