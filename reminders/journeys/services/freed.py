"""Freed times go to who waits: booking decides who fits, the hours and the money it has to ask for are here."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal

from crm.booking.models import WaitingEntry, WaitingOffer
from crm.booking.services.offering import Manners, begin_thought, offer_by_hand, settle_freed
from crm.booking.services.waiting import expire_offers
from crm.care.models import Call
from crm.care.services import withdraw_calls
from crm.people.models import Client
from crm.sales.selectors import revenue_by_client
from crm.team.models import Master
from reminders.journeys.selectors.contacts import client_zone
from reminders.journeys.selectors.loading import rules
from reminders.journeys.services.doorbell import ring
from reminders.messages.models import Kind, Message
from reminders.messages.selectors import offer_of

YEAR = timedelta(days=365)
CALL_ABOUT = "message "


def manners() -> Manners:
    """As the owner's figures stand."""
    figures = rules()

    def heard_at(client: Client, now: datetime) -> datetime:
        return figures.windows.next_open(now, client_zone(client, client.branch))

    return Manners(heard_at=heard_at, revenue_of=revenue_of_a_year)


def revenue_of_a_year(client_ids: Sequence[int], today: date) -> Mapping[int, Decimal]:
    """What each paid on the 365 days before this one."""
    return revenue_by_client(client_ids, today - YEAR, today)


def offer_freed_times(*, now: datetime) -> int:
    """Takes up the times that have become free; returns how many offers were made."""
    return settle_freed(now=now, manners=manners())


def end_thoughts(*, now: datetime) -> int:
    """Ends the offers whose time to think is over, and takes the calls about ended ones off the list.

    Returns how many offers ended.
    """
    ended = expire_offers(now=now)
    calls = Call.objects.filter(kind=Kind.WAITING_OFFER, done_at__isnull=True)
    withdraw_calls(keys=[key for key in calls.values_list("key", flat=True) if not _is_thinking(key)])
    return ended


def call_key(message: Message) -> str:
    """Of the call that takes a message's place."""
    return f"{CALL_ABOUT}{message.pk}"


def _is_thinking(key: str) -> bool:
    """Whether the time that this call offers her is still hers to take."""
    message = Message.objects.filter(pk=key.removeprefix(CALL_ABOUT)).first()
    offer = offer_of(message) if message is not None else None
    return offer is not None and offer.state == WaitingOffer.State.OPEN


def offer_now(*, entry: WaitingEntry, master: Master, starts_at: datetime, now: datetime) -> WaitingOffer:
    """The desk offers her this time. Raises SlotTaken, InThePast, or WaitsNoMore."""
    offer = offer_by_hand(entry=entry, master=master, starts_at=starts_at, now=now, manners=manners())
    ring()
    return offer


def begin_to_think(message: Message, *, now: datetime) -> None:
    """Her time to think begins with the message that tells her; it goes no later than it is of use."""
    offer = offer_of(message) if message.kind == Kind.WAITING_OFFER else None
    if offer is not None:
        message.not_after = begin_thought(offer=offer, now=now)
