"""What a client takes home (practices.md, P8)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.people.models import Client
from crm.team.models import Branch, User


class ResultCard(models.Model):
    """What a client takes home from a visit day: her formula and the master's advice (practices.md, P8).

    Care guide, what to do if, and the next visit are read when it is looked at, so that they are true then.
    """

    client = models.ForeignKey(Client, models.CASCADE, verbose_name=_("client"), related_name="+")
    branch = models.ForeignKey(Branch, models.PROTECT, verbose_name=_("branch"), related_name="+")
    visit_on = models.DateField(_("visit"))
    formula = models.TextField(_("formula"), max_length=1000, blank=True)
    advice = models.TextField(_("advice"), max_length=1000, blank=True)
    written_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, verbose_name=_("written by"), related_name="+"
    )
    written_at = models.DateTimeField(_("written"))

    class Meta:
        verbose_name = _("result card")
        verbose_name_plural = _("result cards")
        constraints = [
            # written again it says the newer words; her link stays the same
            models.UniqueConstraint(fields=["client", "visit_on"], name="result_card_once_a_visit")
        ]

    def __str__(self) -> str:
        return str(self.visit_on)
