"""A salon with much to say, a real mail server that counts, and the property that nothing is lost or said twice."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

from crm.booking.models import AppointmentEvent
from crm.booking.services import refresh_pulses
from crm.people.models import Client
from crm.team.models import Branch
from reminders.consent.models import Purpose
from reminders.journeys.services.planning import plan_due
from reminders.messages.models import Kind, Message
from tests.factories import make_appointment, make_branch, make_master, make_service
from tests.reminders.playing_salon import switch_everything_on
from tests.reminders.salon_day import allow, days, make_regular
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
        self.invited = [self.client(self.today - days(25)) for _ in range(marketing)]
        self.booked = [self.client(self.today - days(12)) for _ in range(service)]
        refresh_pulses(client_ids=[client.pk for client in self.invited], now=self.eleven)
        # as of eleven: their rows stand planned
        plan_due(now=self.eleven)
        # at whatever hour the test runs: what is found more than an hour late waits for the next day
        Message.objects.update(send_at=self.now)
        for number, client in enumerate(self.booked):
            self.book(client, number)
        refresh_pulses(client_ids=[client.pk for client in self.booked], now=self.now)

    def client(self, last) -> Client:
        if not self.by_sms:
            return make_regular(self.branch, last, service=self.lashes, master=self.master)
        phone = f"+38761{100_000 + Client.objects.count()}"
        client = make_regular(self.branch, last, service=self.lashes, master=self.master, email="", phone=phone)
        allow(client, marketing_sms=True)
        return client

    def book(self, client: Client, number: int) -> None:
        starts_at = self.now + timedelta(days=3, minutes=number)
        appointment = make_appointment(
            client=client,
            master=self.master,
            starts_at=starts_at,
            minutes=1,
            services=[self.lashes],
            booked_at=self.now,
        )
        AppointmentEvent.objects.create(
            appointment=appointment, kind=AppointmentEvent.Kind.BOOKED, at=self.now, via="link", starts_after=starts_at
        )

    def book_another(self) -> None:
        client = self.client(self.today - days(12))
        self.book(client, len(self.booked))
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
