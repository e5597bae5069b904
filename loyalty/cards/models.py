"""Discount cards: levels, cards, what happened to them, and whom they served."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from crm.team.fields import MoneyField


class CardLevel(models.Model):
    """A discount and the money paid in a year that earns it (rules.md, Cards)."""

    NAMES = {"simple": _("Simple card"), "gold": _("Gold card"), "vip": _("VIP card")}

    code = models.SlugField(_("code"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=60, blank=True, help_text=_("Empty: the usual name."))
    percent = models.PositiveSmallIntegerField(
        _("discount, percent"), validators=[MinValueValidator(1), MaxValueValidator(30)]
    )
    from_paid = MoneyField(_("from, paid in 365 days"), default=0)
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("card level")
        verbose_name_plural = _("card levels")
        constraints = [
            models.CheckConstraint(condition=Q(percent__gte=1, percent__lte=30), name="card_level_percent_to_30"),
            # two levels from the same sum would leave the discount to chance
            models.UniqueConstraint(fields=["from_paid"], name="card_level_threshold_once"),
        ]

    def __str__(self) -> str:
        return self.name or str(self.NAMES.get(self.code, self.code))


class Card(models.Model):
    """A card that was issued. Personal: its client only. Bearer: whoever shows it, simple level only."""

    class Refusal(models.TextChoices):
        """Why a card that was shown is not taken, in words fit for the desk."""

        CLOSED = "card_closed", _("This card was closed. Ask whether she has a newer one.")
        LENT = "card_lent", _("This card is in another client's name. It serves nobody else.")
        NAMELESS = "card_nameless", _("Whom does this card serve today? Begin the receipt with her name.")

    number = models.CharField(_("number"), max_length=10, unique=True)
    # of a bearer card the client who lends it, whose circle is counted
    client = models.ForeignKey("crm.Client", models.PROTECT, verbose_name=_("client"), related_name="+")
    level = models.ForeignKey(CardLevel, models.PROTECT, verbose_name=_("level"), related_name="cards")
    is_bearer = models.BooleanField(_("whoever shows it"), default=False)
    issued_at = models.DateTimeField(_("issued"))
    issued_on = models.DateField(_("issued on"))
    issued_by = models.ForeignKey(
        "crm.User", models.PROTECT, null=True, blank=True, verbose_name=_("issued by"), related_name="+"
    )
    # the yearly day: only then may a level be lost, and only after a notice
    review_on = models.DateField(_("reviewed on"))
    review_noticed_at = models.DateTimeField(_("notice sent"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)

    class Meta:
        verbose_name = _("discount card")
        verbose_name_plural = _("discount cards")
        indexes = [
            models.Index(fields=["client"], name="card_by_client"),
            models.Index(fields=["review_on"], name="card_by_review", condition=Q(closed_at__isnull=True)),
        ]
        constraints = [
            models.UniqueConstraint(
                # a second card would be a second discount
                fields=["client"],
                condition=Q(is_bearer=False, closed_at__isnull=True),
                name="card_personal_once",
            ),
        ]

    def __str__(self) -> str:
        return self.number


class CardEvent(models.Model):
    """What happened to a card. Append-only."""

    class Kind(models.TextChoices):
        ISSUED = "issued", _("issued")
        RAISED = "raised", _("raised")
        LOWERED = "lowered", _("lowered")
        CLOSED = "closed", _("closed")

    card = models.ForeignKey(Card, models.PROTECT, related_name="events")
    kind = models.CharField(_("what"), max_length=8, choices=Kind)
    level = models.ForeignKey(CardLevel, models.PROTECT, verbose_name=_("level"), related_name="+")
    at = models.DateTimeField(_("when"))
    user = models.ForeignKey("crm.User", models.PROTECT, null=True, blank=True, verbose_name=_("by"), related_name="+")

    class Meta:
        verbose_name = _("event of a card")
        verbose_name_plural = _("events of a card")

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.at:%Y-%m-%d}"


class CardUse(models.Model):
    """A card was used for a sale; of a bearer card this names whom it brought. Append-only."""

    card = models.ForeignKey(Card, models.PROTECT, related_name="uses")
    sale = models.OneToOneField("crm.Sale", models.PROTECT, verbose_name=_("sale"), related_name="+")
    client = models.ForeignKey(
        "crm.Client", models.PROTECT, null=True, blank=True, verbose_name=_("client served"), related_name="+"
    )
    saved = MoneyField(_("saved"))
    on = models.DateField(_("day"))

    class Meta:
        verbose_name = _("use of a card")
        verbose_name_plural = _("uses of cards")

    def __str__(self) -> str:
        return f"{self.card_id} {self.on}"
