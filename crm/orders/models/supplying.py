"""What is ordered from a supplier, and what came of it."""

from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.catalogue.models import Product
from crm.team.models import Branch, User


class SupplierOrder(models.Model):
    """A list sent to one supplier; it is open until its delivery is booked in."""

    branch = models.ForeignKey(Branch, models.PROTECT, verbose_name=_("branch"), related_name="supplier_orders")
    supplier = models.CharField(_("supplier"), max_length=120, blank=True)
    ordered_at = models.DateTimeField(_("ordered"))
    ordered_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, verbose_name=_("ordered by"), related_name="+"
    )
    arrived_at = models.DateTimeField(_("delivered"), null=True, blank=True)
    booked_in_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, verbose_name=_("booked in by"), related_name="+"
    )
    key = models.CharField(max_length=64, unique=True, null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("supplier order")
        verbose_name_plural = _("supplier orders")
        indexes = [
            models.Index(
                fields=["branch", "ordered_at"],
                name="supplier_order_open",
                condition=models.Q(arrived_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"{self.supplier or '-'} {self.ordered_at:%Y-%m-%d}"


class SupplierOrderLine(models.Model):
    """So many of a product; how many of them came."""

    order = models.ForeignKey(SupplierOrder, models.CASCADE, related_name="lines")
    product = models.ForeignKey(Product, models.PROTECT, verbose_name=_("product"), related_name="+")
    quantity = models.PositiveIntegerField(_("how many"), validators=[MaxValueValidator(9_999)])
    arrived = models.PositiveIntegerField(_("came"), null=True, blank=True)

    class Meta:
        verbose_name = _("line of a supplier order")
        verbose_name_plural = _("lines of a supplier order")
        constraints = [models.UniqueConstraint(fields=["order", "product"], name="supplier_order_line_once")]

    def __str__(self) -> str:
        return f"{self.product_id} {self.quantity}"
