"""The days of the demo salon one after the other: who comes, who rebooks, who stays away."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from random import Random

from crm.booking.models import Appointment, AppointmentEvent, AppointmentService
from crm.office.demo import MARK, SEED
from crm.office.demo.diary import Diary
from crm.office.demo.guests import Guest
from crm.office.demo.rows import Planned, Rows, Status
from crm.sales.models import RebookingDecline
from crm.team.models import Master

# the days before her wish on which a client rings to book
RINGS_BEFORE = 5
# the share of visits that begin well after the hour agreed
LATE_STARTS = 0.06
DECLINES = [
    RebookingDecline.Reason.WILL_CALL,
    RebookingDecline.Reason.WILL_CALL,
    RebookingDecline.Reason.SCHEDULE,
    RebookingDecline.Reason.SCHEDULE,
    RebookingDecline.Reason.PRICE,
    RebookingDecline.Reason.LEAVING,
]


class Chronicle:
    """Plays whole days. Rows are gathered in `rows` and written by who asked."""

    def __init__(self, *, rows: Rows, diary: Diary, guests: Iterable[Guest]) -> None:
        self.rows = rows
        self.diary = diary
        self.guests = {guest.client.pk: guest for guest in guests}
        self.open: dict[date, list[Planned]] = defaultdict(list)
        self.booked: dict[int, Planned] = {}
        self.wishes: dict[date, list[Guest]] = defaultdict(list)

    def wish(self, guest: Guest, on: date | None) -> None:
        guest.wish_on = on
        if on is not None:
            self.wishes[on].append(guest)

    def load_open(self) -> None:
        """What is booked already: the demo's own are played on, everybody else's only hold their time."""
        found = Appointment.objects.filter(master__in=self.diary.masters, status__in=Appointment.OPEN).select_related(
            "client", "master"
        )
        # whatever somebody did at the desk left an event
        by_hand = set(AppointmentEvent.objects.filter(appointment__in=found).values_list("appointment", flat=True))
        lines = defaultdict(list)
        for line in (
            AppointmentService.objects.filter(appointment__in=found).select_related("service").order_by("position")
        ):
            lines[line.appointment_id].append(line.service)
        for appointment in found:
            local = appointment.starts_at.astimezone(self.rows.zone)
            appointment.wall_minute = local.hour * 60 + local.minute
            self.diary.take(
                appointment.master,
                appointment.on,
                appointment.wall_minute,
                appointment.wall_minute + appointment.minutes,
            )
            guest = self.guests.get(appointment.client_id)
            if guest is None or not lines[appointment.pk]:
                continue
            services = lines[appointment.pk]
            planned = Planned(appointment, services, guest, self.rows.plan(services))
            self.booked[guest.client.pk] = planned
            if appointment.code.startswith(MARK) and appointment.pk not in by_hand:
                self.open[appointment.on].append(planned)

    def play(self, first: date, last: date) -> None:
        """Every day from the first to the last, both included."""
        on = first
        while on <= last:
            self._ring(on)
            self.close(on)
            for guest in self.wishes.pop(on, []):
                if guest.wish_on == on and guest.client.pk not in self.booked:
                    self._drop_in(guest, on)
            on += timedelta(days=1)

    def close(self, on: date) -> None:
        """What was still ahead on this day, and nobody more."""
        for planned in self.open.pop(on, []):
            self.settle(planned)

    def _ring(self, on: date) -> None:
        """Half of those who would like to come soon book by phone."""
        for guest in self.wishes.get(on + timedelta(days=RINGS_BEFORE), []):
            wanted = on + timedelta(days=RINGS_BEFORE)
            if guest.wish_on == wanted and guest.client.pk not in self.booked and guest.rng.random() < 0.5:
                self.book(guest, wanted, booked_on=on, spot=False)

    def _drop_in(self, guest: Guest, on: date) -> None:
        if guest.rng.random() < 0.55:
            planned = self.book(guest, on, booked_on=on, spot=False)
            if planned is not None:
                self.open[on].remove(planned)
                self.settle(planned)
                return
        if guest.rng.random() < 0.05:
            # one day she does not come again
            guest.leaves_on, guest.wish_on = on, None
            return
        self.wish(guest, on + timedelta(days=guest.rng.randint(2, 14)))

    def masters_for(self, guest: Guest, able: Sequence[Master]) -> list[Master]:
        """Her favourite first."""
        turn = guest.favourite % len(able)
        return [*able[turn:], *able[:turn]]

    def book(self, guest: Guest, on: date, *, booked_on: date, spot: bool, minute: int | None = None) -> Planned | None:
        """Books her on that day or up to three days later; None where all is taken."""
        services = guest.services(self.rows.by_code)
        able = self.diary.able(services)
        length = self.rows.plan(services).minutes
        for later in range(4):
            day = on + timedelta(days=later)
            if day != on and booked_on == on:
                break
            placed = self.diary.place(self.masters_for(guest, able), day, minute or guest.minute, length)
            if placed:
                master, start = placed
                booked = self.rows.instant(booked_on, 9 * 60 + 5 if booked_on == day else guest.minute)
                planned = self.rows.appointment(guest, master, services, day, start, booked=booked, spot=spot)
                self.open[day].append(planned)
                self.booked[guest.client.pk] = planned
                return planned
        return None

    def settle(self, planned: Planned) -> None:
        """A day that is over: done nearly always, cancelled or missed now and then."""
        appointment, guest = planned.appointment, planned.guest
        rng = Random(f"{SEED} {appointment.code}")
        self.booked.pop(guest.client.pk, None)
        if appointment.pk is not None:
            self.rows.changed.append(planned)
        fate = rng.random()
        if fate < 0.045:
            appointment.status = Status.CANCELLED
            # most in good time, some on the day itself
            hours = 20 if fate < 0.015 else 50
            appointment.cancelled_at = max(appointment.booked_at, appointment.starts_at - timedelta(hours=hours))
            appointment.cancelled_by = Appointment.By.CLIENT
            self.wish(guest, appointment.on + timedelta(days=rng.randint(3, 9)))
        elif fate < 0.08:
            appointment.status = Status.NO_SHOW
            self.wish(guest, appointment.on + timedelta(days=rng.randint(6, 20)))
        else:
            self.done(planned, rng)

    def done(self, planned: Planned, rng: Random) -> None:
        """She came and paid; at the till she books the next visit or says why not."""
        appointment, guest = planned.appointment, planned.guest
        appointment.status = Status.DONE
        appointment.arrived_at = appointment.starts_at - timedelta(minutes=rng.randint(1, 9))
        appointment.started_at = appointment.starts_at + timedelta(minutes=rng.randint(0, 6))
        appointment.finished_at = appointment.ends_at + timedelta(minutes=rng.randint(-8, 6))
        luck = Random(f"{SEED} late {appointment.code}")
        if luck.random() < LATE_STARTS:
            # the one before took longer: she waits, and most of it is made good
            waited = luck.randint(12, 18)
            appointment.started_at = appointment.starts_at + timedelta(minutes=waited)
            appointment.finished_at += timedelta(minutes=waited - 4)
        receipt = self.rows.receipt(planned, rng)
        guest.came(appointment.on)
        if guest.wish_on is None:
            return
        wanted = guest.wish_on
        if rng.random() < guest.rebooks and self.book(guest, wanted, booked_on=appointment.on, spot=True):
            return
        if rng.random() < 0.5:
            receipt.decline = RebookingDecline(
                sale=receipt.sale, reason=rng.choice(DECLINES), declined_at=appointment.finished_at
            )
        # who has not booked comes a little later than her rhythm
        self.wish(guest, wanted + timedelta(days=rng.choice([0, 0, 2, 5, 9])))
