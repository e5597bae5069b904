"""What the owner makes of earning: more of it, less or none, for a time, a branch, some services, a club."""

from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords


class EarningRule(models.Model):
    """A factor on what is earned: 2 doubles it, 0 excludes. Both days are branch days, included.

    Rules never multiply: of several that fit the most generous one counts, and who is excluded stays so.
    """

    class Kind(models.TextChoices):
        SPENDING = "spending", _("cashback")
        REBOOKING = "rebooking", _("rebooking on the spot")
        REFERRAL = "referral", _("referral")
        FEEDBACK = "feedback", _("feedback")
        BIRTHDAY = "birthday", _("birthday")

    class Covers(models.TextChoices):
        ALL = "all", _("services and products")
        SERVICES = "services", _("services")
        PRODUCTS = "products", _("products")

    name = models.CharField(_("name"), max_length=60, help_text=_("“Double points in May”: clients see it too."))
    kind = models.CharField(_("for"), max_length=12, choices=Kind, default=Kind.SPENDING)
    factor = models.DecimalField(
        _("times"),
        max_digits=4,
        decimal_places=2,
        default=Decimal(2),
        validators=[MinValueValidator(0), MaxValueValidator(10)],
        help_text=_("2 doubles the points, 0.5 halves them, 0 gives none. Rules never multiply: the best one counts."),
    )
    is_on = models.BooleanField(_("switched on"), default=True)
    first_on = models.DateField(_("from"), null=True, blank=True, help_text=_("Empty: at once."))
    last_on = models.DateField(_("until, this day included"), null=True, blank=True, help_text=_("Empty: for good."))
    branch = models.ForeignKey(
        "crm.Branch", models.PROTECT, null=True, blank=True, verbose_name=_("branch"), related_name="+",
        help_text=_("Empty: in every branch."),
    )  # fmt: skip
    covers = models.CharField(_("cashback on"), max_length=8, choices=Covers, default=Covers.ALL)
    services = models.ManyToManyField(
        "crm.Service",
        blank=True,
        verbose_name=_("only these services"),
        related_name="+",
        help_text=_("None chosen: all of them."),
    )
    # a club names the rules of its own; nobody else has them
    for_clubs = models.BooleanField(
        _("for clubs only"), default=False, help_text=_("For the members of the clubs that name this rule.")
    )
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("earning rule")
        verbose_name_plural = _("earning rules")
        constraints = [
            models.CheckConstraint(
                # a negative factor would take points away
                condition=Q(factor__gte=0, factor__lte=10),
                name="earning_rule_factor_to_10",
            ),
            models.CheckConstraint(
                condition=Q(first_on__isnull=True) | Q(last_on__isnull=True) | Q(last_on__gte=F("first_on")),
                name="earning_rule_days_in_order",
                violation_error_message=_("The last day lies before the first."),
            ),
            models.CheckConstraint(
                # a rebooking or a birthday has no lines that a service could be looked for in
                condition=Q(kind="spending") | Q(covers="all"),
                name="earning_rule_covers_cashback_only",
                violation_error_message=_("Services and products are told apart for cashback only."),
            ),
        ]

    def __str__(self) -> str:
        return self.name
