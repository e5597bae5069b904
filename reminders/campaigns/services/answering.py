"""Answers to an invitation: a seat is taken, given back, waited for (practices.md, P20)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from crm.people.models import Client
from crm.people.services.changes import note_change
from reminders.campaigns.models import Event, Guest
from reminders.campaigns.selectors.guests import seats_taken

State = Guest.State


class AnswerRefused(Exception):
    """`words` say it to whoever answered."""

    words = _("This cannot be answered any more.")

    def __str__(self) -> str:
        return str(self.words)


class EventOver(AnswerRefused):
    words = _("It has begun already.")


class EventCancelled(AnswerRefused):
    words = _("It does not take place. We are sorry.")


class NoSeatForFriend(AnswerRefused):
    words = _("There is no seat left for a friend. Yours is kept.")


@transaction.atomic
def answer_invitation(*, event: Event, client: Client, seats: int, now: datetime) -> Guest:
    """She comes alone (1), with a friend (2), or not (0); she may change her mind until it begins.

    Where there is no room for all of hers she waits, in the order of answers; a seat given back goes to the first
    who fits. The same answer again changes nothing. Raises EventOver, EventCancelled.
    """
    held = _held(event, now)
    guest = Guest.objects.filter(event=held, client=client).first() or Guest(event=held, client=client, seats=1)
    before = (guest.state, guest.seats)
    if seats == 0:
        guest.state = State.NOT_COMING
    elif before in ((State.COMING, seats), (State.WAITING, seats)):
        return guest
    else:
        own = guest.seats if guest.state == State.COMING and guest.pk else 0
        fits = held.seats is None or seats_taken(held) - own + seats <= held.seats
        # who has a seat and asks for a friend's too does not lose her own while she waits
        if own and not fits:
            raise NoSeatForFriend
        guest.state, guest.seats = (State.COMING if fits else State.WAITING), seats
    if (guest.state, guest.seats) == before and guest.pk:
        return guest
    guest.answered_at = now
    guest.waits_since = (guest.waits_since or now) if guest.state == State.WAITING else None
    guest.moved_up_at = None
    guest.save()
    note_change([client.pk])
    move_up(held, now)
    return guest


@transaction.atomic
def cancel_event(*, event: Event, now: datetime) -> int:
    """It does not take place: who comes or waits is told; gives how many. Again it changes nothing."""
    held = Event.objects.select_for_update(of=("self",)).get(pk=event.pk)
    if held.cancelled_at is not None:
        return 0
    held.cancelled_at = now
    held.save()
    told = list(held.guests.exclude(state=State.NOT_COMING).values_list("client", flat=True))
    note_change(told)
    return len(told)


@transaction.atomic
def note_came(*, guest: Guest, came: bool, now: datetime) -> None:
    """Ticked at the door, or the tick taken back."""
    Guest.objects.filter(pk=guest.pk, came_at__isnull=came).update(came_at=now if came else None)


def _held(event: Event, now: datetime) -> Event:
    """The event, locked: seats are counted and given behind it. Raises EventOver, EventCancelled."""
    held = Event.objects.select_for_update(of=("self",)).get(pk=event.pk)
    if held.cancelled_at is not None:
        raise EventCancelled
    if now >= held.starts_at:
        raise EventOver
    return held


def move_up(event: Event, now: datetime) -> None:
    """Free seats go to who waits, the first first; one who wants more than there are is passed over."""
    if event.seats is None:
        return
    free = event.seats - seats_taken(event)
    for guest in event.guests.filter(state=State.WAITING).order_by("waits_since", "pk"):
        if guest.seats > free:
            continue
        guest.state, guest.moved_up_at, guest.waits_since = State.COMING, now, None
        guest.save(update_fields=["state", "moved_up_at", "waits_since"])
        note_change([guest.client_id])
        free -= guest.seats
