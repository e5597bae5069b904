"""Filling the gift pot, giving gifts and extras, taking them back (rules.md, Money, Gifts; practices.md, P10 and P11)."""

from collections.abc import Sequence
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal

from django.db import transaction
from django.db.models import F, Sum, Value
from django.utils.translation import gettext as _

from crm.booking.models import Appointment
from crm.people.models import Client
from crm.sales.models import Sale
from crm.team.fields import MoneyField
from crm.team.models import Branch, User
from crm.team.selectors import branch_day
from loyalty.gifts.models import Gift, GiftGiven, GiftPot, PotEntry
from loyalty.gifts.selectors import extras_spent
from loyalty.points.models import LoyaltySettings

Kind = PotEntry.Kind
# shares are kept finer than money: of many small receipts nothing is lost
THOUSANDTH = Decimal("0.001")


class GiftRefused(Exception):
    """A gift cannot be given; `words` say why, fit for the desk."""

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.words = words

    def __str__(self) -> str:
        return str(self.words)


def settle_gift(*, sale: Sale, gift: Gift | None, now: datetime, rules: LoyaltySettings) -> GiftGiven | None:
    """Puts the receipt's share into its branch's pot and hands over `gift`, if one goes with it.

    No query while gifts are off, 2 without a gift, 4 with one. A sale is told of once: its key refuses a second
    time. Raises GiftRefused (none left, not covered, the same as last time).
    """
    if not rules.gifts_on:
        if gift is not None:
            raise GiftRefused(_("Gifts are switched off."))
        return None
    share = share_of(sale.paid, rules)
    # part of completing the sale: both or neither
    with transaction.atomic(savepoint=False):
        entries = [_entry(sale.branch, Kind.FED, share, f"fed sale {sale.pk}", sale, now)] if share else []
        given = None
        if gift is not None and sale.client is not None:
            if not _move(sale.branch, share - gift.cost):
                raise GiftRefused(_("The gift pot does not cover it any more."))
            given = _give_with(sale, sale.client, gift, now)
            entries.append(_entry(sale.branch, Kind.GIVEN, -gift.cost, f"given {given.pk}", sale, now))
        elif share:
            _move(sale.branch, share)
        PotEntry.objects.bulk_create(entries)
    return given


def _give_with(sale: Sale, client: Client, gift: Gift, now: datetime) -> GiftGiven:
    """A gift with this receipt, off the shelf: the condition sees to it that the last one goes to one."""
    if gift.kind != Gift.Kind.GIFT or gift.branch_id != sale.branch_id:
        raise GiftRefused(_("This gift is not from here."))
    had = GiftGiven.objects.filter(client=client, kind=Gift.Kind.GIFT, taken_back_at__isnull=True)
    last = had.order_by("-given_at", "-pk").values("gift")[:1]
    shelf = Gift.objects.filter(pk=gift.pk, is_active=True, stock__gt=0).exclude(pk__in=last)
    if not shelf.update(stock=F("stock") - 1):
        if last.values_list("gift", flat=True).first() == gift.pk:
            raise GiftRefused(_("She got the same last time. Choose another gift."))
        raise GiftRefused(_("None of this gift is left."))
    return GiftGiven.objects.create(
        gift=gift,
        kind=gift.kind,
        client=client,
        branch=sale.branch,
        cost=gift.cost,
        sale=sale,
        appointment=sale.appointment,
        user=sale.completed_by,
        given_at=now,
        on=sale.on,
    )


@transaction.atomic
def give_from_shelf(*, gift: Gift, client: Client, now: datetime, user: User | None) -> GiftGiven:
    """A gift that makes up for something, without a receipt: off the shelf, and not out of the pot of surprises.

    The caller says once that it is given. Raises GiftRefused where none is left.
    """
    shelf = Gift.objects.filter(pk=gift.pk, kind=Gift.Kind.GIFT, is_active=True, stock__gt=0)
    if not shelf.update(stock=F("stock") - 1):
        raise GiftRefused(_("None of this gift is left."))
    return GiftGiven.objects.create(
        gift=gift,
        kind=gift.kind,
        client=client,
        branch=gift.branch,
        cost=gift.cost,
        user=user,
        given_at=now,
        on=branch_day(gift.branch, now),
    )


@transaction.atomic
def settle_gift_refund(*, refund: Sale, now: datetime) -> None:
    """The share of what was returned leaves the pot; the gift stays hers. Nothing where the sale fed nothing."""
    fed = PotEntry.objects.filter(sale=refund.refund_of_id, kind=Kind.FED).first()
    sale = refund.refund_of
    if fed is None or sale is None or not sale.paid or not refund.paid:
        return
    # at the rate of then, whatever it is now
    amount = (fed.amount * refund.paid / sale.paid).quantize(THOUSANDTH, rounding=ROUND_HALF_UP)
    if amount:
        pot = _locked_pot(refund.branch)
        _write(pot, [_entry(refund.branch, Kind.FED, amount, f"fed sale {refund.pk}", refund, now)])


def share_of(paid: Decimal, rules: LoyaltySettings) -> Decimal:
    """What a receipt puts into the pot: 0.5 % of what was paid in money, to the thousandth, half up."""
    return (paid * rules.gift_share_percent / 100).quantize(THOUSANDTH, rounding=ROUND_HALF_UP)


@transaction.atomic
def give_extra(
    *, appointment: Appointment, gift: Gift, now: datetime, user: User | None, rules: LoyaltySettings
) -> GiftGiven:
    """An extra for this visit out of the month's budget of its branch. Raises GiftRefused.

    The pot's row is the queue: of two masters at once who would spend the rest, the second is told.
    """
    if gift.kind != Gift.Kind.EXTRA or gift.branch_id != appointment.branch_id or not gift.is_active:
        raise GiftRefused(_("This extra is no longer given."))
    branch = appointment.branch
    _locked_pot(branch)
    today = branch_day(branch, now)
    earlier = GiftGiven.objects.filter(appointment=appointment, gift=gift, taken_back_at__isnull=True).first()
    if earlier is not None:
        return earlier
    if extras_spent(branch, today) + gift.cost > rules.extras_budget:
        raise GiftRefused(_("This month's budget does not cover it any more."))
    return GiftGiven.objects.create(
        gift=gift,
        kind=gift.kind,
        client=appointment.client,
        branch=branch,
        cost=gift.cost,
        appointment=appointment,
        user=user,
        given_at=now,
        on=today,
    )


@transaction.atomic
def take_back_gift(*, given: GiftGiven, now: datetime) -> bool:
    """It was not given after all: back to the shelf, its cost back to the pot; False if it was taken back before."""
    pot = _locked_pot(given.branch)
    if not GiftGiven.objects.filter(pk=given.pk, taken_back_at__isnull=True).update(taken_back_at=now):
        return False
    if given.kind == Gift.Kind.GIFT:
        Gift.objects.filter(pk=given.gift_id).update(stock=F("stock") + 1)
        # what made up for a complaint never came out of the pot
        if PotEntry.objects.filter(key=f"given {given.pk}").exists():
            _write(pot, [_entry(given.branch, Kind.RETURNED, given.cost, f"returned {given.pk}", given.sale, now)])
    return True


@transaction.atomic
def receive_gifts(*, gift: Gift, number: int) -> None:
    """So many more on the shelf; beside what is being given at this moment."""
    Gift.objects.filter(pk=gift.pk).update(stock=F("stock") + number)


@transaction.atomic
def rebuild_pots() -> list[tuple[Branch, Decimal, Decimal]]:
    """Makes each pot the sum of its entries; gives branch, what stood there and what it became, where they differed."""
    for branch_id in PotEntry.objects.values_list("branch", flat=True).distinct():
        GiftPot.objects.get_or_create(branch_id=branch_id)
    pots = list(GiftPot.objects.select_for_update(of=("self",)).select_related("branch").order_by("pk"))
    sums = dict(PotEntry.objects.values_list("branch").annotate(total=Sum("amount")))
    wrong = []
    for pot in pots:
        total = sums.get(pot.branch_id, Decimal(0))
        if pot.balance != total:
            wrong.append((pot.branch, pot.balance, total))
            GiftPot.objects.filter(pk=pot.pk).update(balance=total)
    return wrong


def _move(branch: Branch, change: Decimal) -> bool:
    """Puts so much into the branch's pot, or takes it; False if there is not enough. The update holds its row."""
    enough = GiftPot.objects.filter(branch=branch, balance__gte=max(Decimal(0), -change))
    # typed: a bare Decimal would not be told in thousandths
    moved = F("balance") + Value(change, output_field=MoneyField())
    if enough.update(balance=moved):
        return True
    # the first receipt of a branch opens its pot
    _pot, is_new = GiftPot.objects.get_or_create(branch=branch)
    return is_new and bool(enough.update(balance=moved))


def _locked_pot(branch: Branch) -> GiftPot:
    pot = GiftPot.objects.select_for_update().filter(branch=branch).first()
    if pot is None:
        GiftPot.objects.get_or_create(branch=branch)
        pot = GiftPot.objects.select_for_update().get(branch=branch)
    return pot


def _write(pot: GiftPot, entries: Sequence[PotEntry]) -> None:
    """Entries and the balance beside them; the caller holds the pot's lock."""
    PotEntry.objects.bulk_create(entries)
    pot.balance += sum(entry.amount for entry in entries)
    pot.save(update_fields=["balance"])


def _entry(branch: Branch, kind: str, amount: Decimal, key: str, sale: Sale | None, now: datetime) -> PotEntry:
    return PotEntry(branch=branch, kind=kind, amount=amount, key=key, sale=sale, at=now, on=branch_day(branch, now))
