"""Reads of a client's own pages: her appointment, free slots by day, what she has."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Exists, OuterRef, QuerySet, Sum

from crm.booking.models import Appointment, Visit, WaitingEntry, WaitingOffer
from crm.booking.services import (
    Following,
    Slot,
    able_for_each,
    free_slots,
    offered_instead,
    propose_next,
    slots_to_move,
    what_may_follow,
)
from crm.care.models import Call, ResultCard
from crm.catalogue.models import FollowRule, Service, ServiceStretch
from crm.people.models import Client
from crm.team.models import Branch, Master
from crm.team.selectors import branch_day, salon_settings
from loyalty.clubs.selectors import extra_days_of
from loyalty.points.models import PendingGrant
from reminders.campaigns.models import Campaign, Event
from reminders.messages.filling import GONE, repeatable
from reminders.messages.models import Kind, Message
from reminders.messages.selectors import named_hours, services_of_visit
from reminders.messages.tokens import Key, LinkBroken

# how much of the days ahead one page shows
DAYS_A_PAGE = 14
MENDED_WITHIN_DAYS = 10
PROPOSED = 3
REMINDERS = (Kind.REMINDER_24H, Kind.REMINDER_2H)
AHEAD = (Appointment.Status.BOOKED, Appointment.Status.CONFIRMED)


def appointment_of(key: Key) -> Appointment:
    """The appointment of a key. Raises LinkBroken where it is not this client's."""
    found = (
        Appointment.objects.select_related("branch", "client", "master")
        .filter(pk=key.subject, client_id=key.client_id)
        .first()
    )
    if found is None or found.starts_at is None:
        raise LinkBroken
    return found


def message_of(key: Key) -> Message:
    """The message of a key. Raises LinkBroken where it is not this client's."""
    found = (
        Message.objects.select_related("branch", "client", "appointment")
        .filter(pk=key.subject, client_id=key.client_id)
        .first()
    )
    if found is None:
        raise LinkBroken
    return found


def asks_whether_she_comes(appointment: Appointment, now: datetime) -> bool:
    """From the day before on, or from her first reminder on: who has just booked is not asked whether she comes."""
    if branch_day(appointment.branch, now) >= appointment.on - timedelta(days=1):
        return True
    return Message.objects.filter(appointment=appointment, kind__in=REMINDERS).exists()


def is_short_notice(appointment: Appointment, now: datetime) -> bool:
    """Whether a cancellation now is a late one (the owner's CrmSettings.late_cancel_hours; nought: none is)."""
    hours = salon_settings().late_cancel_hours
    return bool(hours) and appointment.starts_at is not None and now >= appointment.starts_at - timedelta(hours=hours)


def change_calls(appointment: Appointment) -> QuerySet[Call]:
    """What she has asked the desk to change about it."""
    return Call.objects.filter(key__startswith=f"change {appointment.pk} ")


def change_asked(appointment: Appointment) -> bool:
    """Whether somebody at the desk still has to call her about it."""
    return change_calls(appointment).filter(done_at__isnull=True).exists()


def offered_time(key: Key) -> WaitingOffer:
    """The offer to the waiting list of a key. Raises LinkBroken where it is not this client's."""
    found = (
        WaitingOffer.objects.select_related(
            "master", "entry__client", "entry__branch", "entry__appointment", "entry__instead_of__branch"
        )
        .filter(pk=key.subject, entry__client=key.client_id)
        .first()
    )
    if found is None:
        raise LinkBroken
    return found


def event_invited_to(key: Key) -> Event:
    """The event of a key; its campaign's key stands there. Raises LinkBroken where nobody was invited to it."""
    found = (
        Event.objects.select_related("campaign__branch")
        .filter(campaign=key.subject)
        .exclude(campaign__state=Campaign.State.DRAFT)
        .first()
    )
    if found is None:
        raise LinkBroken
    return found


def place_on_list(key: Key) -> WaitingEntry:
    """The place on the waiting list of a key. Raises LinkBroken where it is not this client's."""
    found = (
        WaitingEntry.objects.select_related("branch", "client", "master", "appointment")
        .filter(pk=key.subject, client_id=key.client_id)
        .first()
    )
    if found is None:
        raise LinkBroken
    return found


def places_on_lists(client: Client) -> QuerySet[WaitingEntry]:
    """What she still waits for, in every branch, the oldest first."""
    return (
        WaitingEntry.objects.filter(client=client, state=WaitingEntry.State.WAITING)
        .select_related("branch", "client", "master")
        .order_by("created_at", "pk")
    )


def result_card_of(key: Key) -> ResultCard:
    """The result card of a key. Raises LinkBroken where it is not this client's."""
    found = (
        ResultCard.objects.select_related("branch", "client__branch")
        .filter(pk=key.subject, client_id=key.client_id)
        .first()
    )
    if found is None:
        raise LinkBroken
    return found


def booked_ahead(client: Client, now: datetime, *, since: datetime | None = None) -> Appointment | None:
    """Her next appointment that is booked or confirmed; with `since` only one that was booked from then on."""
    ahead = Appointment.objects.select_related("branch", "client", "master").filter(
        client=client, status__in=AHEAD, starts_at__gt=now
    )
    if since is not None:
        ahead = ahead.filter(booked_at__gte=since)
    return ahead.order_by("starts_at", "pk").first()


def taken_away_at(message: Message) -> datetime | None:
    """When the appointment was cancelled that this message is about: what is booked besides does not replace it."""
    return message.event.at if message.kind in GONE and message.event is not None else None


def pending_of(client: Client) -> QuerySet[PendingGrant]:
    """Points that wait for her next visits, the nearest first."""
    return (
        PendingGrant.objects.filter(account__client=client, state=PendingGrant.State.PENDING)
        .select_related("appointment")
        .order_by("appointment__on", "pk")
    )


def offered_services(message: Message) -> list[Service]:
    """What she is invited to: what she had last time, or what was cancelled; nothing where it is not known."""
    if message.appointment is not None:
        lines = message.appointment.lines.select_related("service").order_by("position")
        return [line.service for line in lines if line.service.is_active]
    return repeatable(message.client, message.visit_on, message.branch)


def bookable(branch: Branch) -> QuerySet[Service]:
    """What clients book by themselves in a branch, by category and name."""
    return Service.objects.filter(branch=branch, is_active=True, is_bookable_online=True).order_by(
        "category", "name", "pk"
    )


def may_book(client: Client) -> bool:
    """Whether she books by herself: the owner lets clients do it, and it is not closed to this one."""
    return salon_settings().self_booking and client.status != Client.Status.BLOCKED


def permitted_instead(
    late: Sequence[Following], services: Sequence[Service], *, client: Client | None, on: date
) -> list[list[Service]]:
    """What may be booked in place of these services on that day, each a whole visit.

    For one of which it is said that it may not follow: what is done otherwise, and whatever it may follow, as far as
    clients book it themselves and it may be done that day.
    """
    barred = {each.service for each in late}
    others = {other for each in late for other in (each.instead, *each.after) if other is not None}
    not_now = {each.service for each in what_may_follow(client=client, services=list(others), on=on)}
    found: list[list[Service]] = []
    for each in late:
        for other in dict.fromkeys((each.instead, *each.after)):
            if other is None or other in not_now or not (other.is_active and other.is_bookable_online):
                continue
            kept = [other if service == each.service else service for service in services]
            visit = list(dict.fromkeys(service for service in kept if service not in barred))
            if visit not in found:
                found.append(visit)
    return found


def must_follow(services: Sequence[Service]) -> dict[int, list[Service]]:
    """Of these (their keys) those that are done only after others, and after which; one query."""
    rules = FollowRule.objects.filter(service__in=services).select_related("after").order_by("pk")
    found: dict[int, list[Service]] = {}
    for rule in rules:
        found.setdefault(rule.service_id, []).append(rule.after)
    return found


def open_branches() -> QuerySet[Branch]:
    """Branches in which something can be booked by oneself, by name."""
    return Branch.objects.filter(
        Exists(Service.objects.filter(branch=OuterRef("pk"), is_active=True, is_bookable_online=True)),
        Exists(Master.objects.filter(branch=OuterRef("pk"), is_active=True)),
        is_active=True,
    ).order_by("name", "pk")


def planned_minutes(services: Iterable[Service]) -> dict[int, int]:
    """How long each of these takes by itself, processing included; one query."""
    services = list(services)
    parts = (
        ServiceStretch.objects.filter(service__in=services)
        .order_by()
        .values("service")
        .annotate(minutes=Sum("minutes"))
        .values_list("service", "minutes")
    )
    laid_out = dict(parts)
    return {service.pk: laid_out.get(service.pk) or service.minutes for service in services}


def days_ahead(client: Client | None) -> int:
    """How many days from today on she books by herself: the owner's, and those that a club of hers adds."""
    return salon_settings().self_booking_days + extra_days_of(client)


def earliest_start(now: datetime) -> datetime:
    """Nobody books by herself what begins sooner (the owner's notice)."""
    return now + timedelta(minutes=salon_settings().self_booking_notice)


def slot_at(
    *,
    branch: Branch,
    services: Sequence[Service],
    master: Master,
    starts_at: datetime,
    now: datetime,
    client: Client | None = None,
) -> Slot | None:
    """The free slot that was chosen, within the owner's notice and days; none where it is gone or never was."""
    on = branch_day(branch, starts_at)
    if on >= branch_day(branch, now) + timedelta(days=days_ahead(client)):
        return None
    found = free_slots(
        branch=branch,
        services=services,
        master=master,
        from_day=on,
        days=1,
        now=earliest_start(now),
        client=client,
    )
    # of several who do it in sequence the one who begins was chosen
    return next((slot for slot in found if (slot.starts_at, slot.master.pk) == (starts_at, master.pk)), None)


def proposals(message: Message, services: Sequence[Service], *, now: datetime) -> list[Slot]:
    """Three slots on different days, by her rhythm and habits; who was never here is awaited in the next days.

    After a bad day those that were offered in place of her appointment, as far as they are still free.
    """
    if not services:
        return []
    if message.kind == Kind.MASTER_ILL and message.event is not None:
        return sorted(offered_instead(event=message.event, now=now), key=lambda slot: slot.starts_at)
    found = propose_next(
        client=message.client,
        services=services,
        branch=message.branch,
        now=now,
        after_day=message.visit_on,
        is_first=is_new_here(message),
        fits=named_hours(message, now),
    )
    return sorted((slot for slot in found if slot.starts_at >= earliest_start(now)), key=lambda slot: slot.starts_at)


def is_new_here(message: Message) -> bool:
    """No visit that her next one could follow."""
    return message.visit_on is None and not Visit.objects.filter(client=message.client_id).exists()


def correction_slots(message: Message, service: Service, *, master_name: str, now: datetime) -> list[Slot]:
    """The soonest slots for mending, one a day, with whom she was first."""
    slots = free_slots(
        branch=message.branch,
        services=[service],
        from_day=branch_day(message.branch, now),
        days=MENDED_WITHIN_DAYS,
        now=earliest_start(now),
        client=message.client,
    )
    by_day: dict[date, Slot] = {}
    for slot in sorted(slots, key=lambda slot: (slot.master.name != master_name, slot.starts_at)):
        by_day.setdefault(slot.on, slot)
    return sorted(by_day.values(), key=lambda slot: slot.starts_at)[:PROPOSED]


def service_asked_about(message: Message) -> list[Service]:
    return services_of_visit(message.client, message.visit_on)


@dataclass(frozen=True, slots=True)
class Chooser:
    """Free slots of one fortnight, one day of it open. `page` counts fortnights from today, the first is 0."""

    days: list[date]
    day: date | None
    slots: list[Slot]
    masters: list[Master]
    master: Master | None
    page: int
    pages: int

    @property
    def earlier(self) -> int | None:
        return self.page - 1 if self.page > 0 else None

    @property
    def later(self) -> int | None:
        return self.page + 1 if self.page + 1 < self.pages else None


def chooser(
    *,
    branch: Branch,
    services: Sequence[Service],
    now: datetime,
    master_id: int | None,
    day: date | None,
    page: int,
    client: Client | None = None,
    moving: Appointment | None = None,
) -> Chooser:
    """What is free; an unknown master means any, a day without a free slot the first one with.

    `client` brings her own minutes. `moving` is an appointment as it was agreed, whose own time counts as free.
    """
    able = able_for_each(branch=branch, services=services)
    masters = list(dict.fromkeys(each for those in able for each in those))
    master = next((each for each in masters if each.pk == master_id), None)
    furthest = days_ahead(moving.client if moving is not None else client)
    pages = -(-furthest // DAYS_A_PAGE)
    page = min(max(page, 0), pages - 1)
    from_day = branch_day(branch, now) + timedelta(days=page * DAYS_A_PAGE)
    days_shown = min(DAYS_A_PAGE, furthest - page * DAYS_A_PAGE)
    if moving is not None:
        slots = slots_to_move(
            appointment=moving,
            from_day=from_day,
            days=days_shown,
            now=earliest_start(now),
            master=master,
            anyone=master is None,
        )
        # the time she has is no other time
        slots = [
            slot
            for slot in slots
            if slot.starts_at != moving.starts_at or (master is not None and slot.master.pk != moving.master_id)
        ]
    else:
        slots = free_slots(
            branch=branch,
            services=services,
            master=master,
            from_day=from_day,
            days=days_shown,
            now=earliest_start(now),
            client=client,
        )
    days = sorted({slot.on for slot in slots})
    day = day if day in days else next(iter(days), None)
    # one time once, whoever is free then
    times: dict[datetime, Slot] = {}
    for slot in slots:
        if slot.on == day:
            times.setdefault(slot.starts_at, slot)
    return Chooser(days, day, list(times.values()), masters, master, page, pages)
