"""The owner's rules for points, cards and vouchers: one row."""

from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from crm.team.fields import MoneyField

PERCENT = [MinValueValidator(0), MaxValueValidator(100)]
# a figure with a nought too many gives away the salon: said before it is kept
MOST_POINTS = MaxValueValidator(10_000, _("At most 10,000 points: a nought too many?"))
AT_LEAST_A_DAY = MinValueValidator(1, _("At least one day."))


def at_most_days(days: int) -> MaxValueValidator:
    """So many days at most, said as days."""
    return MaxValueValidator(days, _("At most %(limit_value)s days."))


class LoyaltySettings(models.Model):
    """The owner's rules for points, cards and vouchers: one row. At the start only cashback is switched on."""

    spending_on = models.BooleanField(_("cashback"), default=True)
    points_per_100 = models.DecimalField(
        _("points per 100 paid"),
        max_digits=6,
        decimal_places=2,
        default=Decimal(5),
        validators=PERCENT,
        help_text=_("5 is a cashback of 5 %: who pays 5,000 gets 250. A new rate starts a new count."),
    )
    point_value = MoneyField(
        _("worth of a point"),
        default=Decimal(1),
        help_text=_("In money, at the checkout."),
    )
    max_share_percent = models.PositiveSmallIntegerField(
        _("points pay at most, percent"), default=100, validators=PERCENT
    )
    validity_days = models.PositiveSmallIntegerField(
        _("points are valid, days"),
        default=365,
        validators=[MinValueValidator(30), MaxValueValidator(3650)],
        help_text=_("From the day they are given. A change touches new points only."),
    )
    notice_days = models.PositiveSmallIntegerField(
        _("notice before points expire, days"), default=14, validators=[MinValueValidator(1), MaxValueValidator(90)]
    )
    notice_min_points = models.PositiveSmallIntegerField(
        _("notice from, points"), default=50, validators=[MinValueValidator(1), MOST_POINTS]
    )
    rebooking_on = models.BooleanField(_("points for rebooking on the spot"), default=False)
    rebooking_points = models.PositiveIntegerField(
        _("for rebooking on the spot"),
        default=50,
        validators=[MOST_POINTS],
        help_text=_("Given when that visit is done."),
    )
    referral_on = models.BooleanField(_("points for referrals"), default=False)
    referrer_points = models.PositiveIntegerField(
        _("to the one who brought a friend"), default=200, validators=[MOST_POINTS]
    )
    friend_points = models.PositiveIntegerField(_("to the friend"), default=100, validators=[MOST_POINTS])
    feedback_on = models.BooleanField(
        _("points for private feedback"),
        default=False,
        help_text=_("Whatever the score. For a public review nothing is ever given."),
    )
    feedback_points = models.PositiveIntegerField(
        _("for feedback"), default=20, validators=[MinValueValidator(1), MaxValueValidator(10_000)]
    )
    feedback_once_days = models.PositiveSmallIntegerField(
        _("for feedback at most once in, days"), default=30, validators=[MinValueValidator(1), MaxValueValidator(365)]
    )
    birthday_points_on = models.BooleanField(
        _("points at a birthday"), default=False, help_text=_("On the day, for who was here in the last 365 days.")
    )
    birthday_points = models.PositiveIntegerField(
        _("at a birthday"), default=100, validators=[MinValueValidator(1), MaxValueValidator(10_000)]
    )
    birthday_settled_days = models.PositiveSmallIntegerField(
        _("a moved birthday counts after, days"),
        default=60,
        validators=[MinValueValidator(1), MaxValueValidator(365)],
        help_text=_("Moved less than that long ago it gives nothing, and you see it. Never twice in 365 days."),
    )
    gesture_on = models.BooleanField(_("points by hand"), default=False)
    gesture_daily_points = models.PositiveIntegerField(
        _("by hand, at most a day"),
        default=100,
        validators=[MaxValueValidator(10_000)],
        help_text=_("For each login. What goes beyond waits for the owner."),
    )
    voucher_on_top_of_card = models.BooleanField(
        _("voucher on top of a card"),
        default=False,
        help_text=_("Otherwise discounts never add up: the best one is taken."),
    )
    win_back_percent = models.PositiveSmallIntegerField(
        _("win-back voucher, percent"), default=50, validators=[MinValueValidator(1), MaxValueValidator(100)]
    )
    win_back_book_days = models.PositiveSmallIntegerField(
        _("win-back: book within, days"), default=30, validators=[AT_LEAST_A_DAY, at_most_days(365)]
    )
    win_back_visit_days = models.PositiveSmallIntegerField(
        _("win-back: visit within, days"), default=60, validators=[AT_LEAST_A_DAY, at_most_days(730)]
    )
    win_back_once_days = models.PositiveSmallIntegerField(
        _("win-back voucher at most once in, days"), default=365, validators=[at_most_days(3650)]
    )
    win_back_services = models.ManyToManyField(
        "crm.Service",
        blank=True,
        verbose_name=_("win-back voucher: for these services"),
        related_name="+",
        help_text=_("Empty: for every service."),
    )
    win_back_quiet_only = models.BooleanField(
        _("win-back voucher: only at hours that stay empty"),
        default=False,
        help_text=_(
            "It then holds for visits that begin at an hour of the week that does not fill by itself; "
            "the letter and the free times say so."
        ),
    )
    voucher_prolong_days = models.PositiveSmallIntegerField(
        _("a voucher is prolonged by, days"),
        default=30,
        validators=[at_most_days(365)],
        help_text=_("With the second win-back, and when the salon cancels the booking it hangs on."),
    )
    birthday_on = models.BooleanField(_("free service at a birthday"), default=False)
    birthday_before_days = models.PositiveSmallIntegerField(
        _("birthday voucher from, days before"), default=7, validators=[at_most_days(60)]
    )
    birthday_after_days = models.PositiveSmallIntegerField(
        _("birthday voucher until, days after"), default=14, validators=[at_most_days(180)]
    )
    birthday_services = models.ManyToManyField(
        "crm.Service", blank=True, verbose_name=_("free at a birthday: one of"), related_name="+"
    )
    gifts_on = models.BooleanField(
        _("gifts on leaving"),
        default=False,
        help_text=_("A share of what is paid fills a pot; when it covers a gift, one is proposed."),
    )
    gift_share_percent = models.DecimalField(
        _("into the gift pot, percent of what is paid"),
        max_digits=4,
        decimal_places=2,
        default=Decimal("0.5"),
        validators=PERCENT,
    )
    gift_rest_days = models.PositiveSmallIntegerField(
        _("no second gift within, days"),
        default=60,
        validators=[MaxValueValidator(730)],
        help_text=_("First visits and those who were merely satisfied do not wait."),
    )
    extras_budget = MoneyField(
        _("for extras, a month and branch"),
        default=0,
        help_text=_("What masters may surprise clients with. 0: no extras."),
    )
    bad_day_percent = models.PositiveSmallIntegerField(
        _("when a master is ill or late, percent off"),
        default=0,
        validators=PERCENT,
        help_text=_("An apology for the next visit, sent with the news. 0: words alone."),
    )
    bad_day_days = models.PositiveSmallIntegerField(
        _("that voucher is valid, days"), default=60, validators=[MinValueValidator(1), MaxValueValidator(365)]
    )
    amends_days = models.PositiveSmallIntegerField(
        _("a voucher after a complaint is valid, days"),
        default=90,
        validators=[MinValueValidator(1), MaxValueValidator(365)],
    )
    certificate_days = models.PositiveSmallIntegerField(
        _("gift certificates are valid, days"),
        default=1095,
        validators=[MaxValueValidator(3650)],
        help_text=_("From the day they are sold. 0: for good. A change touches new ones only."),
    )
    card_max_percent = models.PositiveSmallIntegerField(
        _("a card gives at most, percent"), default=30, validators=[MaxValueValidator(30)]
    )
    card_period_days = models.PositiveSmallIntegerField(
        _("card level by money paid in, days"), default=365, validators=[AT_LEAST_A_DAY, at_most_days(3650)]
    )
    card_notice_days = models.PositiveSmallIntegerField(
        _("notice before a level is lost, days"), default=30, validators=[at_most_days(365)]
    )
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("loyalty settings")
        verbose_name_plural = _("loyalty settings")
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="loyalty_settings_one_row"),
            models.CheckConstraint(condition=Q(point_value__gt=0), name="loyalty_point_has_worth"),
        ]

    def __str__(self) -> str:
        return str(_("Loyalty settings"))
