"""Free times: those proposed to her, the one she chose, and all of a fortnight."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from crm.booking.models import Appointment, Visit
from crm.booking.services import (
    Slot,
    able_for_each,
    free_slots,
    offered_instead,
    propose_next,
    slots_to_move,
)
from crm.catalogue.models import Service
from crm.people.models import Client
from crm.team.models import Branch, Master
from crm.team.selectors import branch_day
from reminders.links.selectors.bookable import days_ahead, earliest_start
from reminders.messages.models import Kind, Message
from reminders.messages.selectors import named_hours

# how much of the days ahead one page shows
DAYS_A_PAGE = 14
MENDED_WITHIN_DAYS = 10
PROPOSED = 3


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
