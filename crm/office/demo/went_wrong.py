"""A bad day in the demo's past: a master was ill the day before it was first opened (practices.md, P56)."""

from datetime import date, datetime, timedelta
from operator import attrgetter

from crm.booking.models import Appointment, AppointmentEvent
from crm.booking.services import BookingRefused, book_appointment, refresh_pulses, report_ill, services_of
from crm.booking.services.bad_day import Reported
from crm.office.demo.chronicle import Chronicle
from crm.office.demo.diary import CLOSE, GRID, OPEN
from crm.office.demo.rows import Rows
from crm.people.models import Client
from crm.team.models import Master, User

BEGINS, MANY = 9 * 60 + 30, 4
# so that all of them find room in her day
LONGEST, BETWEEN = 120, 15
# she rings the salon at five past seven; by twenty to ten one of her clients has chosen another time
RANG, CHOSE = 7 * 60 + 5, 9 * 60 + 40
# who was here less than that before is not expected again yet
RESTS = timedelta(days=12)


def keep_free(chronicle: Chronicle, on: date) -> Master:
    """The last of the team who works that day; only who is put there by `expect` comes to her then."""
    master = [each for each in chronicle.diary.masters if chronicle.diary.works(each, on)][-1]
    chronicle.diary.take(master, on, OPEN, CLOSE)
    return master


def expect(chronicle: Chronicle, master: Master, on: date) -> None:
    """Four clients have a time with her on that day, which is over: to be called before anything is written.

    They count as booked, so that the day at hand passes them by.
    """
    rows = chronicle.rows
    idle = [
        guest
        for guest in sorted(chronicle.guests.values(), key=attrgetter("client.code"), reverse=True)
        if guest.client.pk not in chronicle.booked
        and guest.client.email
        and guest.client.status == Client.Status.ACTIVE
        and guest.last_on is not None
        and guest.last_on + RESTS < on
        and guest.wish_on is not None
        and master in chronicle.diary.able(guest.services(rows.by_code))
        and rows.plan(guest.services(rows.by_code)).minutes <= LONGEST
    ]
    minute = BEGINS
    for days, guest in enumerate(idle[:MANY], start=4):
        booked = rows.instant(on - timedelta(days=days), guest.minute)
        services = guest.services(rows.by_code)
        planned = rows.appointment(guest, master, services, on, minute, booked=booked, spot=False)
        chronicle.booked[guest.client.pk] = planned
        minute += -(-planned.plan.minutes // GRID) * GRID + BETWEEN


def somebody_was_ill(rows: Rows, master: Master, on: date, *, now: datetime, user: User) -> Reported:
    """Reported in the morning by the salon's own verb; the first of her clients has a new time since."""
    reported = report_ill(
        master=master,
        starts_at=rows.instant(on, 0),
        ends_at=rows.instant(on + timedelta(days=1), 0),
        now=rows.instant(on, RANG),
        user=user,
    )
    for event in reported.events:
        if _chose_another(event, rows.instant(on, CHOSE), now):
            break
    refresh_pulses(client_ids=[event.appointment.client_id for event in reported.events], now=now)
    return reported


def _chose_another(event: AppointmentEvent, at: datetime, now: datetime) -> bool:
    """One of the times offered instead, as far as it is still ahead."""
    appointment = event.appointment
    for offered in event.alternatives.filter(starts_at__gt=now).select_related("master").order_by("position"):
        try:
            book_appointment(
                client=appointment.client,
                master=offered.master,
                services=services_of(appointment),
                starts_at=offered.starts_at,
                branch=appointment.branch,
                now=at,
                by=Appointment.By.CLIENT,
                via=AppointmentEvent.Via.LINK,
            )
        except BookingRefused:
            continue
        return True
    return False
