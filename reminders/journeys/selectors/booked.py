"""Appointments of these clients, what was done to them, and freed times that they were offered: one query each."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db.models import Exists, F, OuterRef, Q

from crm.booking.models import Appointment, AppointmentEvent, WaitingEntry, WaitingOffer
from crm.booking.selectors import stands_as
from crm.booking.services.offering import ON_HER_WAY
from reminders.journeys.facts import Booking, Change, Facts, Offered
from reminders.messages.models import Kind

CHANGE_KINDS = {
    AppointmentEvent.Kind.BOOKED: Kind.CONFIRMATION,
    AppointmentEvent.Kind.MOVED: Kind.CHANGE,
    AppointmentEvent.Kind.CANCELLED: Kind.CANCELLATION,
}
# the same, because a master is ill or late
BAD_DAY_KINDS = {
    AppointmentEvent.Kind.MOVED: Kind.MASTER_LATE,
    AppointmentEvent.Kind.CANCELLED: Kind.MASTER_ILL,
}


def add_bookings(facts: Mapping[int, Facts], *, as_of: datetime) -> None:
    """What she has booked, as far as it had been booked then; an hour not known counts as always."""
    for pk, client, starts_at, on, status, booked_at in (
        Appointment.objects.filter(
            client_id__in=facts, status__in=Appointment.OPEN, starts_at__gt=as_of - timedelta(days=8)
        )
        .filter(Q(booked_at__isnull=True) | Q(booked_at__lte=as_of))
        .order_by("starts_at")
        .values_list("pk", "client_id", "starts_at", "on", "status", "booked_at")
    ):
        if starts_at is not None:
            facts[client].bookings.append(Booking(pk, starts_at, on, status, booked_at))


def add_changes(facts: Mapping[int, Facts], *, as_of: datetime) -> None:
    """What was done to appointments; a step that took several dates of a series is one, told with the first."""
    earlier = AppointmentEvent.objects.filter(
        appointment__series=OuterRef("appointment__series"),
        kind=OuterRef("kind"),
        at=OuterRef("at"),
        pk__lt=OuterRef("pk"),
        undone_at__isnull=True,
        bad_day__isnull=True,
    )
    events = (
        AppointmentEvent.objects.filter(
            appointment__client_id__in=facts,
            kind__in=CHANGE_KINDS,
            undone_at__isnull=True,
            at__lte=as_of,
            appointment__starts_at__gt=as_of - timedelta(days=1),
        )
        .exclude(via=AppointmentEvent.Via.IMPORT)
        # only its end was drawn, or somebody else's part: for her it stays as it was
        .exclude(starts_before=F("starts_after"), master_before=F("appointment__master"))
        .annotate(is_told_before=Exists(earlier))
        .select_related("appointment")
        .order_by("at", "pk")
    )
    standing: dict[tuple, bool] = defaultdict(bool)
    for event in events:
        standing[_step(event)] |= stands_as(event)
    for event in events:
        if event.is_told_before:
            continue
        appointment = event.appointment
        kinds = CHANGE_KINDS if event.bad_day_id is None else BAD_DAY_KINDS
        kind = kinds[AppointmentEvent.Kind(event.kind)]
        starts_at = event.starts_after or appointment.starts_at
        if starts_at is None:
            continue
        facts[appointment.client_id].changes.append(
            Change(
                pk=event.pk,
                appointment=appointment.pk,
                kind=kind,
                ready_at=max(event.at, event.held_until or event.at),
                starts_at=starts_at,
                stands=standing[_step(event)],
            )
        )


def add_offers(facts: Mapping[int, Facts], *, as_of: datetime) -> None:
    """Freed times that she is thinking about, and those lost where several had been asked at once."""
    offers = WaitingOffer.objects.filter(entry__client_id__in=facts, starts_at__gt=as_of)
    is_open = Q(state=WaitingOffer.State.OPEN)
    has_another = WaitingOffer.objects.filter(is_open, entry=OuterRef("entry"))
    is_lost = Q(state=WaitingOffer.State.LOST, keeps=False, entry__state=WaitingEntry.State.WAITING)
    for offer in offers.filter(is_open | is_lost & ~Exists(has_another)).select_related("entry").order_by("pk"):
        facts[offer.entry.client_id].offers.append(
            Offered(
                pk=offer.pk,
                offered_at=offer.offered_at,
                starts_at=offer.starts_at,
                until=offer.starts_at - ON_HER_WAY,
                lost_at=offer.closed_at,
            )
        )


def _step(event: AppointmentEvent) -> tuple:
    """What was done in one go: by itself, or to several dates of a series."""
    series_id = event.appointment.series_id
    if series_id is None or event.bad_day_id is not None:
        return (event.pk,)
    return series_id, event.kind, event.at
