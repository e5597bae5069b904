"""Which kinds of messages are switched on, and when each client has to be looked at next."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from crm.people.models import Client
from crm.team.models import User
from reminders.messages.models import Kind


class Journey(models.Model):
    """One kind of message, switched on by the owner after a look at the forecast (rules.md, Catching up)."""

    kind = models.CharField(_("kind"), max_length=20, choices=Kind, unique=True)
    is_on = models.BooleanField(_("on"), default=False)
    # what fell due before is backlog: past its end it is left in peace
    on_since = models.DateTimeField(_("on since"), null=True, blank=True)
    forecast_seen_at = models.DateTimeField(_("forecast seen"), null=True, blank=True)
    # what an import brought has to be seen in a forecast before this is switched on again
    imported_at = models.DateTimeField(_("off since an import"), null=True, blank=True)
    switched_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, verbose_name=_("switched by"), related_name="+"
    )
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("journey")
        verbose_name_plural = _("journeys")

    def __str__(self) -> str:
        return self.get_kind_display()


class Watch(models.Model):
    """When this client has to be looked at next, so that the work grows with those who are due."""

    client = models.OneToOneField(Client, models.CASCADE, primary_key=True, related_name="+")
    look_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["look_at"], name="watch_by_time")]

    def __str__(self) -> str:
        return f"{self.client_id} {self.look_at}"
