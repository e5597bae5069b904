"""Reads of messages: what was said to a client, and what a message speaks of."""

from collections.abc import Callable, Collection
from datetime import date, datetime

from django.db.models import QuerySet, Sum

from crm.booking.models import VisitItem, WaitingOffer
from crm.booking.services import Slot
from crm.catalogue.models import Service, ServiceWords
from crm.people.models import Client
from crm.reports.selectors.chairs import chairs_of
from crm.team.once import put_in, read_once
from crm.team.selectors import branch_day, zone
from loyalty.points.models import PointsLot
from loyalty.vouchers.models import Voucher
from loyalty.vouchers.selectors import voucher_by_key, voucher_from_campaign
from reminders.campaigns.selectors.campaigns import campaign_key, campaign_of
from reminders.messages.models import OWNERS_WORDS, Kind, Message

# what is offered below its price fills hours that would stay empty
FILLS_EMPTY_HOURS = (Kind.WIN_BACK, Kind.SECOND_WIN_BACK, *OWNERS_WORDS)
WITH_VOUCHER = (
    Kind.WIN_BACK,
    Kind.SECOND_WIN_BACK,
    Kind.BIRTHDAY,
    Kind.MASTER_ILL,
    Kind.MASTER_LATE,
    *OWNERS_WORDS,
)


def messages_of(client: Client) -> QuerySet[Message]:
    """What was and will be said to her, the newest first."""
    return Message.objects.filter(client=client).order_by("-send_at", "-pk")


def complaint_key(occasion: str) -> int:
    """The complaint that a message is about, by its occasion; 0 where it names none."""
    key = occasion.partition("/")[0]
    return int(key) if key.isascii() and key.isdecimal() else 0


def order_key(occasion: str) -> int:
    """The order that a message is about, by its occasion; 0 where it names none."""
    key = occasion.partition("/")[0]
    return int(key) if key.isascii() and key.isdecimal() else 0


def voucher_key(kind: str, client_id: int, occasion: str) -> str:
    """One fact gives one voucher: the second win-back speaks of the first one's."""
    named = Kind.WIN_BACK if kind == Kind.SECOND_WIN_BACK else kind
    return f"{named} {client_id} {occasion}"


def voucher_of(message: Message) -> Voucher | None:
    """The voucher that a message speaks of; none where it was used or taken back."""
    if message.kind not in WITH_VOUCHER:
        return None
    if message.kind in OWNERS_WORDS:
        campaign = campaign_of(campaign_key(message.occasion))
        voucher = voucher_from_campaign(campaign.coupon_id, message.client_id) if campaign else None
    else:
        voucher = voucher_by_key(voucher_key(message.kind, message.client_id, message.occasion))
    if voucher is None or voucher.redeemed_at is not None or voucher.voided_at is not None:
        return None
    return voucher


def named_hours(message: Message, now: datetime) -> Callable[[Slot], bool] | None:
    """Which free times an offer may name: those of hours that stay empty, none of full ones (practices.md, P57).

    None, that is any, for what is no offer at a lower price, and while the salon's weeks are too few to tell.
    """
    if message.kind not in FILLS_EMPTY_HOURS:
        return None
    chairs, here = chairs_of(message.branch, today=branch_day(message.branch, now)), zone(message.branch)
    if not chairs.is_known:
        return None
    return lambda slot: chairs.stays_empty(slot.starts_at.astimezone(here), slot.ends_at.astimezone(here))


def offer_of(message: Message) -> WaitingOffer | None:
    """The offer to the waiting list that a message speaks of; its key stands in the occasion."""
    key = message.occasion.rpartition("/")[2]
    if message.kind not in (Kind.WAITING_OFFER, Kind.WAITING_TAKEN) or not key.isdecimal():
        return None
    return (
        WaitingOffer.objects.select_related("entry__client", "entry__branch", "entry__instead_of__branch", "master")
        .filter(pk=int(key), entry__client=message.client_id)
        .first()
    )


def items_of_visit(client: Client, on: date | None) -> list[VisitItem]:
    """What was done and sold on a visit day and by whom, in the order in which it was written down."""
    return _items(client.pk, on) if on is not None else []


def know_items(visits: Collection[tuple[int, date]]) -> None:
    """Reads what `items_of_visit` answers for these visits (client, day), in one query."""
    found: dict[tuple[int, date], list[VisitItem]] = {visit: [] for visit in visits}
    clients, days = {client for client, _on in found}, {on for _client, on in found}
    items = VisitItem.objects.filter(visit__client__in=clients, visit__on__in=days)
    for item in items.select_related("service", "master", "visit").order_by("pk"):
        if (key := (item.visit.client_id, item.visit.on)) in found:
            found[key].append(item)
    for (client, on), hers in found.items():
        put_in(_items, client, on, answer=hers)


@read_once
def _items(client_id: int, on: date) -> list[VisitItem]:
    items = VisitItem.objects.filter(visit__client=client_id, visit__on=on)
    return list(items.select_related("service", "master").order_by("pk"))


def services_among(items: list[VisitItem]) -> list[Service]:
    """Their services, each once."""
    return list({item.service.pk: item.service for item in items if item.service is not None}.values())


def master_among(items: list[VisitItem]) -> str:
    """Who served her; nobody's name where it were several or is unknown."""
    found = {item.master.name for item in items if item.master is not None}
    return found.pop() if len(found) == 1 else ""


def services_of_visit(client: Client, on: date | None) -> list[Service]:
    """What was done on a visit day."""
    return services_among(items_of_visit(client, on))


def master_of_visit(client: Client, on: date | None) -> str:
    """Who served her on that day."""
    return master_among(items_of_visit(client, on))


def words_of_services(services: list[Service], language: str) -> dict[int, ServiceWords]:
    """The salon's words for these services in a language, by service."""
    return _words(tuple(service.pk for service in services), language) if services else {}


@read_once
def _words(services: tuple[int, ...], language: str) -> dict[int, ServiceWords]:
    rows = ServiceWords.objects.filter(service__in=services, language=language)
    return {row.service_id: row for row in rows}


def expiring_points(client: Client, on: date) -> int:
    """Her points that expire on that day."""
    lots = PointsLot.objects.filter(account__client=client, expires_on=on, remaining__gt=0)
    return lots.aggregate(points=Sum("remaining"))["points"] or 0


def asked_about(services: list[Service]) -> Service | None:
    """Of what was done, the service whose question is asked: the one asked about last."""
    asked = [service for service in services if service.ask_after_days and not service.is_one_off]
    return max(asked, key=lambda service: service.ask_after_days or 0) if asked else None
