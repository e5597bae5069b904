"""The owner's handbook: what clients need, value and doubt, and what to answer (practices.md, P4)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.booking.models import Appointment
from crm.care.models.spoken import Answered, Named, said
from crm.team.models import User


class HandbookEntry(Named, Answered):
    """What she says, in its heading, and the answer prepared for it. The whole salon's."""

    class Kind(models.TextChoices):
        NEED = "need", _("need")
        VALUE = "value", _("value")
        OBJECTION = "objection", _("objection")

    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.OBJECTION)
    also = models.CharField(
        _("also found by"), max_length=200, blank=True, help_text=_("Other words for it, in any language.")
    )
    is_active = models.BooleanField(_("shown"), default=True)

    class Meta:
        verbose_name = _("entry of the handbook")
        verbose_name_plural = _("handbook")
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(text_en="", text_ru="", text_bs="", text_ar=""),
                name="handbook_entry_has_words",
                violation_error_message=_("Write in one language at least what she says."),
            )
        ]

    @property
    def answer(self) -> str:
        """In the language of who reads."""
        return said(self, "answer")


class HandbookUse(models.Model):
    """An answer was given, and whether it worked. No client is named: it is the answer that is tried."""

    entry = models.ForeignKey(
        HandbookEntry, models.CASCADE, verbose_name=_("entry of the handbook"), related_name="uses"
    )
    appointment = models.ForeignKey(
        Appointment, models.SET_NULL, null=True, blank=True, verbose_name=_("visit"), related_name="+"
    )
    worked = models.BooleanField(_("it worked"))
    user = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, verbose_name=_("by"), related_name="+")
    at = models.DateTimeField(_("when"))

    class Meta:
        verbose_name = _("use of the handbook")
        verbose_name_plural = _("uses of the handbook")

    def __str__(self) -> str:
        return f"{self.entry_id} {self.worked}"
