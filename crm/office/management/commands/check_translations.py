"""Counts what a person would see untranslated, in each language."""

import argparse
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError

from crm.office import texts

SHOWN = 12


class Command(BaseCommand):
    help = "Fails with the list of texts that a language lacks; --update writes them into the catalogues."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--update", action="store_true", help="bring the catalogues up to the code first")
        parser.add_argument("--all", action="store_true", help="list every text, not the first few")

    def handle(self, *args: Any, update: bool, **options: Any) -> None:
        wanted = texts.texts(settings.BASE_DIR)
        bad = 0
        # English is the language of the sources
        for language in [code for code, _ in settings.LANGUAGES if code != "en"]:
            path = settings.LOCALE_PATHS[0] / language / "LC_MESSAGES" / "django.po"
            if update:
                added, dropped = texts.update_catalogue(path, language=language, wanted=wanted)
                self.stdout.write(f"{language}: {added} added, {dropped} dropped")
            wrong = texts.wrong_in(path, language=language, wanted=wanted)
            count = sum(len(places) for places in wrong.values())
            self.stdout.write(f"{language}: {len(wanted) - count} of {len(wanted)} texts are complete")
            for kind, places in wrong.items():
                for place in places if options["all"] else places[:SHOWN]:
                    self.stdout.write(f"  {kind}: {place}")
                if not options["all"] and len(places) > SHOWN:
                    self.stdout.write(f"  {kind}: and {len(places) - SHOWN} more (--all lists them)")
            bad += count
        if bad and not update:
            raise CommandError(f"{bad} texts are not translated as they should be.")
