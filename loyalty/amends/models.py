"""What was given to make up for a complaint, and what it cost (practices.md, P31)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.care.models import ComplaintOption
from crm.team.fields import MoneyField
from loyalty.gifts.models import GiftGiven
from loyalty.points.models import LedgerEntry
from loyalty.vouchers.models import Voucher


class Compensation(models.Model):
    """A chosen solution was given: one fact for one solution, with what it gave. Its cost is in the branch's currency."""

    option = models.OneToOneField(ComplaintOption, models.PROTECT, verbose_name=_("solution"), related_name="+")
    branch = models.ForeignKey("crm.Branch", models.PROTECT, verbose_name=_("branch"), related_name="+")
    client = models.ForeignKey("crm.Client", models.PROTECT, verbose_name=_("client"), related_name="+")
    kind = models.CharField(_("kind"), max_length=8, choices=ComplaintOption.Kind)
    cost = MoneyField(_("cost"), default=0)
    given_at = models.DateTimeField(_("given"))
    given_on = models.DateField(_("given on"))
    # nobody: by her own choice, on her page
    user = models.ForeignKey("crm.User", models.PROTECT, null=True, blank=True, verbose_name=_("by"), related_name="+")
    voucher = models.OneToOneField(
        Voucher, models.PROTECT, null=True, blank=True, verbose_name=_("voucher"), related_name="+"
    )
    entry = models.OneToOneField(
        LedgerEntry, models.PROTECT, null=True, blank=True, verbose_name=_("points"), related_name="+"
    )
    refund = models.OneToOneField(
        "crm.Sale", models.PROTECT, null=True, blank=True, verbose_name=_("refund"), related_name="+"
    )
    gift = models.OneToOneField(
        GiftGiven, models.PROTECT, null=True, blank=True, verbose_name=_("gift"), related_name="+"
    )

    class Meta:
        verbose_name = _("compensation")
        verbose_name_plural = _("compensations")
        indexes = [
            models.Index(fields=["branch", "given_on"], name="compensation_by_day"),
            models.Index(fields=["client", "given_at"], name="compensation_by_client"),
        ]
        constraints = [models.CheckConstraint(condition=Q(cost__gte=0), name="compensation_cost_not_negative")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.given_on}"
