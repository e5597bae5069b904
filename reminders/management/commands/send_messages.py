"""`send_messages [--now INSTANT]` (contracts.md)."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from reminders.journeys.services.dispatch import send_due
from reminders.journeys.services.freed import end_thoughts, offer_freed_times
from reminders.journeys.services.planning import plan_due
from reminders.management.commands.forecast import instant
from reminders.messages.colleagues import tell_of_complaints
from reminders.messages.services import sweep


class Command(BaseCommand):
    help = "One turn of planning and sending, for cron or by hand."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--now", type=instant, metavar="INSTANT", help="only where DEBUG or DEMO is on")

    def handle(self, *args: Any, **options: Any) -> None:
        now = options["now"]
        if now is not None and not (settings.DEBUG or settings.DEMO):
            raise CommandError("--now works only where DEBUG or DEMO is on.", returncode=2)
        now = now or timezone.now()
        sweep(now=now)
        offer_freed_times(now=now)
        planned = plan_due(now=now, limit=10_000_000)
        taken = 0
        while sent := send_due(now=now):
            taken += sent
        end_thoughts(now=now)
        tell_of_complaints(now=now)
        self.stdout.write(f"{planned} planned, {taken} taken up")
