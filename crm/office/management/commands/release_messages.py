"""`release_messages`: sending goes on after a restore."""

from typing import Any

from django.core.management.base import BaseCommand

from reminders.consent.services import release_sending


class Command(BaseCommand):
    help = "Lets messages go on after a restore. What is past its last moment is dropped, not sent."

    def handle(self, *args: Any, **options: Any) -> None:
        release_sending()
        self.stdout.write("Messages go out again.")
