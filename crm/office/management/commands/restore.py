"""`restore FILE` (contracts.md)."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from crm.office.safekeeping import CannotKeep, restore


class Command(BaseCommand):
    help = "Puts a backup back into an empty database; messages wait until `release_messages`."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--force", action="store_true", help="replace the salon that is there")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            restore(file=options["file"], now=timezone.now(), force=options["force"])
        except CannotKeep as error:
            raise CommandError(str(error)) from error
        self.stdout.write("Restored. Messages are on hold; look at the forecast, then run: manage.py release_messages")
