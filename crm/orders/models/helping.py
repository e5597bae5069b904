"""Out of stock, still helped: other places that have it, and a word when it is back (practices.md, P36)."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from crm.catalogue.models import Product
from crm.people.models import Client
from crm.team.fields import MoneyField
from crm.team.models import Branch, User


class Place(models.Model):
    """A shop of the owner's list to which a client may be sent."""

    branch = models.ForeignKey(Branch, models.PROTECT, verbose_name=_("branch"), related_name="places")
    name = models.CharField(_("name"), max_length=120)
    address = models.CharField(_("address or web address"), max_length=200, blank=True)
    phone = models.CharField(_("phone"), max_length=32, blank=True)
    is_active = models.BooleanField(_("suggested"), default=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("place that has it")
        verbose_name_plural = _("places that have it")
        constraints = [models.UniqueConstraint(fields=["branch", "name"], name="place_once_in_branch")]

    def __str__(self) -> str:
        return self.name


class StockHelp(models.Model):
    """A client wanted something that was not there. What she was told instead, and whether she hears when it is back."""

    branch = models.ForeignKey(Branch, models.PROTECT, verbose_name=_("branch"), related_name="stock_helps")
    client = models.ForeignKey(Client, models.CASCADE, verbose_name=_("client"), related_name="stock_helps")
    product = models.ForeignKey(Product, models.PROTECT, verbose_name=_("product"), related_name="+")
    at = models.DateTimeField(_("when"))
    on = models.DateField(_("day"))
    user = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, verbose_name=_("by"), related_name="+")
    # she wants to hear when it is back; given up: she does not any more
    wants_word = models.BooleanField(_("tell her when it is back"), default=False)
    given_up_at = models.DateTimeField(_("given up"), null=True, blank=True)
    key = models.CharField(max_length=64, unique=True, null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("out of stock, helped")
        verbose_name_plural = _("out of stock, helped")
        indexes = [
            models.Index(fields=["client", "at"], name="stock_help_by_client"),
            models.Index(fields=["product", "at"], name="stock_help_by_product"),
            models.Index(fields=["branch", "on"], name="stock_help_by_day"),
        ]
        constraints = [
            # a second wish for the same would bring a second message
            models.UniqueConstraint(
                fields=["client", "product"],
                condition=models.Q(wants_word=True, given_up_at__isnull=True),
                name="stock_wish_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.product_id} {self.on}"


class OtherPlace(models.Model):
    """One of the places that have it, as she was told."""

    help = models.ForeignKey(StockHelp, models.CASCADE, related_name="places")
    position = models.PositiveSmallIntegerField(_("position"))
    name = models.CharField(_("name"), max_length=120)
    address = models.CharField(_("address or web address"), max_length=200, blank=True)
    price = MoneyField(_("price there"), null=True, blank=True)

    class Meta:
        verbose_name = _("other place that has it")
        verbose_name_plural = _("other places that have it")
        constraints = [models.UniqueConstraint(fields=["help", "position"], name="other_place_position_once")]

    def __str__(self) -> str:
        return self.name
