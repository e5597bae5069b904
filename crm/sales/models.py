"""Sales, their lines and payments, refunds, and the close of a day."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.booking.models import Appointment
from crm.catalogue.models import Product, Service
from crm.people.models import Client
from crm.team.fields import MoneyField
from crm.team.models import Branch, Master, User


class Sale(models.Model):
    """A completed receipt; never edited. A refund is a sale of its own that names the old one."""

    branch = models.ForeignKey(Branch, models.PROTECT, verbose_name=_("branch"), related_name="sales")
    code = models.CharField(_("receipt"), max_length=64)
    # nobody: an anonymous sale has no history
    client = models.ForeignKey(
        Client, models.PROTECT, null=True, blank=True, verbose_name=_("client"), related_name="sales"
    )
    on = models.DateField(_("day"))
    sold_at = models.DateTimeField(_("sold at"), null=True, blank=True)
    appointment = models.ForeignKey(
        Appointment, models.PROTECT, null=True, blank=True, verbose_name=_("appointment"), related_name="sales"
    )
    refund_of = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, verbose_name=_("refund of"), related_name="refunds"
    )
    # what the client owes for the lines after discounts, without tax; and the tax
    total = MoneyField(_("total"), default=0)
    tax = MoneyField(_("tax"), default=0)
    # of the total, what was paid in money (not in points)
    paid = MoneyField(_("paid"), default=0)
    completed_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, verbose_name=_("completed by"), related_name="+"
    )
    # one form sent twice completes one sale
    key = models.CharField(max_length=64, unique=True, null=True, blank=True, editable=False)
    is_imported = models.BooleanField(_("imported"), default=False, editable=False)

    class Meta:
        verbose_name = _("sale")
        verbose_name_plural = _("sales")
        indexes = [
            models.Index(fields=["client", "on"], name="sale_by_client_day"),
            models.Index(fields=["branch", "on"], name="sale_by_branch_day"),
        ]
        constraints = [
            # an old system may write two clients or two days on one receipt
            models.UniqueConstraint(
                fields=["branch", "code", "client", "on"],
                condition=models.Q(client__isnull=False),
                name="sale_receipt_once",
            ),
            models.UniqueConstraint(
                fields=["branch", "code", "on"],
                condition=models.Q(client__isnull=True),
                name="sale_anonymous_receipt_once",
            ),
        ]

    def __str__(self) -> str:
        return self.code


class SaleLine(models.Model):
    """One service or product of a receipt. `amount` is what was paid for it without tax; negative for a return."""

    sale = models.ForeignKey(Sale, models.CASCADE, related_name="lines")
    position = models.PositiveSmallIntegerField(_("position"))
    service = models.ForeignKey(
        Service, models.PROTECT, null=True, blank=True, verbose_name=_("service"), related_name="+"
    )
    product = models.ForeignKey(
        Product, models.PROTECT, null=True, blank=True, verbose_name=_("product"), related_name="+"
    )
    master = models.ForeignKey(
        Master, models.PROTECT, null=True, blank=True, verbose_name=_("master"), related_name="+"
    )
    quantity = models.DecimalField(_("quantity"), max_digits=10, decimal_places=3, default=1)
    full_amount = MoneyField(_("before discount"))
    # somebody asked less than is usual: what it would have been, and why; who did is who completed the sale
    usual_amount = MoneyField(_("usually"), null=True, blank=True)
    lowered_why = models.CharField(_("lowered by hand because"), max_length=120, blank=True)
    # a sale knows no voucher and no card: only what kind of discount it was and what it was called
    discount_kind = models.CharField(_("kind of discount"), max_length=16, blank=True)
    discount_label = models.CharField(_("discount"), max_length=120, blank=True)
    discount_amount = MoneyField(_("taken off"), default=0)
    amount = MoneyField(_("amount"))
    tax = MoneyField(_("tax"), default=0)
    returns_line = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, verbose_name=_("returns"), related_name="+"
    )

    class Meta:
        verbose_name = _("line of a sale")
        verbose_name_plural = _("lines of a sale")
        constraints = [
            models.UniqueConstraint(fields=["sale", "position"], name="sale_line_position_once"),
            models.CheckConstraint(
                condition=models.Q(service__isnull=True) ^ models.Q(product__isnull=True),
                name="sale_line_service_or_product",
            ),
            models.CheckConstraint(
                # the line adds up, to the smallest unit
                condition=models.Q(amount=models.F("full_amount") - models.F("discount_amount")),
                name="sale_line_adds_up",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sale_id}/{self.position}"


class Payment(models.Model):
    """How a sale was paid, several ways at once if need be. Points are a way of payment, a gift certificate another.

    A certificate is money that was paid before: what it pays is revenue now, and was none when it was sold.
    """

    class Method(models.TextChoices):
        CASH = "cash", _("cash")
        CARD = "card", _("card")
        TRANSFER = "transfer", _("transfer")
        POINTS = "points", _("points")
        CERTIFICATE = "certificate", _("gift certificate")

    sale = models.ForeignKey(Sale, models.CASCADE, related_name="payments")
    method = models.CharField(_("method"), max_length=12, choices=Method)
    amount = MoneyField(_("amount"))
    points = models.PositiveIntegerField(_("points"), null=True, blank=True)

    class Meta:
        verbose_name = _("payment")
        verbose_name_plural = _("payments")
        constraints = [
            models.UniqueConstraint(fields=["sale", "method"], name="payment_method_once"),
        ]

    def __str__(self) -> str:
        return f"{self.get_method_display()} {self.amount}"


class ReceiptCounter(models.Model):
    """The last receipt number of a branch. Counting here, under the row's lock, leaves no two sales one number."""

    branch = models.OneToOneField(
        Branch, models.CASCADE, primary_key=True, verbose_name=_("branch"), related_name="receipt_counter"
    )
    last = models.PositiveBigIntegerField(_("last number"), default=0)

    class Meta:
        verbose_name = _("counter of receipts")
        verbose_name_plural = _("counters of receipts")

    def __str__(self) -> str:
        return str(self.last)


class RebookingDecline(models.Model):
    """Why a client did not want her next visit booked on the spot (practices.md, P9)."""

    class Reason(models.TextChoices):
        WILL_CALL = "will_call", _("will call")
        SCHEDULE = "schedule", _("does not know her schedule")
        PRICE = "price", _("too expensive")
        LEAVING = "leaving", _("is leaving")
        BREAK = "break", _("wants a break")
        NOT_SATISFIED = "not_satisfied", _("not satisfied")

    sale = models.OneToOneField(Sale, models.CASCADE, related_name="decline")
    reason = models.CharField(_("reason"), max_length=16, choices=Reason)
    until = models.DateField(_("until"), null=True, blank=True)
    declined_at = models.DateTimeField(_("when"))

    class Meta:
        verbose_name = _("rebooking declined")
        verbose_name_plural = _("rebookings declined")

    def __str__(self) -> str:
        return self.get_reason_display()


class DayClose(models.Model):
    """The figures of a branch day, frozen at its end (rules.md, Booking and Reports)."""

    branch = models.ForeignKey(Branch, models.PROTECT, verbose_name=_("branch"), related_name="+")
    on = models.DateField(_("day"))
    closed_at = models.DateTimeField(_("closed at"))
    client_days = models.PositiveIntegerField(_("clients"))
    rebooked = models.PositiveIntegerField(_("rebooked"))
    revenue = MoneyField(_("revenue"))

    class Meta:
        verbose_name = _("closed day")
        verbose_name_plural = _("closed days")
        constraints = [models.UniqueConstraint(fields=["branch", "on"], name="day_closed_once")]

    def __str__(self) -> str:
        return str(self.on)
