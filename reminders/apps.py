from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RemindersConfig(AppConfig):
    name = "reminders"
    verbose_name = _("Messages to clients")

    def ready(self) -> None:
        import reminders.transports.checks  # noqa: F401, PLC0415
