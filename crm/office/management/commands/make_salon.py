"""Fill an empty database with a made-up salon (contracts.md)."""

import json
from dataclasses import asdict
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.office.made_up import NotEmpty, make_salon


class Command(BaseCommand):
    help = "Fill an empty database with a made-up salon; the same seed makes the same salon."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--clients", metavar="N", type=int, required=True)
        parser.add_argument("--years", metavar="Y", type=int, default=2, help="of history")
        parser.add_argument("--seed", metavar="S", type=int, default=1)
        parser.add_argument(
            "--today", metavar="DATE", type=date.fromisoformat, help="where the history ends; else today"
        )
        parser.add_argument("--json", action="store_true", help="one JSON document on standard output")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["clients"] < 1 or not 1 <= options["years"] <= 30:
            raise CommandError(_("A salon has clients, and between 1 and 30 years of history."), returncode=2)
        now = timezone.now()
        try:
            made = make_salon(
                clients=options["clients"],
                years=options["years"],
                seed=options["seed"],
                today=options["today"] or now.date(),
                now=now,
            )
        except NotEmpty:
            raise CommandError(
                _("This database holds a salon already; a made-up one needs an empty one."), returncode=1
            )
        document = {**asdict(made), "sales_total": f"{made.sales_total:.2f}"}
        if options["json"]:
            self.stdout.write(json.dumps(document, indent=1))
        else:
            for name, value in document.items():
                self.stdout.write(f"{name}: {value}")
