"""Accounts of points and the append-only ledger with its lots and what is owed."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

# how the source of an entry begins that takes another one back: "entry 7"
UNDONE = "entry "
# how the source of an entry begins that gives points of an unused reward back: "voucher 7"
RETURNED = "voucher "
# how the source of an entry begins that makes up for a complaint: "amends 7"; it has a limit of its own
AMENDS = "amends "


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
        # by the owner, up or down
        ADJUSTED = "adjusted", _("adjusted by the owner")
        PAID = "paid", _("paid with points")
        GIVEN_BACK = "given_back", _("given back by a refund")
        REWARD = "reward", _("reward")
        EXPIRED = "expired", _("expired")
        TAKEN_BACK = "taken_back", _("taken back by a refund")
        OWED = "owed", _("deducted, was owed")
        # two cards of one client became one: off the one account, onto the other
        MERGED = "merged", _("moved from her other card")

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
        """What it is, in words; not everything that goes or comes back does so by a refund."""
        if self.kind == self.Kind.TAKEN_BACK and self.source.startswith(UNDONE):
            return gettext("taken back by the owner")
        if self.kind == self.Kind.GIVEN_BACK and self.source.startswith(RETURNED):
            return gettext("given back, the reward was not used")
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
