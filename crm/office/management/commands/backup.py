"""`backup FILE` (contracts.md)."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from crm.office.safekeeping import CannotKeep, backup


class Command(BaseCommand):
    help = "Writes a consistent copy of database and files to FILE (.tar.gz), while everything is running."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            backup(file=options["file"], now=timezone.now())
        except CannotKeep as error:
            raise CommandError(str(error)) from error
        size = options["file"].stat().st_size // 1024
        self.stdout.write(f"{options['file']}: {size} kB")
