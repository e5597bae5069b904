"""The made-up salon of `make run`."""

import argparse
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError
from django.utils import timezone

from crm.office.demo.salon import NotEmpty, prepare
from crm.office.demo.team import PASSWORD
from crm.team.selectors import zone

LOGINS = [
    ("owner", "sees everything, and the office at /admin/"),
    ("receptionist", "the whole day of the branch"),
    ("master", "Amina's own day; also lejla, dina, sanja, mia, vera"),
    ("outsider", "of the other branch: sees none of this branch's appointments, receipts, complaints and health notes"),
]


class Command(BaseCommand):
    help = "Makes a made-up salon in an empty database; later starts add the days that have come."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--now", type=instant, help="play it at this instant (RFC 3339)")
        parser.add_argument("--time-zone", default="", help="zone of the salon; else one in which it is day")

    def handle(self, *args: Any, now: datetime | None, time_zone: str, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("The demo is made only where DEMO=1 is set: its passwords are known to everybody.")
        now = now or timezone.now()
        try:
            prepared = prepare(now=now, time_zone=time_zone)
        except NotEmpty:
            self.stdout.write("This database holds a salon of its own; no demo is added.")
            return
        there = now.astimezone(zone(prepared.branch))
        self.stdout.write(
            f"\n{prepared.branch.name}: its clock shows {there:%H:%M} ({prepared.branch.time_zone}).\n"
            f"Log in with the password {PASSWORD} as"
        )
        for name, words in LOGINS:
            self.stdout.write(f"  {name:<13} {words}")
        self.stdout.write(
            f"\nToday      {settings.PUBLIC_URL}/\n"
            f"Office     {settings.PUBLIC_URL}/admin/\n"
            f"Mailbox    {settings.PUBLIC_URL}/mailbox/   (mail and SMS of the demo; nothing leaves this machine)\n"
        )


def instant(text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is no instant like 2026-06-10T09:00:00+02:00") from error
    if at.tzinfo is None:
        raise argparse.ArgumentTypeError(f"{text!r} has no offset")
    return at
