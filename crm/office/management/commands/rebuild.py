"""Make what is kept up to date what the facts say, and tell what was wrong."""

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from crm.office.rebuilding import rebuild


class Command(BaseCommand):
    help = "Rebuild visits, pulses, points and the words of search from the facts; prints the differences found as one JSON document."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="only look; exit 1 if there is a difference")

    def handle(self, *args: Any, **options: Any) -> None:
        found = rebuild(now=timezone.now(), only_look=options["check"])
        self.stdout.write(json.dumps(found.as_json(), ensure_ascii=False, indent=1))
        if options["check"] and found.differences:
            sys.exit(1)
