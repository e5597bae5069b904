from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class RemindersConfig(AppConfig):
    name = "reminders"
    verbose_name = _("Messages to clients")

    def ready(self) -> None:
        # the one place where a module may be imported late: models are loaded only now
        import reminders.transports.checks  # noqa: F401, PLC0415
        from reminders.journeys.services.switching import make_rows  # noqa: PLC0415

        post_migrate.connect(make_rows, sender=self, dispatch_uid="reminders.journeys")
