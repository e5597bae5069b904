"""What a client has ordered, stage by stage (practices.md, P35)."""

from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.catalogue.models import Product
from crm.people.models import Client
from crm.sales.models import Sale
from crm.team.fields import MoneyField
from crm.team.models import Branch, User


class Order(models.Model):
    """Something that is got for a client. Its stage follows from its events; the promised day is what she was told."""

    class Stage(models.TextChoices):
        ACCEPTED = "accepted", pgettext_lazy("order", "accepted")
        ORDERED = "ordered", pgettext_lazy("order", "ordered")
        ON_THE_WAY = "on_the_way", _("on the way")
        ARRIVED = "arrived", pgettext_lazy("order", "arrived")
        HANDED_OVER = "handed_over", pgettext_lazy("order", "handed over")
        CALLED_OFF = "called_off", pgettext_lazy("order", "called off")

    # the way it goes
    WAY = (Stage.ACCEPTED, Stage.ORDERED, Stage.ON_THE_WAY, Stage.ARRIVED, Stage.HANDED_OVER)
    OPEN = (Stage.ACCEPTED, Stage.ORDERED, Stage.ON_THE_WAY, Stage.ARRIVED)
    # what is still to come from somewhere
    COMING = (Stage.ACCEPTED, Stage.ORDERED, Stage.ON_THE_WAY)

    branch = models.ForeignKey(Branch, models.PROTECT, verbose_name=_("branch"), related_name="orders")
    client = models.ForeignKey(Client, models.PROTECT, verbose_name=_("client"), related_name="orders")
    product = models.ForeignKey(Product, models.PROTECT, verbose_name=_("product"), related_name="orders")
    quantity = models.PositiveSmallIntegerField(
        _("how many"), default=1, validators=[MinValueValidator(1), MaxValueValidator(99)]
    )
    # for one; as it was agreed
    price = MoneyField(_("price"))
    stage = models.CharField(_("stage"), max_length=12, choices=Stage, default=Stage.ACCEPTED)
    promised_on = models.DateField(_("promised for"))
    first_promised_on = models.DateField(_("first promised for"))
    note = models.CharField(_("note"), max_length=300, blank=True, help_text=_("For us; she does not read it."))
    accepted_at = models.DateTimeField(_("accepted"))
    accepted_on = models.DateField(_("accepted on"))
    accepted_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, verbose_name=_("accepted by"), related_name="+"
    )
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    ended_on = models.DateField(_("ended on"), null=True, blank=True)
    # what was paid ahead, and the code under which the till keeps it
    prepaid = MoneyField(_("paid ahead"), default=0)
    prepaid_code = models.CharField(max_length=20, blank=True, editable=False)
    sale = models.ForeignKey(
        Sale, models.PROTECT, null=True, blank=True, verbose_name=_("receipt"), related_name="orders"
    )
    # one form sent twice is one order
    key = models.CharField(max_length=64, unique=True, null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("order")
        verbose_name_plural = _("orders")
        indexes = [
            models.Index(
                fields=["branch", "promised_on"],
                name="order_open",
                condition=models.Q(stage__in=["accepted", "ordered", "on_the_way", "arrived"]),
            ),
            models.Index(fields=["client", "-accepted_at"], name="order_by_client"),
            models.Index(fields=["product", "stage"], name="order_by_product"),
            models.Index(fields=["branch", "accepted_on"], name="order_by_day"),
        ]
        constraints = [
            # an end has a day and an hour, and only an end has
            models.CheckConstraint(
                condition=models.Q(
                    stage__in=["handed_over", "called_off"], ended_at__isnull=False, ended_on__isnull=False
                )
                | models.Q(
                    stage__in=["accepted", "ordered", "on_the_way", "arrived"],
                    ended_at__isnull=True,
                    ended_on__isnull=True,
                ),
                name="order_ended_wholly",
            ),
            models.CheckConstraint(condition=models.Q(quantity__gte=1), name="order_of_something"),
        ]

    def __str__(self) -> str:
        return f"{self.product} #{self.pk}"

    @property
    def total(self) -> Decimal:
        return self.price * self.quantity


class OrderEvent(models.Model):
    """A stage reached, or a date that slipped; the client hears of each. Append-only but for being taken back."""

    class Kind(models.TextChoices):
        ACCEPTED = "accepted", pgettext_lazy("order", "accepted")
        ORDERED = "ordered", pgettext_lazy("order", "ordered")
        ON_THE_WAY = "on_the_way", _("on the way")
        ARRIVED = "arrived", pgettext_lazy("order", "arrived")
        HANDED_OVER = "handed_over", pgettext_lazy("order", "handed over")
        CALLED_OFF = "called_off", pgettext_lazy("order", "called off")
        LATE = "late", _("it takes longer")
        PREPAID = "prepaid", _("paid ahead")
        UNDONE = "undone", _("taken back")

    order = models.ForeignKey(Order, models.CASCADE, related_name="events")
    kind = models.CharField(_("what"), max_length=12, choices=Kind)
    at = models.DateTimeField(_("when"))
    # her message waits until then, so that a slip can be taken back
    held_until = models.DateTimeField(null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)
    stage_before = models.CharField(max_length=12, choices=Order.Stage, blank=True)
    promised_before = models.DateField(_("promised before"), null=True, blank=True)
    promised_after = models.DateField(_("promised now"), null=True, blank=True)
    reason = models.CharField(_("why"), max_length=200, blank=True)
    # it came onto the shelf with this step and not with a delivery
    took_in = models.PositiveSmallIntegerField(default=0)
    user = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, verbose_name=_("by"), related_name="+")

    class Meta:
        verbose_name = _("step of an order")
        verbose_name_plural = _("steps of an order")
        indexes = [
            models.Index(fields=["order", "at"], name="order_event_in_order"),
            models.Index(fields=["at"], name="order_event_by_time"),
        ]
        constraints = [
            # told openly: the new day and the reason (practices.md, P35)
            models.CheckConstraint(
                condition=~models.Q(kind="late")
                | models.Q(promised_before__isnull=False, promised_after__isnull=False) & ~models.Q(reason=""),
                name="order_late_says_why",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.at:%Y-%m-%d %H:%M}"
