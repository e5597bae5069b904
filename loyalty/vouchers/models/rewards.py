"""The catalogue of rewards: what points buy (rules.md, Points, Rewards)."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from crm.team.fields import MoneyField
from crm.team.models import Language
from loyalty.vouchers.models.campaigns import Benefit


class Reward(models.Model):
    """For this many points she gets a voucher: one service free, a percentage or an amount off."""

    name = models.CharField(_("name"), max_length=120, help_text=_("“A manicure as a present”"))
    price = models.PositiveIntegerField(
        _("price in points"), validators=[MinValueValidator(1), MaxValueValidator(1_000_000)]
    )
    benefit = models.CharField(_("gives"), max_length=12, choices=Benefit, default=Benefit.FREE_SERVICE)
    percent = models.PositiveSmallIntegerField(
        _("percent off"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(100)]
    )
    amount = MoneyField(_("amount off"), null=True, blank=True)
    services = models.ManyToManyField(
        "crm.Service",
        blank=True,
        verbose_name=_("services"),
        related_name="+",
        help_text=_("One of these is free, or what the discount covers. None chosen: a discount covers everything."),
    )
    services_only = models.BooleanField(_("services only"), default=False)
    valid_days = models.PositiveSmallIntegerField(
        _("valid, days"),
        default=60,
        validators=[MinValueValidator(1), MaxValueValidator(365)],
        help_text=_("From the day she takes it. Not used by then, the points come back."),
    )
    is_on = models.BooleanField(_("offered"), default=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("reward")
        verbose_name_plural = _("rewards")
        constraints = [
            models.CheckConstraint(
                # a reward promises one thing, as its voucher does
                condition=Q(benefit="percent", percent__gte=1, percent__lte=100, amount__isnull=True)
                | Q(benefit="amount", amount__gt=0, percent__isnull=True)
                | Q(benefit="free_service", percent__isnull=True, amount__isnull=True),
                name="reward_one_benefit",
                violation_error_message=_("Give a percentage, an amount, or one service free: one of the three."),
            ),
            # points for nothing would be no price
            models.CheckConstraint(condition=Q(price__gt=0), name="reward_has_price"),
        ]

    def __str__(self) -> str:
        return self.name


class RewardWords(models.Model):
    """What a reward is called in another language."""

    reward = models.ForeignKey(Reward, models.CASCADE, verbose_name=_("reward"), related_name="words")
    language = models.CharField(_("language"), max_length=2, choices=Language)
    name = models.CharField(_("name"), max_length=120)

    class Meta:
        verbose_name = _("words of a reward")
        verbose_name_plural = _("words of a reward")
        constraints = [models.UniqueConstraint(fields=["reward", "language"], name="reward_words_once")]

    def __str__(self) -> str:
        return f"{self.reward_id} {self.language}"
