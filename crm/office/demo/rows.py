"""The rows of made-up appointments and receipts, gathered and written in sets."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from zoneinfo import ZoneInfo

from django.db.models import Max

from crm.booking.local_time import computed_instant
from crm.booking.models import Appointment, AppointmentService, Stretch
from crm.booking.stretches import Plan, plan_of, told_minutes
from crm.catalogue.models import Product, Service
from crm.office.demo import MARK
from crm.office.demo.guests import Guest
from crm.office.visit_facts import write_visits_of_import
from crm.people.models import Client
from crm.sales.models import Payment, RebookingDecline, Sale, SaleLine
from crm.team.models import Branch, Master, User

Status = Appointment.Status


@dataclass
class Planned:
    """An appointment of the demo, written already or not yet."""

    appointment: Appointment
    services: list[Service]
    guest: Guest
    plan: Plan

    @property
    def minute(self) -> int:
        """Its start on the wall clock, in minutes of the day."""
        return self.appointment.wall_minute  # type: ignore[attr-defined]


@dataclass
class Receipt:
    sale: Sale
    lines: list[SaleLine]
    method: str
    decline: RebookingDecline | None = None


@dataclass
class Rows:
    """What is to be written at the end, at once."""

    branch: Branch
    zone: ZoneInfo
    by_code: dict[str, Service]
    products: Sequence[Product]
    cashier: User | None
    # what she is told above the planned minutes: the salon's, read once for thousands of visits
    margin_percent: int
    new: list[Planned] = field(default_factory=list)
    changed: list[Planned] = field(default_factory=list)
    receipts: list[Receipt] = field(default_factory=list)
    plans: dict[tuple[int, ...], Plan] = field(default_factory=dict)
    codes: set[str] = field(default_factory=set)

    def instant(self, on: date, minute: int) -> datetime:
        days, minute = divmod(minute, 24 * 60)
        return computed_instant(on + timedelta(days=days), time(minute // 60, minute % 60), self.zone)

    def plan(self, services: Sequence[Service]) -> Plan:
        key = tuple(service.pk for service in services)
        if key not in self.plans:
            self.plans[key] = plan_of(services)
        return self.plans[key]

    def appointment(
        self,
        guest: Guest,
        master: Master,
        services: list[Service],
        on: date,
        minute: int,
        *,
        booked: datetime,
        spot: bool,
    ) -> Planned:
        """Booked, not yet come; nothing is written."""
        plan = self.plan(services)
        starts_at = self.instant(on, minute)
        appointment = Appointment(
            code=self._code(guest.client, on),
            branch=self.branch,
            client=guest.client,
            master=master,
            on=on,
            starts_at=starts_at,
            ends_at=starts_at + timedelta(minutes=plan.minutes),
            minutes=plan.minutes,
            told_minutes=told_minutes(plan.minutes, self.margin_percent),
            price=sum((service.price or Decimal(0) for service in services), Decimal(0)),
            booked_at=min(booked, starts_at),
            booked_on=min(booked, starts_at).astimezone(self.zone).date(),
            booked_by=Appointment.By.SALON if spot else Appointment.By.CLIENT,
            rebooked_on_spot=spot,
            # told of by nobody: what has been said about it is written down as said
            is_imported=True,
        )
        appointment.wall_minute = minute  # type: ignore[attr-defined]
        planned = Planned(appointment, services, guest, plan)
        self.new.append(planned)
        return planned

    def _code(self, client: Client, on: date) -> str:
        code = base = f"{MARK}{client.code.removeprefix(MARK)}-{on:%y%m%d}"
        again = 1
        while code in self.codes:
            again += 1
            code = f"{base}-{again}"
        self.codes.add(code)
        return code

    def receipt(self, planned: Planned, rng: Random) -> Receipt:
        """What she paid: the services of the visit, now and then a product."""
        appointment = planned.appointment
        sale = Sale(
            branch=self.branch,
            code=appointment.code.upper().replace(MARK.upper(), "D"),
            client=appointment.client,
            on=appointment.on,
            appointment=appointment,
            sold_at=appointment.finished_at,
            completed_by=self.cashier,
            is_imported=True,
        )
        lines = [
            SaleLine(service=service, master=appointment.master, full_amount=service.price, amount=service.price)
            for service in planned.services
        ]
        if rng.random() < planned.guest.buys:
            product = rng.choice(self.products)
            lines.append(
                SaleLine(product=product, master=appointment.master, full_amount=product.price, amount=product.price)
            )
        for position, line in enumerate(lines):
            line.position = position
        sale.total = sale.paid = sum((line.amount for line in lines), Decimal(0))
        receipt = Receipt(sale, lines, rng.choice([Payment.Method.CASH, Payment.Method.CARD]))
        self.receipts.append(receipt)
        return receipt

    def write(self) -> set[int]:
        """Everything gathered, in a few statements; the clients whose facts changed."""
        after = Appointment.objects.aggregate(last=Max("pk"))["last"] or 0
        lines_after = SaleLine.objects.aggregate(last=Max("pk"))["last"] or 0
        Appointment.objects.bulk_create([planned.appointment for planned in self.new], batch_size=500)
        AppointmentService.objects.bulk_create(
            (
                AppointmentService(
                    appointment=planned.appointment, service=service, position=position, minutes=minutes,
                    price=service.price,
                )
                for planned in self.new
                for position, (service, minutes) in enumerate(
                    zip(planned.services, planned.plan.by_service, strict=True)
                )
            ),
            batch_size=1_000,
        )  # fmt: skip
        Stretch.objects.bulk_create(
            Stretch(
                appointment=planned.appointment,
                master=planned.appointment.master,
                starts_at=planned.appointment.starts_at + timedelta(minutes=begins),
                ends_at=planned.appointment.starts_at + timedelta(minutes=ends),
            )
            for planned in self.new
            if planned.appointment.status in Appointment.OPEN
            for begins, ends in planned.plan.held
        )
        Appointment.objects.bulk_update(
            [planned.appointment for planned in self.changed],
            ["status", "arrived_at", "started_at", "finished_at", "cancelled_at", "cancelled_by"],
        )
        Stretch.objects.filter(
            appointment__in=[
                planned.appointment.pk for planned in self.changed if planned.appointment.status not in Appointment.OPEN
            ]
        ).update(holds=False)
        Sale.objects.bulk_create([receipt.sale for receipt in self.receipts], batch_size=500)
        for receipt in self.receipts:
            for line in receipt.lines:
                line.sale = receipt.sale
        SaleLine.objects.bulk_create([line for receipt in self.receipts for line in receipt.lines], batch_size=500)
        Payment.objects.bulk_create(
            [
                Payment(sale=receipt.sale, method=receipt.method, amount=receipt.sale.paid)
                for receipt in self.receipts
                if receipt.sale.paid
            ],
            batch_size=500,
        )
        declines = [receipt.decline for receipt in self.receipts if receipt.decline]
        for decline in declines:
            decline.sale = decline.sale
        RebookingDecline.objects.bulk_create(declines)
        write_visits_of_import(appointments_after=after, lines_after=lines_after)
        return {planned.appointment.client_id for planned in [*self.new, *self.changed]}
