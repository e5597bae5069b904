from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class LoyaltyConfig(AppConfig):
    name = "loyalty"
    verbose_name = _("Loyalty")

    def ready(self) -> None:
        # the one place where a module may be imported late: models are loaded only now
        from loyalty.points.append_only import install_triggers  # noqa: PLC0415

        post_migrate.connect(install_triggers, sender=self, dispatch_uid="loyalty.append_only")
