"""`forecast --from INSTANT --to INSTANT [--json]` (contracts.md)."""

import json
from argparse import ArgumentParser, ArgumentTypeError
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from reminders.journeys.selectors.forecast import forecast


def instant(text: str) -> datetime:
    """An RFC 3339 instant with its offset; ArgumentTypeError, whose words argparse shows, for anything else."""
    try:
        value = datetime.fromisoformat(text)
    except ValueError as error:
        raise ArgumentTypeError(f"{text!r} is no instant like 2026-03-09T00:00:00+01:00") from error
    if value.tzinfo is None:
        raise ArgumentTypeError("an instant needs its offset, like 2026-03-09T00:00:00+01:00")
    return value


class Command(BaseCommand):
    help = "Lists what would be sent in a window if nobody did anything more. Writes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--from", dest="start", type=instant, required=True, metavar="INSTANT")
        parser.add_argument("--to", dest="end", type=instant, required=True, metavar="INSTANT")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["end"] <= options["start"]:
            raise CommandError("--to comes after --from.", returncode=2)
        entries = forecast(start=options["start"], end=options["end"])
        if options["json"]:
            self.stdout.write(json.dumps([entry.as_json() for entry in entries], ensure_ascii=False, indent=1))
            return
        for entry in entries:
            self.stdout.write(
                f"{entry.send_at:%Y-%m-%d %H:%M} {entry.code:<12} {entry.kind:<20} {entry.channel:<6} {entry.reason}"
            )
