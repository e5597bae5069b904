"""What stands on the shelves: every move of it, and the counts that put the book right (practices.md, P34)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.catalogue.models.offered import Product
from crm.team.models import Branch, User


class StockMove(models.Model):
    """So many more or fewer of a product, and why. Append-only; the stock of a product is the sum of its moves."""

    class Kind(models.TextChoices):
        OPENING = "opening", _("there at the beginning")
        SALE = "sale", _("sold")
        RETURN = "return", _("came back")
        DELIVERY = "delivery", _("delivered")
        HANDED_OVER = "handed_over", _("an order handed over")
        STOCK_TAKE = "stock_take", _("counted")
        WRITTEN_OFF = "written_off", _("written off")
        CORRECTION = "correction", _("corrected")

    # only these need words of whoever made them
    WITH_REASON = (Kind.WRITTEN_OFF, Kind.CORRECTION)

    product = models.ForeignKey(Product, models.PROTECT, verbose_name=_("product"), related_name="moves")
    kind = models.CharField(_("what"), max_length=12, choices=Kind)
    quantity = models.IntegerField(_("how many"), help_text=_("Fewer is negative."))
    at = models.DateTimeField(_("when"))
    reason = models.CharField(_("why"), max_length=200, blank=True)
    # what moved it: "sale 12", "order 3", "count 4"
    source = models.CharField(_("with"), max_length=40, blank=True)
    user = models.ForeignKey(User, models.PROTECT, null=True, blank=True, verbose_name=_("by"), related_name="+")
    # a form sent twice moves once
    key = models.CharField(max_length=80, unique=True, null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("move of stock")
        verbose_name_plural = _("moves of stock")
        indexes = [models.Index(fields=["product", "at"], name="stock_move_in_order")]
        constraints = [
            # a count that agrees with the book is kept with its count, not as a move of nothing
            models.CheckConstraint(condition=~models.Q(quantity=0) | models.Q(kind="opening"), name="stock_move_moves"),
            models.CheckConstraint(
                condition=~models.Q(kind__in=["written_off", "correction"]) | ~models.Q(reason=""),
                name="stock_move_by_hand_has_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.quantity:+}"


class StockTake(models.Model):
    """A count of the shelves that can be left and gone on with; nothing moves until it is saved."""

    branch = models.ForeignKey(Branch, models.PROTECT, verbose_name=_("branch"), related_name="stock_takes")
    # empty: all of the branch
    category = models.CharField(_("category"), max_length=100, blank=True)
    started_at = models.DateTimeField(_("begun"))
    started_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, verbose_name=_("begun by"), related_name="+"
    )
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    ended_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, verbose_name=_("ended by"), related_name="+"
    )
    is_saved = models.BooleanField(_("saved"), default=False)

    class Meta:
        verbose_name = _("stock take")
        verbose_name_plural = _("stock takes")
        constraints = [
            # two counts of one shelf would put the same difference right twice
            models.UniqueConstraint(
                fields=["branch"], condition=models.Q(ended_at__isnull=True), name="stock_take_one_open"
            ),
            models.CheckConstraint(
                condition=models.Q(is_saved=False) | models.Q(ended_at__isnull=False), name="stock_take_saved_is_over"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.started_at:%Y-%m-%d}"


class StockTakeLine(models.Model):
    """How many of a product somebody saw, and how many stood in the book at that moment.

    What is sold between counting and saving is in neither, so the difference stays true.
    """

    take = models.ForeignKey(StockTake, models.CASCADE, related_name="lines")
    product = models.ForeignKey(Product, models.PROTECT, verbose_name=_("product"), related_name="+")
    counted = models.PositiveIntegerField(_("counted"))
    # not counted before: there was none in the book
    book = models.IntegerField(_("in the book"), null=True, blank=True)
    counted_at = models.DateTimeField(_("when"))
    user = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, verbose_name=_("by"), related_name="+")

    class Meta:
        verbose_name = _("line of a stock take")
        verbose_name_plural = _("lines of a stock take")
        constraints = [models.UniqueConstraint(fields=["take", "product"], name="stock_take_line_once")]

    def __str__(self) -> str:
        return f"{self.product_id} {self.counted}"

    @property
    def difference(self) -> int:
        return self.counted - (self.book or 0)
