"""A branch with a full day beside the made-up salon: twenty masters, forty visits, one who came 300 times."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from crm.booking.models import Appointment, AppointmentService, Stretch
from crm.booking.services import refresh_pulses
from crm.catalogue.models import Service
from crm.office.made_up import make_salon
from crm.office.planner import settle_statistics
from crm.office.visit_facts import write_visits_of_import
from crm.people.models import Client
from crm.team.models import Branch, Master, User, WorkingHours
from loyalty.points.services import grant_points
from reminders.journeys.services.planning import watch_everybody

MASTERS, VISITS_TODAY, VISITS_OF_ONE = 20, 40, 300
UTC = ZoneInfo("UTC")
MINUTES = 45


@dataclass(frozen=True, slots=True)
class Salon:
    """What the measures work on."""

    clients: int
    today: date
    now: datetime
    branch: Branch
    service: Service
    masters: list[Master]
    receptionist: User
    often: Client
    guests: list[Client]


def open_salon(clients: int, *, years: int, today: date) -> Salon:
    """A made-up salon of that size up to today, and the full day; its `now` is just past eleven."""
    now = datetime.combine(today, time(11, 0, 30), tzinfo=UTC)
    make_salon(clients=clients, years=years, seed=1, today=today, now=now)
    branch = Branch.objects.create(name="Bench", time_zone="UTC", currency="EUR")
    service = Service.objects.create(branch=branch, code="BENCH", name="Lashes", minutes=MINUTES, price=Decimal(60))
    masters = Master.objects.bulk_create(
        Master(branch=branch, code=f"B{number:02d}", name=f"Master {number}") for number in range(1, MASTERS + 1)
    )
    WorkingHours.objects.bulk_create(
        WorkingHours(master=master, weekday=weekday, starts=time(9), ends=time(19))
        for master in masters
        for weekday in range(7)
    )
    guests = list(Client.objects.order_by("pk")[: VISITS_TODAY + 1])
    often = guests.pop() if len(guests) > 1 else guests[0]
    before = Appointment.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    _book(branch, service, [(masters[0], often, today - timedelta(days=day)) for day in range(1, VISITS_OF_ONE + 1)])
    _book(
        branch,
        service,
        [(masters[number % MASTERS], guest, today) for number, guest in enumerate(guests)],
        hours=(10, 14),
    )
    write_visits_of_import(appointments_after=before, lines_after=2**62)
    refresh_pulses(client_ids=[client.pk for client in (often, *guests)], now=now)
    for client in guests:
        grant_points(
            client=client, points=50, kind="manual", source="bench", key=f"bench {client.pk}", now=now, reason="bench"
        )
    watch_everybody(now=now)
    settle_statistics([Appointment, AppointmentService, Stretch, Client])
    receptionist = User.objects.create_user(username="bench", role=User.Role.RECEPTIONIST, branch=branch)
    return Salon(clients, today, now, branch, service, masters, receptionist, often, guests)


def _book(
    branch: Branch, service: Service, wanted: list[tuple[Master, Client, date]], hours: tuple[int, ...] = (10,)
) -> None:
    """Appointments of these days: those before today done, those of today still to come."""
    today = max(on for _master, _client, on in wanted)
    is_today = len(hours) > 1
    rows = []
    for number, (master, client, on) in enumerate(wanted):
        starts = datetime.combine(on, time(hours[number // MASTERS % len(hours)]), tzinfo=UTC)
        rows.append(
            Appointment(
                code=f"bench-{on == today and is_today}-{number}",
                branch=branch,
                client=client,
                master=master,
                status=Appointment.Status.BOOKED if is_today else Appointment.Status.DONE,
                on=on,
                starts_at=starts,
                ends_at=starts + timedelta(minutes=MINUTES),
                minutes=MINUTES,
                price=service.price,
                booked_at=starts - timedelta(days=9),
                booked_on=on - timedelta(days=9),
                is_imported=True,
            )
        )
    Appointment.objects.bulk_create(rows)
    AppointmentService.objects.bulk_create(
        AppointmentService(appointment=row, service=service, position=0, minutes=MINUTES, price=service.price)
        for row in rows
    )
    if is_today:
        Stretch.objects.bulk_create(
            Stretch(appointment=row, master=row.master, starts_at=row.starts_at, ends_at=row.ends_at) for row in rows
        )
