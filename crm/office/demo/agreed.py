"""Who waits for a time in the demo, a freed one that is just offered, and a series."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta

from crm.booking.models import Appointment, AppointmentEvent
from crm.booking.services import cancel_appointment, services_of
from crm.booking.services.series import book_series, plan_series
from crm.booking.services.waiting import wait_for
from crm.people.models import Client
from crm.team.models import Branch, User
from crm.team.selectors import branch_day
from reminders.journeys.services.freed import offer_freed_times

By, Via = Appointment.By, AppointmentEvent.Via
EVERY_WEEKS, TIMES = 3, 6
FORTNIGHT = timedelta(days=14)


def wait_and_agree(branch: Branch, *, now: datetime, desk: User) -> None:
    """Three wait, the first of them is asked about a time that somebody has just given back; a fourth has a series.

    The first put herself on the list, the others rang up.
    """
    free_hands = _without_a_time(branch)
    booked = Appointment.objects.filter(branch=branch, status=Appointment.Status.BOOKED)
    soon = booked.filter(starts_at__gt=now + timedelta(days=1)).select_related("master").order_by("starts_at", "pk")
    given_back = next((each for each in soon if services_of(each)), None)
    if given_back is None:
        return
    services, today = services_of(given_back), branch_day(branch, now)
    wishes: list[dict[str, object]] = [{}, {"from_time": time(16)}, {"weekdays": [4, 5], "master": given_back.master}]
    for number, (client, wish) in enumerate(zip(free_hands, wishes, strict=False)):
        wait_for(
            client=client,
            branch=branch,
            services=services,
            from_day=today,
            to_day=today + FORTNIGHT,
            now=now - timedelta(days=5 - number),
            user=desk if number else None,
            **wish,
        )
    cancel_appointment(appointment=given_back, now=now - timedelta(minutes=2), by=By.CLIENT, via=Via.LINK)
    offer_freed_times(now=now)
    _series(next(free_hands), given_back, now=now)


def _series(client: Client, like: Appointment, *, now: datetime) -> None:
    """With the master and at the hour of that visit, from a week later on; where that is taken, at the next free time."""
    if like.starts_at is None:
        return
    services = services_of(like)
    dates = plan_series(
        client=client,
        branch=like.branch,
        services=services,
        master=like.master,
        starts_at=like.starts_at + timedelta(weeks=1),
        every_weeks=EVERY_WEEKS,
        times=TIMES,
        now=now,
    )
    slots = [each.slot or next(iter(each.nearest), None) for each in dates]
    book_series(
        client=client,
        branch=like.branch,
        services=services,
        dates=[(slot.starts_at, slot.master) for slot in slots if slot is not None],
        every_weeks=EVERY_WEEKS,
        now=now,
        by=By.CLIENT,
        via=Via.DESK,
    )


def _without_a_time(branch: Branch) -> Iterator[Client]:
    """Clients who come and have nothing booked."""
    idle = Client.objects.filter(branch=branch, status=Client.Status.ACTIVE, pulse__next_appointment__isnull=True)
    return idle.filter(pulse__visit_days__gt=2).exclude(email="").order_by("code").iterator()
