from typing import Any

from django.apps import AppConfig, apps
from django.core.management import call_command
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


def make_cache_table(using: str, **_kwargs: Any) -> None:
    """`migrate` alone makes a database ready: the limits of logins keep their counts in a table of their own."""
    call_command("createcachetable", database=using, verbosity=0)


class OfficeConfig(AppConfig):
    name = "crm.office"
    label = "office"
    verbose_name = _("Office")

    def ready(self) -> None:
        # the office has no models of its own, so it hears of a migration through the records
        post_migrate.connect(make_cache_table, sender=apps.get_app_config("crm"))
