"""Filling an empty database with a made-up salon (contracts.md, make_salon).

Each chunk of clients has a chance of its own, made of the seed and its number, so that the same
seed gives the same salon whatever its size is cut into. Everything goes in by the thousand.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from django.db import transaction
from django.db.models import Sum

from crm.booking.models import Appointment, AppointmentService, Stretch, Visit
from crm.booking.services.pulse import refresh_pulses
from crm.care.models import Complaint
from crm.catalogue.models import Product, Service
from crm.catalogue.services import open_stock
from crm.office.importing.bulk import BulkTable
from crm.office.made_up.words import FIRST_NAMES, LANGUAGES, LAST_NAMES, PRODUCTS, SERVICES, SOURCES, STORIES
from crm.office.planner import settle_statistics
from crm.office.visit_facts import write_visits_of_import
from crm.people.models import Client, Note
from crm.people.searching import search_digits_of, search_text_of
from crm.people.services import write_tokens
from crm.sales.models import Sale, SaleLine
from crm.team.models import Branch, Master, WorkingHours
from reminders.consent.models import ContactPermission

CHUNK = 2_000
CLIENTS_PER_MASTER = 250
SLOT_STARTS = (time(9), time(11), time(13), time(15), time(17))
# after each visit so many do not come again
GONE = 0.09
ZONE = "UTC"


class NotEmpty(Exception):
    """There is a salon in this database already."""


@dataclass(frozen=True, slots=True)
class Made:
    """What was made."""

    seed: int
    clients: int
    masters: int
    services: int
    products: int
    appointments: int
    visits: int
    sales: int
    sales_total: Decimal


@dataclass(frozen=True, slots=True)
class Offer:
    """A service as the generator needs it; money in whole units."""

    pk: int
    minutes: int
    price: int
    returns: int


def make_salon(*, clients: int, years: int, seed: int, today: date, now: datetime) -> Made:
    """A branch with masters, services and `clients` clients with up to `years` years of history until `today`.

    Raises NotEmpty. The branch lives in UTC, so that the same seed is the same salon everywhere.
    """
    if Branch.objects.exists() or Client.objects.exists():
        raise NotEmpty
    with transaction.atomic():
        made = Maker(clients=clients, years=years, seed=seed, today=today, now=now)
        made.open()
        for first in range(0, clients, CHUNK):
            made.write(range(first, min(first + CHUNK, clients)))
        made.settle()
        return made.told()


class Maker:
    def __init__(self, *, clients: int, years: int, seed: int, today: date, now: datetime) -> None:
        self.clients, self.seed, self.today, self.now = clients, seed, today, now
        self.days = max(1, years * 365)
        # bookings to come take one slot after the other, so that no two overlap
        self.next_slot = 0
        self.people = BulkTable(
            Client,
            (
                "id", "code", "branch_id", "name", "phone", "email", "birth_year", "birth_month", "birth_day",
                "language", "source", "since", "search_text", "search_digits", "status", "break_until",
            ),
        )  # fmt: skip
        self.permissions = BulkTable(
            ContactPermission, ("client_id", "care_refused", "marketing_email", "marketing_sms")
        )
        self.notes = BulkTable(Note, ("client_id", "kind", "text", "written_on"))
        self.complaints = BulkTable(
            Complaint,
            (
                "number", "branch_id", "client_id", "opened_at", "opened_on", "source", "text", "resolved_at",
                "resolved_on",
            ),
        )  # fmt: skip
        self.appointments = BulkTable(
            Appointment,
            (
                "id", "code", "branch_id", "client_id", "master_id", "status", "on", "starts_at", "ends_at", "minutes",
                "price", "booked_at", "booked_on", "cancelled_at", "is_imported",
            ),
        )  # fmt: skip
        self.services_of = BulkTable(
            AppointmentService, ("appointment_id", "service_id", "position", "minutes", "price")
        )
        self.stretches = BulkTable(Stretch, ("appointment_id", "master_id", "starts_at", "ends_at", "holds"))
        self.sales = BulkTable(
            Sale, ("id", "branch_id", "code", "client_id", "on", "sold_at", "total", "paid", "is_imported")
        )
        self.lines = BulkTable(
            SaleLine, ("sale_id", "position", "service_id", "product_id", "master_id", "full_amount", "amount")
        )

    def open(self) -> None:
        """The branch, who works there, and what it offers."""
        self.branch = Branch.objects.create(name="Made-up salon", time_zone=ZONE, currency="EUR")
        count = max(3, -(-self.clients // CLIENTS_PER_MASTER))
        masters = Master.objects.bulk_create(
            Master(branch=self.branch, code=f"M{number:05d}", name=f"{FIRST_NAMES[number % len(FIRST_NAMES)]} {number}")
            for number in range(1, count + 1)
        )
        WorkingHours.objects.bulk_create(
            (
                WorkingHours(master=master, weekday=weekday, starts=time(9), ends=time(19))
                for master in masters
                for weekday in range(7)
            ),
            batch_size=5_000,
        )
        self.masters = [master.pk for master in masters]
        services = Service.objects.bulk_create(
            Service(
                branch=self.branch,
                code=code,
                name=name,
                category=category,
                minutes=minutes,
                price=Decimal(price),
                usual_return_days=returns,
                ask_after_days=ask,
                is_one_off=one_off,
            )
            for code, name, category, minutes, price, returns, ask, one_off in SERVICES
        )
        offers = [
            Offer(service.pk, service.minutes, int(service.price or 0), service.usual_return_days or 0)
            for service in services
        ]
        self.lasting = [offer for offer in offers if offer.returns]
        self.one_off = [offer for offer in offers if not offer.returns]
        products = Product.objects.bulk_create(
            Product(branch=self.branch, code=code, name=name, price=Decimal(price), stock=20, minimum=3)
            for code, name, price in PRODUCTS
        )
        open_stock(products=products, now=self.now)
        self.products = [(product.pk, int(product.price or 0)) for product in products]

    def write(self, numbers: range) -> None:
        """One chunk of clients with all that happened to them."""
        chance = random.Random(f"{self.seed}/{numbers.start}")
        ids = list(self.people.allocate(len(numbers)))
        self.people.insert([self._client(chance, pk, number) for pk, number in zip(ids, numbers, strict=True)])
        write_tokens(ids)
        self.permissions.insert(
            [
                (pk, chance.random() < 0.03, chance.random() < 0.6, chance.random() < 0.3)
                for pk in ids
                if chance.random() < 0.8
            ]
        )
        self.notes.insert(
            [
                (pk, Note.Kind.STORY, chance.choice(STORIES), self.today - timedelta(days=chance.randrange(1, 200)))
                for pk in ids
                if chance.random() < 0.1
            ]
        )
        self.complaints.insert([self._complaint(chance, pk) for pk in ids if chance.random() < 0.01])
        self._history(chance, list(zip(ids, numbers, strict=True)))

    def _client(self, chance: random.Random, pk: int, number: int) -> tuple:
        name = f"{chance.choice(FIRST_NAMES)} {chance.choice(LAST_NAMES)} {number + 1}"
        code = f"C{number + 1:07d}"
        phone = f"+387611{number:07d}" if chance.random() < 0.9 else ""
        email = f"c{number + 1}@example.test" if chance.random() < 0.7 else ""
        birthday = (chance.randrange(1950, 2006), chance.randrange(1, 13), chance.randrange(1, 29))
        fate = chance.random()
        status = Client.Status.ACTIVE if fate < 0.97 else Client.Status.BREAK if fate < 0.98 else Client.Status.MOVED
        until = self.today + timedelta(days=chance.randrange(-60, 60)) if status == Client.Status.BREAK else None
        return (
            pk,
            code,
            self.branch.pk,
            name,
            phone,
            email,
            *(birthday if chance.random() < 0.6 else (None, None, None)),
            chance.choice(LANGUAGES),
            chance.choice(SOURCES),
            self.today - timedelta(days=chance.randrange(self.days)),
            search_text_of(name=name, called="", code=code),
            search_digits_of(phone),
            status,
            until,
        )

    def _complaint(self, chance: random.Random, pk: int) -> tuple:
        opened = self.today - timedelta(days=chance.randrange(1, self.days + 1))
        at = datetime.combine(opened, time(12), tzinfo=UTC)
        solved = at + timedelta(hours=chance.randrange(1, 200)) if chance.random() < 0.85 else None
        if solved is not None and solved.date() > self.today:
            solved = None
        return (
            f"{pk:07d}",
            self.branch.pk,
            pk,
            at,
            opened,
            Complaint.Source.DESK,
            "Made-up complaint",
            solved,
            solved.date() if solved else None,
        )

    def _days(self, chance: random.Random, offer: Offer) -> Iterator[date]:
        """Her visit days, oldest first: a rhythm of her own, and one day she does not come any more."""
        rhythm = max(7, round(offer.returns * chance.uniform(0.7, 1.6)))
        on = self.today - timedelta(days=chance.randrange(1, self.days + 1))
        while on < self.today:
            yield on
            if chance.random() < GONE:
                return
            on += timedelta(days=max(3, round(chance.gauss(rhythm, rhythm * 0.2))))

    def _history(self, chance: random.Random, people: list[tuple[int, int]]) -> None:
        appointments, services, stretches, sales, lines = [], [], [], [], []
        for pk, number in people:
            offer = chance.choice(self.lasting)
            master = self.masters[chance.randrange(len(self.masters))]
            comes = chance.random() < 0.95
            on = None
            for place, on in enumerate(self._days(chance, offer) if comes else ()):
                done = offer if chance.random() < 0.97 else chance.choice(self.one_off)
                starts = datetime.combine(on, time(9 + chance.randrange(9), 30 * chance.randrange(2)), tzinfo=UTC)
                ends = starts + timedelta(minutes=done.minutes)
                booked = starts - timedelta(days=chance.randrange(1, 21), hours=chance.randrange(5))
                code = f"{number + 1}-{place + 1}"
                fate = chance.random()
                if fate < 0.08:
                    status = Appointment.Status.CANCELLED if fate < 0.06 else Appointment.Status.NO_SHOW
                    cancelled = starts - timedelta(hours=chance.randrange(1, 72)) if fate < 0.06 else None
                    appointments.append((code, pk, master, status, on, starts, ends, done, booked, cancelled))
                    continue
                if fate < 0.8:
                    appointments.append(
                        (code, pk, master, Appointment.Status.DONE, on, starts, ends, done, booked, None)
                    )
                bought = chance.choice(self.products) if chance.random() < 0.15 else None
                sales.append((code, pk, master, on, ends, done, bought))
            if on is not None and chance.random() < 0.2:
                appointments.append((f"{number + 1}-next", pk, *self._ahead(offer)))
        ids = list(self.appointments.allocate(len(appointments)))
        for pk, row in zip(ids, appointments, strict=True):
            _code, _client, master, status, on, starts, ends, done, _booked, _cancelled = row
            services.append((pk, done.pk, 0, done.minutes, done.price))
            if status == Appointment.Status.BOOKED:
                stretches.append((pk, master, starts, ends, True))
        self.appointments.insert(self._appointment(pk, row) for pk, row in zip(ids, appointments, strict=True))
        self.services_of.insert(services)
        self.stretches.insert(stretches)
        rows = []
        for pk, (code, client, master, on, at, done, bought) in zip(
            list(self.sales.allocate(len(sales))), sales, strict=True
        ):
            total = done.price + (bought[1] if bought else 0)
            rows.append((pk, self.branch.pk, f"R{code}", client, on, at, total, total, True))
            lines.append((pk, 0, done.pk, None, master, done.price, done.price))
            if bought:
                lines.append((pk, 1, None, bought[0], master, bought[1], bought[1]))
        self.sales.insert(rows)
        self.lines.insert(lines)

    def _appointment(self, pk: int, row: tuple) -> tuple:
        code, client, master, status, on, starts, ends, done, booked, cancelled = row
        return (
            pk, f"A{code}", self.branch.pk, client, master, status, on, starts, ends, done.minutes, done.price,
            booked, booked.date(), cancelled, True,
        )  # fmt: skip

    def _ahead(self, offer: Offer) -> tuple:
        """The next free slot of all masters, from tomorrow on."""
        slot, self.next_slot = self.next_slot, self.next_slot + 1
        turn, place = divmod(slot, len(self.masters))
        day, hour = divmod(turn, len(SLOT_STARTS))
        on = self.today + timedelta(days=1 + day)
        starts = datetime.combine(on, SLOT_STARTS[hour], tzinfo=UTC)
        return (
            self.masters[place],
            Appointment.Status.BOOKED,
            on,
            starts,
            starts + timedelta(minutes=offer.minutes),
            offer,
            datetime.combine(self.today, time(), tzinfo=UTC) - timedelta(days=1),
            None,
        )

    def settle(self) -> None:
        """Visits and pulses from the facts."""
        settle_statistics([Client, Appointment, AppointmentService, Sale, SaleLine])
        write_visits_of_import(appointments_after=0, lines_after=0)
        refresh_pulses(client_ids=Client.objects.order_by("pk").values_list("pk", flat=True).iterator(), now=self.now)

    def told(self) -> Made:
        return Made(
            seed=self.seed,
            clients=Client.objects.count(),
            masters=len(self.masters),
            services=len(SERVICES),
            products=len(PRODUCTS),
            appointments=Appointment.objects.count(),
            visits=Visit.objects.count(),
            sales=Sale.objects.count(),
            sales_total=Sale.objects.aggregate(total=Sum("total"))["total"] or Decimal(0),
        )
