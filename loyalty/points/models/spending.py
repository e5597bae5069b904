"""What clients paid and the cashback they got for it, counted at each rate."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.team.fields import MoneyField
from loyalty.points.models.earning import EarningRule
from loyalty.points.models.ledger import PointsAccount


class SpendingCount(models.Model):
    """What a client paid in money at one rate, and the points she got for it: floor(paid x rate / 100).

    Counting the total, not each sale, is why no remainder is lost. The rate is the owner's times the factor of
    an earning rule; each has a count of its own, and when the owner's changes all of them start anew.
    """

    account = models.ForeignKey(PointsAccount, models.PROTECT, related_name="spending_counts")
    base_rate = models.DecimalField(_("points per 100, without a rule"), max_digits=6, decimal_places=2)
    rate = models.DecimalField(_("points per 100"), max_digits=8, decimal_places=4)
    paid = MoneyField(_("paid"), default=0)
    points = models.PositiveIntegerField(_("points"), default=0)
    started_at = models.DateTimeField(_("since"))
    # of a card that became a part of hers: counted on here, with what was paid and given for it by then
    carried_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, editable=False, verbose_name=_("counted on in"), related_name="+"
    )
    carried_paid = MoneyField(_("of it, from her other card"), default=0, editable=False)
    carried_points = models.PositiveIntegerField(_("points for that"), default=0, editable=False)
    is_current = models.BooleanField(_("counts now"), default=True)

    class Meta:
        verbose_name = _("count of spending")
        verbose_name_plural = _("counts of spending")
        constraints = [
            models.UniqueConstraint(
                # two counts at one rate would each keep a remainder
                fields=["account", "rate"],
                condition=Q(is_current=True),
                name="spending_count_current_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.paid} @ {self.rate}"


class SpendingShare(models.Model):
    """What one sale or refund added to a count, in money and in points. Append-only."""

    count = models.ForeignKey(SpendingCount, models.PROTECT, related_name="shares")
    sale = models.ForeignKey("crm.Sale", models.PROTECT, verbose_name=_("sale"), related_name="+")
    paid = MoneyField(_("paid"))
    points = models.IntegerField(_("points"))
    # of the points to be taken back, those that had expired anyway
    forgiven = models.PositiveIntegerField(_("already expired"), default=0)
    # positions of the lines that earned at this rate, "0;2"; empty: all of the receipt
    lines = models.TextField(_("lines"), blank=True)
    # what made the rate another one than the owner's usual
    rule = models.ForeignKey(
        EarningRule, models.PROTECT, null=True, blank=True, verbose_name=_("earning rule"), related_name="+"
    )

    class Meta:
        verbose_name = _("share of spending")
        verbose_name_plural = _("shares of spending")
        constraints = [
            # a sale told twice earns once
            models.UniqueConstraint(fields=["count", "sale"], name="spending_share_once"),
        ]

    def __str__(self) -> str:
        return f"{self.paid}: {self.points:+d}"
