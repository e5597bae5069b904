"""Clubs: the most loved clients, by the owner's rule, with offers of their own and early slots (practices.md, P29)."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords


class Club(models.Model):
    """Who is in is worked out every night; what a member has is read at the checkout and at booking."""

    class Rule(models.TextChoices):
        REVENUE = "revenue", _("those who bring the most revenue")
        VISITS = "visits", _("those with at least so many visits")
        STAGE = "stage", _("those of a stage")
        BY_HAND = "by_hand", _("only those chosen by hand")

    class Stage(models.TextChoices):
        REGULAR = "regular", _("regulars and advocates")
        ADVOCATE = "advocate", _("advocates")

    name = models.CharField(_("name"), max_length=80)
    branch = models.ForeignKey(
        "crm.Branch",
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("branch"),
        related_name="+",
        help_text=_("Whose clients and visits count. Empty: the whole salon's."),
    )
    is_active = models.BooleanField(_("on"), default=True)
    rule = models.CharField(_("who is in"), max_length=8, choices=Rule, default=Rule.REVENUE)
    top_percent = models.PositiveSmallIntegerField(
        _("the first, percent"),
        default=20,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
        help_text=_("Of the clients who paid in that time; a part of a client counts as one."),
    )
    days = models.PositiveSmallIntegerField(
        _("counted over, days"), default=365, validators=[MinValueValidator(30), MaxValueValidator(3650)]
    )
    min_visits = models.PositiveSmallIntegerField(_("visits at least"), default=10, validators=[MinValueValidator(1)])
    stage = models.CharField(_("stage"), max_length=8, choices=Stage, default=Stage.ADVOCATE)
    percent = models.PositiveSmallIntegerField(
        _("closed offer, percent"), default=0, validators=[MaxValueValidator(100)], help_text=_("0: none.")
    )
    services = models.ManyToManyField(
        "crm.Service", blank=True, verbose_name=_("on these services"), related_name="+", help_text=_("None: on all.")
    )
    offer_from = models.DateField(_("offer from"), null=True, blank=True)
    offer_until = models.DateField(_("offer until"), null=True, blank=True, help_text=_("The last day."))
    extra_days = models.PositiveSmallIntegerField(
        _("books further ahead by, days"),
        default=0,
        validators=[MaxValueValidator(180)],
        help_text=_("So members see new days before everybody else."),
    )
    rules = models.ManyToManyField(
        "loyalty.EarningRule",
        blank=True,
        verbose_name=_("earning rules"),
        related_name="+",
        help_text=_("Rules of earning that hold for members, beside everybody's."),
    )
    # the day up to which its members are kept
    kept_on = models.DateField(_("kept"), null=True, blank=True, editable=False)
    history = HistoricalRecords(excluded_fields=["kept_on"])

    class Meta:
        verbose_name = _("club")
        verbose_name_plural = _("clubs")
        constraints = [
            models.CheckConstraint(condition=Q(percent__lte=100), name="club_percent_to_100"),
            models.CheckConstraint(
                condition=Q(offer_from__isnull=True)
                | Q(offer_until__isnull=True)
                | Q(offer_until__gte=F("offer_from")),
                name="club_offer_window_not_empty",
                violation_error_message=_("The last day lies before the first."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ClubMember(models.Model):
    """She is in since a day; once she has left, until a day (not included)."""

    club = models.ForeignKey(Club, models.PROTECT, verbose_name=_("club"), related_name="members")
    client = models.ForeignKey("crm.Client", models.PROTECT, verbose_name=_("client"), related_name="+")
    since = models.DateField(_("since"))
    until = models.DateField(_("until"), null=True, blank=True)

    class Meta:
        verbose_name = _("member of a club")
        verbose_name_plural = _("members of clubs")
        indexes = [models.Index(fields=["client"], name="club_member_now", condition=Q(until__isnull=True))]
        constraints = [
            models.UniqueConstraint(
                fields=["club", "client"], condition=Q(until__isnull=True), name="club_member_once_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"{self.club_id}/{self.client_id}"


class ClubChoice(models.Model):
    """The owner's own will about one client: in whatever the rule says, or kept out."""

    club = models.ForeignKey(Club, models.CASCADE, verbose_name=_("club"), related_name="choices")
    client = models.ForeignKey("crm.Client", models.CASCADE, verbose_name=_("client"), related_name="+")
    is_in = models.BooleanField(_("is in"), default=True, help_text=_("Otherwise she is kept out."))

    class Meta:
        verbose_name = _("chosen by hand")
        verbose_name_plural = _("chosen by hand")
        constraints = [models.UniqueConstraint(fields=["club", "client"], name="club_choice_once")]

    def __str__(self) -> str:
        return f"{self.club_id}/{self.client_id}"
