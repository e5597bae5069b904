"""Points: accounts, the append-only ledger with its lots, what is pending and owed, and the programme's rules."""

from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from crm.team.fields import MoneyField

# how the source of an entry begins that takes another one back: "entry 7"
UNDONE = "entry "


class PointsAccount(models.Model):
    """Where a client's points live. Merging clients re-points the account; no entry ever changes."""

    client = models.ForeignKey("crm.Client", models.PROTECT, verbose_name=_("client"), related_name="+")
    # the one she earns into; a merged client's own account stays beside it with its entries
    is_current = models.BooleanField(_("in use"), default=True)
    opened_at = models.DateTimeField(_("opened"))

    class Meta:
        verbose_name = _("points account")
        verbose_name_plural = _("points accounts")
        constraints = [
            models.UniqueConstraint(
                # two accounts in use would hide points from each other
                fields=["client"],
                condition=Q(is_current=True),
                name="points_account_in_use_once",
            )
        ]

    def __str__(self) -> str:
        return str(self.client_id)


class PointsBalance(models.Model):
    """Sum of an account's entries and of what it owes, kept beside them; `rebuild_balances` proves it.

    Whoever changes an account locks this row first, so that two never spend the same points.
    """

    account = models.OneToOneField(PointsAccount, models.CASCADE, primary_key=True, related_name="balance_row")
    balance = models.IntegerField(_("balance"), default=0)
    owed = models.IntegerField(_("owed"), default=0)

    class Meta:
        verbose_name = _("points balance")
        verbose_name_plural = _("points balances")
        constraints = [
            # points that are not there cannot be spent (rules.md, Points)
            models.CheckConstraint(condition=Q(balance__gte=0), name="points_balance_not_negative"),
            models.CheckConstraint(condition=Q(owed__gte=0), name="points_owed_not_negative"),
        ]

    def __str__(self) -> str:
        return str(self.balance)


class LedgerEntry(models.Model):
    """Points given or taken: signed, whole, append-only (a trigger refuses UPDATE and DELETE).

    The source names the fact ("sale 7"); the key makes it happen once.
    """

    class Kind(models.TextChoices):
        SPENDING = "spending", _("cashback")
        REBOOKING = "rebooking", _("rebooking on the spot")
        REFERRAL = "referral", _("referral")
        FEEDBACK = "feedback", _("feedback")
        BIRTHDAY = "birthday", _("birthday")
        GESTURE = "gesture", _("gesture")
        IMPORTED = "imported", _("brought from before")
        PAID = "paid", _("paid with points")
        GIVEN_BACK = "given_back", _("given back by a refund")
        REWARD = "reward", _("reward")
        EXPIRED = "expired", _("expired")
        TAKEN_BACK = "taken_back", _("taken back by a refund")
        OWED = "owed", _("deducted, was owed")

    GRANTS = (
        Kind.SPENDING,
        Kind.REBOOKING,
        Kind.REFERRAL,
        Kind.FEEDBACK,
        Kind.BIRTHDAY,
        Kind.GESTURE,
        Kind.IMPORTED,
    )

    account = models.ForeignKey(PointsAccount, models.PROTECT, verbose_name=_("account"), related_name="entries")
    points = models.IntegerField(_("points"))
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    reason = models.CharField(_("reason"), max_length=120, blank=True)
    source = models.CharField(_("source"), max_length=60)
    key = models.CharField(_("key"), max_length=120, unique=True)
    at = models.DateTimeField(_("when"))
    # the branch's day
    on = models.DateField(_("day"))
    user = models.ForeignKey("crm.User", models.PROTECT, null=True, blank=True, verbose_name=_("by"), related_name="+")

    class Meta:
        verbose_name = _("ledger entry")
        verbose_name_plural = _("ledger entries")
        indexes = [
            models.Index(fields=["account", "at"], name="ledger_by_account"),
            models.Index(fields=["on"], name="ledger_by_day"),
            models.Index(fields=["source"], name="ledger_by_source"),
        ]
        constraints = [
            # an entry of nothing would say that something happened
            models.CheckConstraint(condition=~Q(points=0), name="ledger_entry_not_zero"),
        ]

    def __str__(self) -> str:
        return f"{self.points:+d}"

    @property
    def words(self) -> str:
        """What it is, in words: a gesture taken back came from no refund."""
        if self.kind == self.Kind.TAKEN_BACK and self.source.startswith(UNDONE):
            return gettext("gesture taken back")
        return str(self.get_kind_display())

    @property
    def less(self) -> int:
        """How many points were taken, for showing."""
        return -self.points


class LedgerNote(models.Model):
    """Free words beside an entry. They may name a person, so erasing a client empties them."""

    entry = models.OneToOneField(LedgerEntry, models.PROTECT, primary_key=True, related_name="note")
    text = models.CharField(_("note"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("note of an entry")
        verbose_name_plural = _("notes of entries")

    def __str__(self) -> str:
        return self.text


class PointsLot(models.Model):
    """The points of one positive entry, which expire together. Valid on days before `expires_on`.

    `remaining` is kept up to date and proved from the allocations.
    """

    entry = models.OneToOneField(LedgerEntry, models.PROTECT, primary_key=True, related_name="lot")
    account = models.ForeignKey(PointsAccount, models.PROTECT, related_name="lots")
    points = models.PositiveIntegerField(_("points"))
    remaining = models.IntegerField(_("left"))
    # empty means that they stay for good
    expires_on = models.DateField(_("expires"), null=True, blank=True)
    # the message about it went out; a lot that needed one and got none does not expire
    noticed_at = models.DateTimeField(_("notice sent"), null=True, blank=True)

    class Meta:
        verbose_name = _("lot of points")
        verbose_name_plural = _("lots of points")
        indexes = [
            models.Index(fields=["account", "expires_on"], name="lot_of_account", condition=Q(remaining__gt=0)),
            models.Index(fields=["expires_on"], name="lot_by_expiry", condition=Q(remaining__gt=0)),
        ]
        constraints = [
            # no lot gives more than it held
            models.CheckConstraint(condition=Q(remaining__gte=0, remaining__lte=F("points")), name="lot_within_points")
        ]

    def __str__(self) -> str:
        return f"{self.remaining}/{self.points}"


class LotAllocation(models.Model):
    """From which lot a negative entry took how much. Append-only."""

    entry = models.ForeignKey(LedgerEntry, models.PROTECT, related_name="allocations")
    lot = models.ForeignKey(PointsLot, models.PROTECT, related_name="allocations")
    points = models.PositiveIntegerField(_("points"))

    class Meta:
        verbose_name = _("share of a lot")
        verbose_name_plural = _("shares of lots")
        constraints = [
            models.UniqueConstraint(fields=["entry", "lot"], name="allocation_once"),
            models.CheckConstraint(condition=Q(points__gt=0), name="allocation_not_zero"),
        ]

    def __str__(self) -> str:
        return f"{self.lot_id}: {self.points}"


class OwedEntry(models.Model):
    """Points that a refund should have taken back and could not (plus), and what later grants paid of it (minus).

    Append-only.
    """

    account = models.ForeignKey(PointsAccount, models.PROTECT, related_name="owed_entries")
    points = models.IntegerField(_("points"))
    source = models.CharField(_("source"), max_length=60)
    key = models.CharField(_("key"), max_length=120, unique=True)
    at = models.DateTimeField(_("when"))
    on = models.DateField(_("day"))

    class Meta:
        verbose_name = _("owed points")
        verbose_name_plural = _("owed points")
        constraints = [models.CheckConstraint(condition=~Q(points=0), name="owed_entry_not_zero")]

    def __str__(self) -> str:
        return f"{self.points:+d}"


class SpendingCount(models.Model):
    """What a client paid in money at one rate, and the points she got for it: floor(paid x rate / 100).

    Counting the total, not each sale, is why no remainder is lost. A new rate starts a new count.
    """

    account = models.ForeignKey(PointsAccount, models.PROTECT, related_name="spending_counts")
    rate = models.DecimalField(_("points per 100"), max_digits=6, decimal_places=2)
    paid = MoneyField(_("paid"), default=0)
    points = models.PositiveIntegerField(_("points"), default=0)
    started_at = models.DateTimeField(_("since"))
    is_current = models.BooleanField(_("counts now"), default=True)

    class Meta:
        verbose_name = _("count of spending")
        verbose_name_plural = _("counts of spending")
        constraints = [
            models.UniqueConstraint(
                # two counts at once would each keep a remainder
                fields=["account"],
                condition=Q(is_current=True),
                name="spending_count_current_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.paid} @ {self.rate}"


class SpendingShare(models.Model):
    """What one sale or refund added to a count, in money and in points. Append-only."""

    count = models.ForeignKey(SpendingCount, models.PROTECT, related_name="shares")
    sale = models.OneToOneField("crm.Sale", models.PROTECT, verbose_name=_("sale"), related_name="+")
    paid = MoneyField(_("paid"))
    points = models.IntegerField(_("points"))
    # of the points to be taken back, those that had expired anyway
    forgiven = models.PositiveIntegerField(_("already expired"), default=0)

    class Meta:
        verbose_name = _("share of spending")
        verbose_name_plural = _("shares of spending")

    def __str__(self) -> str:
        return f"{self.paid}: {self.points:+d}"


class PendingGrant(models.Model):
    """Points promised for an appointment; they come when that visit is done (rules.md, Points)."""

    class State(models.TextChoices):
        PENDING = "pending", _("pending")
        GRANTED = "granted", _("granted")
        VANISHED = "vanished", _("vanished")

    account = models.ForeignKey(PointsAccount, models.PROTECT, verbose_name=_("account"), related_name="pending")
    points = models.PositiveIntegerField(_("points"))
    kind = models.CharField(_("kind"), max_length=12, choices=LedgerEntry.Kind)
    # moves to the replacement when the salon cancels
    appointment = models.ForeignKey("crm.Appointment", models.PROTECT, verbose_name=_("appointment"), related_name="+")
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.PENDING)
    # at most once per visit: the client's day on which she rebooked
    key = models.CharField(_("key"), max_length=120, unique=True)
    promised_at = models.DateTimeField(_("promised"))
    settled_at = models.DateTimeField(_("settled"), null=True, blank=True)

    class Meta:
        verbose_name = _("pending points")
        verbose_name_plural = _("pending points")
        indexes = [
            models.Index(fields=["appointment"], name="pending_by_appointment", condition=Q(state="pending")),
        ]

    def __str__(self) -> str:
        return f"{self.points} {self.get_state_display()}"


PERCENT = [MinValueValidator(0), MaxValueValidator(100)]


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
        _("notice from, points"), default=50, validators=[MinValueValidator(1)]
    )
    rebooking_on = models.BooleanField(_("points for rebooking on the spot"), default=False)
    rebooking_points = models.PositiveIntegerField(
        _("for rebooking on the spot"), default=50, help_text=_("Given when that visit is done.")
    )
    referral_on = models.BooleanField(_("points for referrals"), default=False)
    referrer_points = models.PositiveIntegerField(_("to the one who brought a friend"), default=200)
    friend_points = models.PositiveIntegerField(_("to the friend"), default=100)
    gesture_on = models.BooleanField(_("points by hand"), default=False)
    gesture_daily_points = models.PositiveIntegerField(_("by hand, at most a day"), default=100)
    voucher_on_top_of_card = models.BooleanField(
        _("voucher on top of a card"),
        default=False,
        help_text=_("Otherwise discounts never add up: the best one is taken."),
    )
    win_back_percent = models.PositiveSmallIntegerField(
        _("win-back voucher, percent"), default=50, validators=[MinValueValidator(1), MaxValueValidator(100)]
    )
    win_back_book_days = models.PositiveSmallIntegerField(_("win-back: book within, days"), default=30)
    win_back_visit_days = models.PositiveSmallIntegerField(_("win-back: visit within, days"), default=60)
    win_back_once_days = models.PositiveSmallIntegerField(_("win-back voucher at most once in, days"), default=365)
    voucher_prolong_days = models.PositiveSmallIntegerField(
        _("a voucher is prolonged by, days"),
        default=30,
        help_text=_("With the second win-back, and when the salon cancels the booking it hangs on."),
    )
    birthday_on = models.BooleanField(_("free service at a birthday"), default=False)
    birthday_before_days = models.PositiveSmallIntegerField(_("birthday voucher from, days before"), default=7)
    birthday_after_days = models.PositiveSmallIntegerField(_("birthday voucher until, days after"), default=14)
    birthday_services = models.ManyToManyField(
        "crm.Service", blank=True, verbose_name=_("free at a birthday: one of"), related_name="+"
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
    card_max_percent = models.PositiveSmallIntegerField(
        _("a card gives at most, percent"), default=30, validators=[MaxValueValidator(30)]
    )
    card_period_days = models.PositiveSmallIntegerField(_("card level by money paid in, days"), default=365)
    card_notice_days = models.PositiveSmallIntegerField(_("notice before a level is lost, days"), default=30)
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
