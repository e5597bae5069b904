"""Measure the speed of the product beside floors (contracts.md, bench; docs/performance.md)."""

import argparse
import json
import sys
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.office.benching.run import MEASURES, run
from crm.office.benching.scratch import NoScratch
from crm.office.benching.sender import send_when_told


class Command(BaseCommand):
    help = "Measure the product beside floors, in a scratch database of its own; the salon's is not touched."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--clients", metavar="N", type=int, default=10_000, help="size of the made-up salon")
        parser.add_argument("--only", metavar="WHAT", choices=list(MEASURES), default="", help=", ".join(MEASURES))
        parser.add_argument("--json", action="store_true", help="one JSON document on standard output")
        # a sending process of the bench itself
        parser.add_argument("--sender", metavar="NOW", type=datetime.fromisoformat, help=argparse.SUPPRESS)

    def handle(self, *args: Any, **options: Any) -> None:
        if options["sender"]:
            send_when_told(sys.stdin, sys.stdout, now=options["sender"])
            return
        if options["clients"] < 1:
            raise CommandError(_("A salon has clients."), returncode=2)
        try:
            document = run(clients=options["clients"], now=timezone.now(), tell=self._tell, only=options["only"])
        except NoScratch as error:
            raise CommandError(_("No scratch database can be made: %(why)s") % {"why": error}, returncode=1)
        if options["json"]:
            self.stdout.write(json.dumps(document, ensure_ascii=False, indent=1))
            return
        for figure in document["figures"]:
            self.stdout.write(as_line(figure))

    def _tell(self, words: str) -> None:
        self.stderr.write(f"bench: {words}")


def as_line(figure: dict[str, Any]) -> str:
    """One figure: what it is, what it came to, what it has to reach."""
    verdict = {True: "met", False: "NOT MET", None: ""}[figure["met"]]
    ratio = "-" if figure["ratio"] is None else f"{figure['ratio']:.2f}"
    times = "".join(f"  {side} {figure[side]['median_ms']:.1f} ms" for side in ("product", "floor") if figure[side])
    return f"{figure['id']:28} {ratio:>8} {figure['needed'] or '':8} {verdict:8}{times}  {figure['what']} {figure['note']}".rstrip()
