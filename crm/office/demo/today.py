"""Today in the demo: a busy day at whatever hour it is opened."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from random import Random

from crm.booking.services import BookingRefused
from crm.office.demo import SEED
from crm.office.demo.chronicle import DECLINES, Chronicle
from crm.office.demo.diary import CLOSE, GRID, OPEN
from crm.office.demo.guests import Guest
from crm.office.demo.rows import Planned, Status
from crm.people.models import Client
from crm.sales.models import Payment
from crm.team.models import Master, User
from loyalty.checkout.offers import CheckoutLine
from loyalty.checkout.services import Decline, NextVisit, complete_checkout

# minutes between two visits of one master; some gaps are long enough to be offered
GAPS = (0, 0, 15, 0, 45, 0, 15, 60)
WAITING_FROM = 40


class Today:
    """Lays the branch's day around `now`."""

    def __init__(self, chronicle: Chronicle, *, on: date, now: datetime) -> None:
        self.chronicle = chronicle
        self.diary = chronicle.diary
        self.rows = chronicle.rows
        self.on = on
        self.now = now
        local = now.astimezone(self.rows.zone)
        self.minute = local.hour * 60 + local.minute
        self.rng = Random(f"{SEED} {on}")
        self.pool = self._pool()
        self.returning: set[int] = set()

    def _pool(self) -> list[Guest]:
        """Who may come today without a booking so far: those nearest to their own day first."""
        near = [
            guest
            for guest in self.chronicle.guests.values()
            if guest.client.pk not in self.chronicle.booked
            and guest.wish_on is not None
            and guest.last_on is not None
            and (self.on - guest.last_on).days >= guest.rhythm * 0.6
        ]
        return sorted(near, key=lambda guest: (abs((guest.wish_on - self.on).days), guest.client.code))

    def lay(self, first_comers: Sequence[Guest]) -> list[Planned]:
        """Fills the day of every master; the first three have it fullest."""
        self._somebody_now(self.diary.masters[0])
        for guest in first_comers:
            self._put(guest, self._later_today())
        self._somebody_returns(self.diary.masters[0])
        for place, master in enumerate(self.diary.masters):
            if self.diary.works(master, self.on):
                if place < 3:
                    self._somebody_now(master)
                self._fill(master, generous=place >= 3)
        return self.planned()

    def planned(self) -> list[Planned]:
        """Everything of today that is the demo's own, by the clock."""
        return sorted(self.chronicle.open[self.on], key=lambda planned: (planned.minute, planned.appointment.code))

    def _somebody_returns(self, master: Master) -> None:
        """One who had stayed away for long."""
        for guest in sorted(self.chronicle.guests.values(), key=lambda each: each.client.code):
            silent = (self.on - guest.last_on).days if guest.last_on else 0
            away = guest.wish_on is None and 100 <= silent <= 330 and guest.client.status == Client.Status.ACTIVE
            able = away and master in self.diary.able(guest.services(self.rows.by_code))
            if able and guest.client.pk not in self.chronicle.booked and self._put(guest, self._later_today()):
                guest.leaves_on = None
                self.returning.add(guest.client.pk)
                return

    def _later_today(self) -> int:
        """A start some way ahead, so that a first visit is still to come where the day allows it."""
        wanted = max(OPEN, min(self.minute + 60, CLOSE - 240))
        return wanted - wanted % GRID

    def _somebody_now(self, master: Master) -> None:
        """A visit that has begun, unless one has or the salon is closed."""
        if not OPEN + 30 <= self.minute < CLOSE - 30:
            return
        taken = self.diary.taken[master.pk, self.on]
        if any(start <= self.minute < end for start, end in taken):
            return
        for guest in self._able(master):
            length = self.rows.plan(guest.services(self.rows.by_code)).minutes
            for share in (0.4, 0.25, 0.6, 0.15, 0.8):
                start = max(OPEN, int(self.minute - length * share))
                start -= start % GRID
                overlaps = any(start < until and start + length > since for since, until in taken)
                if start <= self.minute < start + length <= CLOSE and not overlaps:
                    self.diary.take(master, self.on, start, start + length)
                    self._book(master, guest, start)
                    return

    def _fill(self, master: Master, *, generous: bool) -> None:
        cursor, turn = OPEN, self.rng.randrange(len(GAPS))
        while cursor < CLOSE - 30:
            guest = next(
                (
                    each
                    for each in self._able(master)
                    if self.diary.is_free(
                        master, self.on, cursor, cursor + self.rows.plan(each.services(self.rows.by_code)).minutes
                    )
                ),
                None,
            )
            if guest is None:
                cursor += GRID
                continue
            length = self.rows.plan(guest.services(self.rows.by_code)).minutes
            self.diary.take(master, self.on, cursor, cursor + length)
            self._book(master, guest, cursor)
            turn += 1
            cursor += length + GAPS[turn % len(GAPS)] + (90 if generous else 0)

    def _able(self, master: Master) -> list[Guest]:
        return [
            guest
            for guest in self.pool
            if guest.client.pk not in self.chronicle.booked
            and master in self.diary.able(guest.services(self.rows.by_code))
        ]

    def _put(self, guest: Guest, minute: int) -> bool:
        """At this minute or the next free time after it, with the first master who has one."""
        services = guest.services(self.rows.by_code)
        length = self.rows.plan(services).minutes
        for master in self.diary.able(services):
            for start in range(minute, CLOSE, GRID):
                if self.diary.is_free(master, self.on, start, start + length):
                    self.diary.take(master, self.on, start, start + length)
                    self._book(master, guest, start)
                    return True
        return False

    def _book(self, master: Master, guest: Guest, minute: int) -> None:
        booked = self.rows.instant(self.on - timedelta(days=self.rng.randint(1, 6)), guest.minute)
        services = guest.services(self.rows.by_code)
        planned = self.rows.appointment(guest, master, services, self.on, minute, booked=booked, spot=False)
        self.chronicle.open[self.on].append(planned)
        self.chronicle.booked[guest.client.pk] = planned

    def reach(self) -> list[Planned]:
        """Brings today's visits to where they are at `now`; gives those that are over and still to be paid."""
        over: list[Planned] = []
        waiting = sum(each.appointment.status == Status.ARRIVED for each in self.planned())
        ahead = [each.appointment.starts_at for each in self.planned() if each.appointment.starts_at > self.now]
        # somebody is always early
        first = (min(ahead) - self.now).total_seconds() / 60 if ahead else 0
        soon = max(WAITING_FROM, first) if first <= 2 * WAITING_FROM else WAITING_FROM
        for planned in self.planned():
            appointment = planned.appointment
            before = appointment.status
            rng = Random(f"{SEED} {appointment.code}")
            if appointment.ends_at <= self.now:
                if before in (Status.BOOKED, Status.CONFIRMED) and rng.random() < 0.06:
                    appointment.status = Status.NO_SHOW
                    self.chronicle.booked.pop(planned.guest.client.pk, None)
                else:
                    self._begin(planned, appointment.starts_at + timedelta(minutes=rng.randint(-2, 4)))
                    over.append(planned)
            elif appointment.starts_at <= self.now:
                if before != Status.IN_PROGRESS:
                    self._begin(planned, appointment.starts_at)
            elif before == Status.ARRIVED:
                continue
            elif waiting < 2 and appointment.starts_at <= self.now + timedelta(minutes=soon):
                appointment.status = Status.ARRIVED
                appointment.arrived_at = self.now - timedelta(minutes=(13, 4)[waiting])
                waiting += 1
            elif before == Status.BOOKED and rng.random() < 0.4:
                appointment.status = Status.CONFIRMED
            if appointment.pk is not None and appointment.status != before:
                self.rows.changed.append(planned)
        return over

    def _begin(self, planned: Planned, at: datetime) -> None:
        planned.appointment.status = Status.IN_PROGRESS
        planned.appointment.arrived_at = at - timedelta(minutes=5)
        planned.appointment.started_at = at

    def pay(self, over: Sequence[Planned], *, cashier: User) -> None:
        """Checks out those who have gone by the salon's own verb: points, card, next visit or why not."""
        for planned in over:
            appointment, guest = planned.appointment, planned.guest
            rng = Random(f"{SEED} paid {appointment.code}")
            at = min(self.now, appointment.ends_at + timedelta(minutes=rng.randint(-6, 5)))
            self.chronicle.booked.pop(guest.client.pk, None)
            guest.came(self.on)
            lines = [
                CheckoutLine(price=service.price, service=service, master=appointment.master)
                for service in planned.services
                if service.price is not None
            ]
            if rng.random() < guest.buys:
                product = rng.choice(self.rows.products)
                lines.append(CheckoutLine(price=product.price, product=product, master=appointment.master))
            told = {
                "branch": self.rows.branch,
                "client": guest.client,
                "lines": lines,
                "now": at,
                "user": cashier,
                "appointment": appointment,
                "method": rng.choice([Payment.Method.CASH, Payment.Method.CARD]),
            }
            key = f"demo {appointment.code}"
            following = self._next_visit(guest) if rng.random() < max(guest.rebooks, 0.5) else None
            decline = Decline(reason=rng.choice(DECLINES))
            try:
                complete_checkout(**told, key=key, next_visit=following, decline=None if following else decline)
            except BookingRefused:
                complete_checkout(**told, key=key, decline=decline)

    def _next_visit(self, guest: Guest) -> NextVisit | None:
        if guest.wish_on is None:
            return None
        services = guest.services(self.rows.by_code)
        masters = self.chronicle.masters_for(guest, self.diary.able(services))
        length = self.rows.plan(services).minutes
        for later in range(4):
            on = guest.wish_on + timedelta(days=later)
            placed = self.diary.place(masters, on, guest.minute, length)
            if placed:
                master, minute = placed
                return NextVisit(starts_at=self.rows.instant(on, minute), master=master, services=services)
        return None
