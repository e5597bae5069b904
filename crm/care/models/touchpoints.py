"""Where clients meet the salon, what they are to feel there, and what somebody felt who went to look (practices.md, P42)."""

from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.care.models.asking import Feedback
from crm.care.models.spoken import Named
from crm.team.models import User


class Touchpoint(Named):
    """A point of contact, from the advertisement to the care afterwards. The whole salon's."""

    position = models.PositiveSmallIntegerField(_("place in the list"), default=0)
    wanted = models.PositiveSmallIntegerField(
        _("feeling wanted"), default=9, validators=[MaxValueValidator(10)], help_text=_("From 0 to 10.")
    )
    # nobody else counts who reads an advertisement; empty is not known
    passing = models.PositiveIntegerField(
        _("clients a month"), null=True, blank=True, help_text=_("How many pass here in a month, about.")
    )
    is_active = models.BooleanField(_("looked after"), default=True)

    class Meta:
        verbose_name = _("touchpoint")
        verbose_name_plural = _("touchpoints")
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(text_en="", text_ru="", text_bs="", text_ar=""),
                name="touchpoint_has_words",
                violation_error_message=_("Write in one language at least what it is."),
            ),
            models.CheckConstraint(condition=models.Q(wanted__lte=10), name="touchpoint_wanted_to_ten"),
        ]


class TouchpointAudit(models.Model):
    """What a mystery visitor felt at one point on one day. Written once; a slip is left out, and stays to be seen."""

    touchpoint = models.ForeignKey(Touchpoint, models.PROTECT, verbose_name=_("touchpoint"), related_name="audits")
    on = models.DateField(_("on"))
    score = models.PositiveSmallIntegerField(
        _("feeling received"), validators=[MaxValueValidator(10)], help_text=_("From 0 to 10.")
    )
    visitor = models.CharField(_("mystery visitor"), max_length=80, blank=True)
    words = models.TextField(_("in words"), max_length=1000, blank=True)
    added_at = models.DateTimeField(_("written"), editable=False)
    user = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, editable=False, verbose_name=_("by"), related_name="+"
    )
    left_out_at = models.DateTimeField(_("left out"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("audit of a touchpoint")
        verbose_name_plural = _("audits of touchpoints")
        indexes = [models.Index(fields=["on"], name="touchpoint_audit_by_day")]
        constraints = [
            models.CheckConstraint(condition=models.Q(score__lte=10), name="touchpoint_score_to_ten"),
        ]

    def __str__(self) -> str:
        return f"{self.on} {self.score}"


class FeltAt(models.Model):
    """What a client said of her visit belongs to one point: so said somebody of the salon who read it."""

    feedback = models.OneToOneField(
        Feedback, models.CASCADE, primary_key=True, verbose_name=_("feedback"), related_name="felt_at"
    )
    touchpoint = models.ForeignKey(Touchpoint, models.PROTECT, verbose_name=_("touchpoint"), related_name="feedback")
    at = models.DateTimeField(_("said"))
    user = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, verbose_name=_("by"), related_name="+")

    class Meta:
        verbose_name = _("feedback at a touchpoint")
        verbose_name_plural = _("feedback at touchpoints")

    def __str__(self) -> str:
        return f"{self.feedback_id} {self.touchpoint_id}"
