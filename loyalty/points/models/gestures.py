"""Points by hand above a day's limit: asked for by one person, decided by another."""

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from loyalty.points.models.ledger import LedgerEntry, PointsAccount

# how the source of an entry begins that was asked for and granted: "request 7"
ASKED = "request "


class GestureRequest(models.Model):
    """More points by hand than this login may give in a day; an owner other than who asked grants or declines it."""

    class State(models.TextChoices):
        OPEN = "open", _("to decide")
        GRANTED = "granted", _("granted")
        DECLINED = "declined", _("declined")

    account = models.ForeignKey(
        PointsAccount, models.PROTECT, verbose_name=_("account"), related_name="gesture_requests"
    )
    points = models.PositiveIntegerField(_("points"), validators=[MinValueValidator(1)])
    reason = models.CharField(_("reason"), max_length=120)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.OPEN)
    # one form sent twice asks once
    key = models.CharField(_("key"), max_length=120, unique=True)
    asked_by = models.ForeignKey("crm.User", models.PROTECT, verbose_name=_("asked by"), related_name="+")
    asked_at = models.DateTimeField(_("asked"))
    decided_by = models.ForeignKey(
        "crm.User", models.PROTECT, null=True, blank=True, verbose_name=_("decided by"), related_name="+"
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    entry = models.OneToOneField(
        LedgerEntry, models.PROTECT, null=True, blank=True, verbose_name=_("ledger entry"), related_name="+"
    )

    class Meta:
        verbose_name = _("request for points by hand")
        verbose_name_plural = _("requests for points by hand")
        indexes = [models.Index(fields=["asked_at"], name="gesture_open", condition=Q(state="open"))]
        constraints = [
            models.CheckConstraint(
                # two pairs of eyes
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("asked_by")),
                name="gesture_decided_by_another",
            ),
            models.CheckConstraint(
                condition=Q(state="open", decided_by__isnull=True, decided_at__isnull=True)
                | (~Q(state="open") & Q(decided_by__isnull=False, decided_at__isnull=False)),
                name="gesture_decided_wholly",
            ),
            models.CheckConstraint(
                condition=Q(state="granted", entry__isnull=False) | (~Q(state="granted") & Q(entry__isnull=True)),
                name="gesture_granted_has_entry",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.points} {self.get_state_display()}"
