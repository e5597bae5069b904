"""Points that are promised and not given yet."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from loyalty.points.models.ledger import LedgerEntry, PointsAccount


class PendingGrant(models.Model):
    """Points promised for an appointment; they come when that visit is done (rules.md, Points)."""

    class State(models.TextChoices):
        PENDING = "pending", _("pending")
        GRANTED = "granted", _("granted")
        VANISHED = "vanished", _("vanished")

    account = models.ForeignKey(PointsAccount, models.PROTECT, verbose_name=_("account"), related_name="pending")
    points = models.PositiveIntegerField(_("points"))
    kind = models.CharField(_("kind"), max_length=12, choices=LedgerEntry.Kind)
    # moves to the replacement when the salon cancels
    appointment = models.ForeignKey("crm.Appointment", models.PROTECT, verbose_name=_("appointment"), related_name="+")
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.PENDING)
    # at most once per visit: the client's day on which she rebooked
    key = models.CharField(_("key"), max_length=120, unique=True)
    promised_at = models.DateTimeField(_("promised"))
    settled_at = models.DateTimeField(_("settled"), null=True, blank=True)

    class Meta:
        verbose_name = _("pending points")
        verbose_name_plural = _("pending points")
        indexes = [
            models.Index(fields=["appointment"], name="pending_by_appointment", condition=Q(state="pending")),
        ]

    def __str__(self) -> str:
        return f"{self.points} {self.get_state_display()}"
