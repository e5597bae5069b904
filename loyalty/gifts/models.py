"""Gifts on leaving and surprises: the stock, the pot that pays for it, and what was given to whom (practices.md, P10 and P11)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from crm.team.fields import MoneyField


class Gift(models.Model):
    """What may be given: a thing from the stock, paid by the pot, or an extra of the visit, paid by the month's budget."""

    class Kind(models.TextChoices):
        GIFT = "gift", _("gift on leaving")
        EXTRA = "extra", _("extra of the visit")

    branch = models.ForeignKey("crm.Branch", models.PROTECT, verbose_name=_("branch"), related_name="+")
    kind = models.CharField(_("kind"), max_length=8, choices=Kind, default=Kind.GIFT)
    name = models.CharField(_("name"), max_length=120, help_text=_("“Hand cream, 30 ml”, “Brow tint on top”."))
    cost = MoneyField(_("what it costs us"))
    stock = models.PositiveIntegerField(
        _("in stock"), null=True, blank=True, help_text=_("Of a gift. An extra is not counted.")
    )
    is_active = models.BooleanField(_("given"), default=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("gift")
        verbose_name_plural = _("gifts and extras")
        constraints = [
            models.UniqueConstraint(fields=["branch", "name"], name="gift_name_once_in_branch"),
            # a gift without a cost would never be weighed against the pot
            models.CheckConstraint(condition=Q(cost__gt=0), name="gift_has_a_cost"),
            models.CheckConstraint(
                # what leaves the shelf is counted; an extra has none
                condition=Q(kind="gift", stock__isnull=False) | Q(kind="extra", stock__isnull=True),
                name="gift_counted_extra_not",
                violation_error_message=_("A gift is counted: write how many there are. An extra has no stock."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class GiftPot(models.Model):
    """What a branch has gathered for gifts; the sum of its entries. Whoever gives locks this row first.

    It may fall below zero where a receipt is returned after its gift has gone: then it fills up again.
    """

    branch = models.OneToOneField(
        "crm.Branch", models.PROTECT, primary_key=True, verbose_name=_("branch"), related_name="+"
    )
    balance = MoneyField(_("in the pot"), default=0)

    class Meta:
        verbose_name = _("gift pot")
        verbose_name_plural = _("gift pots")

    def __str__(self) -> str:
        return str(self.balance)


class PotEntry(models.Model):
    """Money that came into a pot or left it. Append-only; to the thousandth, so that small receipts count too."""

    class Kind(models.TextChoices):
        FED = "fed", _("share of a receipt")
        GIVEN = "given", _("gift given")
        RETURNED = "returned", _("gift taken back")

    branch = models.ForeignKey("crm.Branch", models.PROTECT, verbose_name=_("branch"), related_name="+")
    kind = models.CharField(_("what"), max_length=8, choices=Kind)
    amount = MoneyField(_("amount"))
    # the fact, once: "fed sale 7", "given 3", "returned 3"
    key = models.CharField(_("key"), max_length=60, unique=True)
    sale = models.ForeignKey(
        "crm.Sale", models.PROTECT, null=True, blank=True, verbose_name=_("receipt"), related_name="+"
    )
    at = models.DateTimeField(_("when"))
    on = models.DateField(_("day"))

    class Meta:
        verbose_name = _("entry of a gift pot")
        verbose_name_plural = _("entries of gift pots")
        indexes = [models.Index(fields=["branch", "on"], name="pot_entry_by_day")]
        constraints = [
            models.CheckConstraint(
                # a share follows its receipt's sign; a gift costs, and brings back what it cost
                condition=Q(kind="fed") | Q(kind="given", amount__lt=0) | Q(kind="returned", amount__gt=0),
                name="pot_entry_signed",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.amount}"


class GiftGiven(models.Model):
    """A gift or an extra was given: to whom, by whom, at which visit, and what it cost then."""

    gift = models.ForeignKey(Gift, models.PROTECT, verbose_name=_("gift"), related_name="given")
    kind = models.CharField(_("kind"), max_length=8, choices=Gift.Kind)
    client = models.ForeignKey("crm.Client", models.PROTECT, verbose_name=_("client"), related_name="+")
    branch = models.ForeignKey("crm.Branch", models.PROTECT, verbose_name=_("branch"), related_name="+")
    cost = MoneyField(_("cost"))
    sale = models.ForeignKey(
        "crm.Sale", models.PROTECT, null=True, blank=True, verbose_name=_("receipt"), related_name="+"
    )
    appointment = models.ForeignKey(
        "crm.Appointment", models.PROTECT, null=True, blank=True, verbose_name=_("visit"), related_name="+"
    )
    user = models.ForeignKey("crm.User", models.PROTECT, null=True, blank=True, verbose_name=_("by"), related_name="+")
    given_at = models.DateTimeField(_("when"))
    on = models.DateField(_("day"))
    taken_back_at = models.DateTimeField(_("taken back"), null=True, blank=True)

    class Meta:
        verbose_name = _("gift given")
        verbose_name_plural = _("gifts given")
        indexes = [
            models.Index(fields=["client", "given_at"], name="gift_given_by_client"),
            models.Index(fields=["branch", "on"], name="gift_given_by_day"),
        ]
        constraints = [
            models.UniqueConstraint(
                # one gift goes with one receipt
                fields=["sale"],
                condition=Q(sale__isnull=False, kind="gift", taken_back_at__isnull=True),
                name="gift_one_a_sale",
            ),
            models.UniqueConstraint(
                # tapped twice is given once
                fields=["appointment", "gift"],
                condition=Q(appointment__isnull=False, kind="extra", taken_back_at__isnull=True),
                name="extra_once_a_visit",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.gift_id} {self.on}"
