"""What the bookings of the 2018 export came to (contracts.md): done, cancelled, missed or still ahead."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, time
from functools import cached_property

from crm.booking.local_time import computed_instant
from crm.booking.models import Appointment
from crm.office.importing import values
from crm.office.importing.reading import RowRefused
from crm.office.importing.records import AppointmentRecord
from crm.office.importing.salon2018.columns import BOOKINGS, Booking, appointment_code
from crm.office.importing.salon2018.files import Salon2018

MINUTES = 60


class Endings:
    """The appointments of the three files that speak of bookings."""

    def __init__(self, salon: Salon2018) -> None:
        self.salon = salon

    @cached_property
    def by_booking(self) -> dict[Booking, list[time]]:
        """The hours at which the list has each booking."""
        found: dict[Booking, list[time]] = defaultdict(list)
        for booked in self.salon.bookings:
            found[booked.booking].append(booked.at)
        return dict(found)

    def codes(self, booking: Booking) -> list[str]:
        """Of the appointments that a booking has become."""
        hours = [at.strftime("%H%M") for at in self.by_booking.get(booking, ())]
        return [appointment_code(booking, hour) for hour in hours or ["lost"]]

    def booked(self) -> Iterator[AppointmentRecord]:
        """Each booking row with what it came to."""
        minutes = self._minutes()
        for booked in self.salon.bookings:
            booking = booked.booking
            client, on, service, master = booking
            cancelled = self.salon.cancellations.get(booking)
            status = self.status(booking)
            try:
                starts_at = values.instant_of(on, booked.at, self.salon.run.zone)
            except RowRefused as reason:
                self.salon.run.outcome.reject(self.salon.tables[BOOKINGS].name, booked.line, str(reason))
                continue
            yield AppointmentRecord(
                line=booked.line,
                code=appointment_code(booking, booked.at.strftime("%H%M")),
                client=client,
                master=master,
                services=(service,),
                on=on,
                starts_at=starts_at,
                status=status,
                minutes=minutes[master, on, booked.at],
                cancelled_at=self._day_start(cancelled.on)
                if cancelled and status == Appointment.Status.CANCELLED
                else None,
            )

    def status(self, booking: Booking) -> str:
        """What the other files say of it."""
        client, on, _service, _master = booking
        if booking in self.salon.no_shows:
            return Appointment.Status.NO_SHOW
        if (client, on) in self.salon.receipt_days:
            return Appointment.Status.DONE
        return Appointment.Status.CANCELLED if booking in self.salon.cancellations else Appointment.Status.BOOKED

    def _minutes(self) -> dict[tuple[str, date, time], int]:
        """60 minutes, or until the master's next booking of that day if that is sooner."""
        by_day: dict[tuple[str, date], set[time]] = defaultdict(set)
        for booked in self.salon.bookings:
            by_day[booked.booking[3], booked.booking[1]].add(booked.at)
        lengths = {}
        for (master, on), times in by_day.items():
            ordered = sorted(times)
            for at, following in zip(ordered, [*ordered[1:], None], strict=True):
                until = MINUTES if following is None else _minutes_between(at, following)
                lengths[master, on, at] = min(MINUTES, until)
        return lengths

    def _day_start(self, on: date) -> datetime:
        """The files know the day of a cancellation, not its hour."""
        return computed_instant(on, time(), self.salon.run.zone)

    def unmatched_cancellations(self) -> Iterator[AppointmentRecord]:
        """Cancellations of bookings that the list has lost: appointments whose hour is unknown."""
        for booking, cancelled in self.salon.cancellations.items():
            if booking not in self.by_booking:
                status = Appointment.Status.NO_SHOW if booking in self.salon.no_shows else Appointment.Status.CANCELLED
                yield self._without_hour(cancelled.line, booking, status, self._day_start(cancelled.on))

    def unmatched_no_shows(self) -> Iterator[AppointmentRecord]:
        """No-shows of bookings that the list has lost."""
        for booking, line in self.salon.no_shows.items():
            if booking not in self.by_booking and booking not in self.salon.cancellations:
                yield self._without_hour(line, booking, Appointment.Status.NO_SHOW, None)

    def _without_hour(
        self, line: int, booking: Booking, status: str, cancelled_at: datetime | None
    ) -> AppointmentRecord:
        client, on, service, master = booking
        return AppointmentRecord(
            line=line,
            code=appointment_code(booking, "lost"),
            client=client,
            master=master,
            services=(service,),
            on=on,
            starts_at=None,
            status=status,
            minutes=MINUTES,
            cancelled_at=cancelled_at if status == Appointment.Status.CANCELLED else None,
        )


def _minutes_between(first: time, second: time) -> int:
    return (second.hour - first.hour) * 60 + second.minute - first.minute
