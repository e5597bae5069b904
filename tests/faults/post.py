"""A salon with much to say, a real mail server that counts, and the property that nothing is lost or said twice."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

from crm.booking.models import Appointment, AppointmentEvent, AppointmentService, Visit, VisitItem
from crm.booking.services import refresh_pulses
from crm.people.models import Client
from crm.team.models import Branch
from crm.team.selectors import zone
from reminders.consent.models import ContactPermission, Purpose
from reminders.journeys.services.planning import plan_due
from reminders.messages.models import Kind, Message
from tests.factories import make_branch, make_master, make_service, new_client
from tests.reminders.playing_salon import switch_everything_on
from tests.reminders.salon_day import days
from tests.reminders.servers import post_office

# the hour on the wall of the salon, wherever that is at this moment: no message of these tests meets the night
HOUR = 13


class Sink:
    """Which letters the mail server has accepted: each has a recipient of its own."""

    def __init__(self, office, port: int) -> None:
        self.office, self.port = office, port

    def accepted(self) -> Counter:
        return Counter(str(letter["To"]) for letter in list(self.office.letters))

    def count(self) -> int:
        return len(self.office.letters)


@contextmanager
def sink() -> Iterator[Sink]:
    with post_office() as (office, port):
        yield Sink(office, port)


def zone_of_midday(now: datetime) -> str:
    """A zone in which it is about one in the afternoon."""
    ahead = (HOUR - now.astimezone(UTC).hour + 10) % 24 - 10
    return f"Etc/GMT{-ahead:+d}" if ahead else "Etc/GMT"


class Salon:
    """`marketing` clients are invited today, `service` clients have booked a moment ago; by e-mail, or all `by_sms`."""

    def __init__(self, *, marketing: int = 0, service: int = 0, by_sms: bool = False) -> None:
        self.by_sms = by_sms
        self.now = timezone.now()
        self.branch: Branch = make_branch("Far away", time_zone=zone_of_midday(self.now))
        here = ZoneInfo(self.branch.time_zone)
        self.today = self.now.astimezone(here).date()
        self.eleven = datetime.combine(self.today, time(11), here).astimezone(UTC)
        self.lashes = make_service(branch=self.branch)
        self.master = make_master(branch=self.branch, hours=None)
        switch_everything_on(self.eleven - days(100))
        self.invited = self.clients_since(marketing, self.today - days(25))
        self.booked = self.clients_since(service, self.today - days(12))
        refresh_pulses(client_ids=[client.pk for client in self.invited], now=self.eleven)
        # as of eleven: their rows stand planned
        plan_due(now=self.eleven)
        # at whatever hour the test runs: what is found more than an hour late waits for the next day
        Message.objects.update(send_at=self.now)
        self.book(self.booked)
        refresh_pulses(client_ids=[client.pk for client in self.booked], now=self.now)

    def clients_since(self, number: int, last: date) -> list[Client]:
        """So many of the rhythm 30 who came four times, the last time on that day; written in bulk, as it may be thousands."""
        clients = [new_client(branch=self.branch, name="") for _ in range(number)]
        for place, client in enumerate(clients, start=Client.objects.count()):
            client.phone = f"+38761{100_000 + place}" if self.by_sms else ""
            client.email = "" if self.by_sms else f"{client.code}@example.test"
        Client.objects.bulk_create(clients)
        allowed = {"marketing_sms" if self.by_sms else "marketing_email": True}
        ContactPermission.objects.bulk_create(ContactPermission(client=client, **allowed) for client in clients)
        visits = Visit.objects.bulk_create(
            Visit(
                client=client, branch=self.branch, on=last - days(30 * ago), has_service=True, counts=True, is_paid=True
            )
            for client in clients
            for ago in range(4)
        )
        VisitItem.objects.bulk_create(
            VisitItem(visit=visit, source=f"test {visit.pk}", service=self.lashes, master=self.master)
            for visit in visits
        )
        return clients

    def book(self, clients: list[Client], number: int = 0) -> None:
        """They have booked a moment ago, one minute each, beginning with that minute three days from now."""
        visits = Appointment.objects.bulk_create(
            Appointment(
                code=f"booked{place}",
                branch=self.branch,
                client=client,
                master=self.master,
                on=(starts_at := self.now + timedelta(days=3, minutes=place)).astimezone(zone(self.branch)).date(),
                starts_at=starts_at,
                ends_at=starts_at + timedelta(minutes=1),
                minutes=1,
                price=self.lashes.price,
                booked_at=self.now,
            )
            for place, client in enumerate(clients, start=number)
        )
        AppointmentService.objects.bulk_create(
            AppointmentService(appointment=visit, service=self.lashes, position=0, minutes=1, price=self.lashes.price)
            for visit in visits
        )
        AppointmentEvent.objects.bulk_create(
            AppointmentEvent(
                appointment=visit,
                kind=AppointmentEvent.Kind.BOOKED,
                at=self.now,
                via="link",
                starts_after=visit.starts_at,
            )
            for visit in visits
        )

    def book_another(self) -> None:
        [client] = self.clients_since(1, self.today - days(12))
        self.book([client], len(self.booked))
        self.booked.append(client)
        refresh_pulses(client_ids=[client.pk], now=self.now)

    @property
    def clients(self) -> list[Client]:
        return [*self.invited, *self.booked]


def states() -> dict[str, int]:
    return dict(Counter(Message.objects.values_list("state", flat=True)))


def nothing_lost_or_said_twice(salon: Salon, sink: Sink, *, kills: int) -> None:
    """The promise of trust.md, M1 and M2: AssertionError where it is broken."""
    accepted = sink.accepted()
    rows = {row.client_id: row for row in Message.objects.all()}
    lost = [client.code for client in salon.clients if client.pk not in rows]
    open_rows = [row.pk for row in rows.values() if row.state not in (Message.State.SENT, Message.State.UNKNOWN)]
    silent = [row.pk for row in rows.values() if row.state == "sent" and not accepted[row.address]]
    assert (lost, open_rows, silent) == ([], [], [])
    twice = {address for address, times in accepted.items() if times > 1}
    invited = {client.email for client in salon.invited}
    assert not twice & invited, f"marketing went twice: {twice & invited}"
    assert sum(accepted.values()) - len(accepted) <= kills
    unknown = [row for row in rows.values() if row.state == Message.State.UNKNOWN]
    assert len(unknown) <= kills
    assert all(row.purpose == Purpose.MARKETING and row.kind == Kind.DUE_SOON for row in unknown)
