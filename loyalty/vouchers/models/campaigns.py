"""A campaign: one promise and its conditions, given out as many single-use codes (practices.md, P26)."""

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from crm.team.fields import MoneyField


class Benefit(models.TextChoices):
    PERCENT = "percent", _("percent")
    AMOUNT = "amount", _("amount")
    FREE_SERVICE = "free_service", _("free service")


class Campaign(models.Model):
    """What its codes promise. Once a code is out, only the name changes: what was granted stays (rules.md, Vouchers).

    Both window days are branch days, included; the hours are of the branch's clock, half-open.
    """

    name = models.CharField(_("name"), max_length=80, help_text=_("For you and the desk; clients do not read it."))
    branch = models.ForeignKey("crm.Branch", models.PROTECT, verbose_name=_("branch"), related_name="+")
    benefit = models.CharField(_("benefit"), max_length=12, choices=Benefit, default=Benefit.PERCENT)
    percent = models.PositiveSmallIntegerField(
        _("percent"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(100)]
    )
    amount = MoneyField(_("amount"), null=True, blank=True)
    services = models.ManyToManyField(
        "crm.Service",
        blank=True,
        verbose_name=_("services"),
        related_name="+",
        help_text=_("What becomes cheaper. Empty: everything; of a free service: one, whichever."),
    )
    except_services = models.ManyToManyField(
        "crm.Service",
        blank=True,
        verbose_name=_("but not"),
        related_name="+",
        help_text=_("These keep their price, also on a receipt with others."),
    )
    services_only = models.BooleanField(_("services only"), default=False)
    valid_from = models.DateField(_("valid from"))
    valid_until = models.DateField(_("valid until"))
    minimum = MoneyField(
        _("from a sum of"), null=True, blank=True, help_text=_("Of the whole receipt, before anything is taken off.")
    )
    # 0 is Monday; none: any day of the week
    weekdays = models.JSONField(_("weekdays"), default=list, blank=True)
    from_time = models.TimeField(_("from"), null=True, blank=True)
    to_time = models.TimeField(_("to"), null=True, blank=True)
    first_visit_only = models.BooleanField(_("at a first visit only"), default=False)
    here_only = models.BooleanField(_("in this branch only"), default=False)
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("campaign of vouchers")
        verbose_name_plural = _("campaigns of vouchers")
        constraints = [
            # by its name it is known again in files and at the desk
            models.UniqueConstraint(fields=["branch", "name"], name="campaign_name_once"),
            models.CheckConstraint(
                condition=Q(benefit="percent", percent__gte=1, percent__lte=100, amount__isnull=True)
                | Q(benefit="amount", amount__gt=0, percent__isnull=True)
                | Q(benefit="free_service", percent__isnull=True, amount__isnull=True),
                name="campaign_one_benefit",
            ),
            models.CheckConstraint(condition=Q(valid_until__gte=F("valid_from")), name="campaign_window_not_empty"),
            models.CheckConstraint(
                # a stretch of the day has two ends, or there is none
                condition=Q(from_time__isnull=True, to_time__isnull=True)
                | Q(from_time__isnull=False, to_time__isnull=False, from_time__lt=F("to_time")),
                name="campaign_hours_in_order",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        wanted = {Benefit.PERCENT: "percent", Benefit.AMOUNT: "amount"}.get(Benefit(self.benefit))
        for name in ("percent", "amount"):
            if name == wanted and not getattr(self, name):
                raise ValidationError({name: _("How much?")})
            if name != wanted:
                setattr(self, name, None)
        if self.valid_from and self.valid_until and self.valid_until < self.valid_from:
            raise ValidationError({"valid_until": _("The last day comes after the first.")})
        if (self.from_time is None) != (self.to_time is None):
            raise ValidationError({"to_time": _("Both hours, or none.")})
        if self.from_time and self.to_time and self.to_time <= self.from_time:
            raise ValidationError({"to_time": _("It ends after it begins.")})
