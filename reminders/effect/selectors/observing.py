"""Who was sent an offer and who was held back, and what each did in the 30 days after (rules.md, Effect of a campaign)."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, QuerySet

from crm.booking.models import Appointment, Visit
from crm.sales.models import Sale, SaleLine
from loyalty.gifts.models import GiftGiven
from loyalty.vouchers.models import Voucher
from reminders.journeys.models import WITH_CONTROL
from reminders.messages.models import OWNERS_WORDS, Kind, Message

# by client and day, when what is known of that day was
Instants = dict[tuple[int, date], list[datetime]]
WINDOW = timedelta(days=30)
# what has no hour counts as at noon
NOON = time(12)
ZERO = Decimal(0)
# as drawn, whether it arrived or not: of who was held back nobody knows either
SENT = (*Message.GONE, Message.State.FAILED)
# vouchers that come with an offer; a visit paid with one may have taken the chair of a full price
VOUCHERS = {
    Kind.WIN_BACK: Voucher.Kind.WIN_BACK,
    Kind.SECOND_WIN_BACK: Voucher.Kind.WIN_BACK,
    Kind.NEWS: Voucher.Kind.OFFER,
    Kind.EVENT: Voucher.Kind.OFFER,
    Kind.HOLIDAY: Voucher.Kind.OFFER,
}


@dataclass(frozen=True, slots=True)
class Series:
    """What is compared: a journey by its kind, or one campaign by its occasion."""

    kind: str
    occasion: str = ""

    @property
    def seed(self) -> str:
        """Of the bootstrap: the same page shows the same bounds."""
        return f"{self.kind} {self.occasion}"

    def messages(self, since: datetime, until: datetime) -> QuerySet[Message]:
        """What was sent and held back in `[since, until)`; what another system sent is not in it."""
        rows = Message.objects.filter(
            kind=self.kind,
            is_imported=False,
            state__in=[*SENT, Message.State.CONTROL],
            send_at__gte=since,
            send_at__lt=until,
        )
        return rows.filter(occasion=self.occasion) if self.occasion else rows


@dataclass(slots=True)
class Observed:
    """One client from the moment at which her offer went, or would have gone. Money in the salon's currency."""

    client: int
    at: datetime
    is_held_back: bool
    visits: int = 0
    paid: Decimal = ZERO
    goods: Decimal = ZERO
    gifts: Decimal = ZERO
    messages: Decimal = ZERO
    discounts: Decimal = ZERO
    # full price of visits paid with the offer's voucher, and when they were
    offered: tuple[tuple[datetime, int, Decimal], ...] = ()

    @property
    def margin(self) -> Decimal:
        """Paid less cost of goods, gifts and messages."""
        return self.paid - self.goods - self.gifts - self.messages

    def spans(self, at: datetime) -> bool:
        return self.at <= at < self.at + WINDOW

    def is_over(self, now: datetime) -> bool:
        return self.at + WINDOW <= now


def observe(series: Series, *, since: datetime, until: datetime, zone: ZoneInfo) -> list[Observed]:
    """The first offer of each client in `[since, until)`, with her 30 days. A fixed number of queries.

    Of a journey only the days count from the first to the last on which somebody was held back: before and
    after there is nobody to compare with who lived through the same weeks.
    """
    rows = series.messages(since, until)
    observed: dict[int, Observed] = {}
    for client, state, send_at, sent_at in rows.order_by("send_at", "pk").values_list(
        "client_id", "state", "send_at", "sent_at"
    ):
        observed.setdefault(client, Observed(client, sent_at or send_at, state == Message.State.CONTROL))
    found = list(observed.values())
    if not series.occasion:
        days = [each.at.astimezone(zone).date() for each in found if each.is_held_back]
        if days:
            first, last = min(days), max(days)
            found = [each for each in found if first <= each.at.astimezone(zone).date() <= last]
    if found:
        _follow({each.client: each for each in found}, rows, series, zone)
    return found


def _follow(found: dict[int, Observed], rows: QuerySet[Message], series: Series, zone: ZoneInfo) -> None:
    """What each did in her 30 days, read for all at once."""
    clients = rows.order_by().values("client_id")
    starts = min(each.at for each in found.values())
    ends = max(each.at for each in found.values()) + WINDOW
    days = {"client__in": clients, "on__gte": _day(starts, zone), "on__lte": _day(ends, zone)}
    instants: Instants = defaultdict(list)
    sales = _sales(found, Sale.objects.filter(**days), instants, zone)
    _visits(found, days, instants, zone)
    _lines(sales, series, {f"sale__{name}": value for name, value in days.items()})
    gifts = GiftGiven.objects.filter(client__in=clients, given_at__gte=starts, taken_back_at__isnull=True)
    for client, at, cost in gifts.values_list("client_id", "given_at", "cost"):
        if (one := found.get(client)) is not None and one.spans(at):
            one.gifts += cost
    said = Message.objects.filter(client__in=clients, sent_at__gte=starts, sent_at__lt=ends, cost__gt=0)
    for client, sent_at, cost in said.values_list("client_id", "sent_at", "cost"):
        if (one := found.get(client)) is not None and sent_at is not None and one.spans(sent_at):
            one.messages += cost


def _sales(
    found: dict[int, Observed], rows: QuerySet[Sale], instants: Instants, zone: ZoneInfo
) -> dict[int, tuple[Observed, datetime]]:
    """What was paid and returned; gives each receipt within the 30 days with whose it is and when it was."""
    sales = {}
    for pk, client, on, sold_at, paid in rows.values_list("pk", "client_id", "on", "sold_at", "paid"):
        one, at = found.get(client or 0), sold_at or datetime.combine(on, NOON, zone)
        if one is None:
            continue
        # a return is no visit
        if paid >= 0:
            instants[one.client, on].append(at)
        if one.spans(at):
            one.paid += paid
            sales[pk] = one, at
    return sales


def _visits(found: dict[int, Observed], days: dict[str, Any], instants: Instants, zone: ZoneInfo) -> None:
    """Visit days, by the hour of what was done or sold on them."""
    done = Appointment.objects.filter(status=Appointment.Status.DONE, starts_at__isnull=False, **days)
    for client, on, starts_at in done.values_list("client_id", "on", "starts_at"):
        if starts_at is not None:
            instants[client, on].append(starts_at)
    for client, on in Visit.objects.filter(**days).values_list("client_id", "on"):
        one = found.get(client)
        known = instants.get((client, on)) or [datetime.combine(on, NOON, zone)]
        if one is not None and any(one.spans(at) for at in known):
            one.visits += 1


def _lines(sales: dict[int, tuple[Observed, datetime]], series: Series, in_time: dict[str, Any]) -> None:
    """Cost of goods, what the offer's voucher took off, and the visits that it paid."""
    voucher = Voucher.objects.filter(redeemed_sale=OuterRef("sale_id"), kind=VOUCHERS.get(Kind(series.kind), ""))
    lines = (
        SaleLine.objects.filter(**in_time)
        .annotate(by_offer=Exists(voucher))
        .values_list(
            "sale_id",
            "sale__branch_id",
            "sale__appointment__starts_at",
            "quantity",
            "product__cost",
            "full_amount",
            "discount_kind",
            "discount_amount",
            "by_offer",
        )
    )
    offered: dict[tuple[int, int], list[Any]] = {}
    for sale, branch, starts_at, quantity, cost, full, kind, taken_off, by_offer in lines:
        if sale not in sales:
            continue
        one, at = sales[sale]
        if cost is not None:
            one.goods += quantity * cost
        if by_offer and kind == "voucher":
            one.discounts += taken_off
            entry = offered.setdefault((one.client, sale), [one, starts_at or at, branch, ZERO])
            entry[3] += full
    for one, at, branch, full in offered.values():
        one.offered += ((at, branch, full),)


def _day(at: datetime, zone: ZoneInfo) -> date:
    return at.astimezone(zone).date()


def series_in(since: datetime, until: datetime, *, compared_only: bool = False) -> list[Series]:
    """The journeys and campaigns of which something went or was held back in `[since, until)`, journeys first.

    `compared_only`: only those of which somebody was held back.
    """
    states = [Message.State.CONTROL] if compared_only else [*SENT, Message.State.CONTROL]
    rows = Message.objects.filter(is_imported=False, state__in=states, send_at__gte=since, send_at__lt=until)
    journeys = set(rows.filter(kind__in=WITH_CONTROL).order_by().values_list("kind", flat=True).distinct())
    campaigns = rows.filter(kind__in=OWNERS_WORDS).order_by().values_list("kind", "occasion").distinct()
    return [
        *(Series(kind) for kind in WITH_CONTROL if kind in journeys),
        *(Series(kind, occasion) for kind, occasion in sorted(campaigns)),
    ]
