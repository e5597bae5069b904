"""Small emergencies: who was helped out, and with what (practices.md, P33)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.booking.models import Appointment
from crm.care.models.spoken import Named
from crm.people.models import Client
from crm.team.models import Branch, User


class HelpKind(Named):
    """Something the salon helps out with: the owner's list."""

    position = models.PositiveSmallIntegerField(_("position"), default=0)
    is_active = models.BooleanField(_("offered"), default=True)

    class Meta:
        verbose_name = _("small help")
        verbose_name_plural = _("small helps")
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(text_en="", text_ru="", text_bs="", text_ar=""),
                name="help_kind_has_words",
                violation_error_message=_("Write in one language at least what it is."),
            )
        ]


class HelpGiven(models.Model):
    """Somebody was helped out: a moment of care. Who it was is told only where she is known."""

    branch = models.ForeignKey(Branch, models.PROTECT, verbose_name=_("branch"), related_name="+")
    kind = models.ForeignKey(HelpKind, models.PROTECT, verbose_name=_("with what"), related_name="given")
    client = models.ForeignKey(
        Client, models.CASCADE, null=True, blank=True, verbose_name=_("client"), related_name="helps"
    )
    appointment = models.ForeignKey(
        Appointment, models.SET_NULL, null=True, blank=True, verbose_name=_("visit"), related_name="+"
    )
    words = models.CharField(_("in a word"), max_length=200, blank=True)
    user = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, verbose_name=_("by"), related_name="+")
    at = models.DateTimeField(_("when"))
    on = models.DateField(_("on"))

    class Meta:
        verbose_name = _("moment of care")
        verbose_name_plural = _("moments of care")
        indexes = [
            models.Index(fields=["client", "on"], name="help_by_client"),
            models.Index(fields=["branch", "at"], name="help_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.kind_id} {self.on}"
