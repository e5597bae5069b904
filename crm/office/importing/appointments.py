"""Writing appointments of an import, and the time that those ahead hold."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.utils.translation import gettext as _

from crm.booking.models import Appointment, AppointmentService, RoomHold, Stretch
from crm.booking.stretches import lay_out, plan_as_held
from crm.catalogue.models import ServiceStretch
from crm.office.importing.bulk import BulkTable
from crm.office.importing.held_time import Diary, Held, instants
from crm.office.importing.reading import RowRefused, chunked
from crm.office.importing.records import AppointmentRecord
from crm.office.importing.run import KnownService, Run, Seen

COLUMNS = (
    "id",
    "code",
    "branch_id",
    "client_id",
    "master_id",
    "status",
    "on",
    "starts_at",
    "ends_at",
    "minutes",
    "price",
    "booked_at",
    "booked_on",
    "cancelled_at",
    "is_imported",
    "told_minutes",
    "booked_by",
    "rebooked_on_spot",
    "cancelled_by",
    "cancel_reason",
    "arrived_at",
    "started_at",
    "finished_at",
    "wish",
)


class Appointments:
    """New appointments; one whose code is known stays as it is in the salon."""

    def __init__(self, run: Run, file: str) -> None:
        self.run, self.file = run, file
        self.count = run.outcome.file(file)
        self.seen = Seen(run.appointments_before)
        self.diary = Diary(run)
        self.table = BulkTable(Appointment, COLUMNS)
        self.lines = BulkTable(
            AppointmentService, ("appointment_id", "service_id", "position", "minutes", "price", "master_id")
        )
        self.stretches = BulkTable(Stretch, ("appointment_id", "master_id", "starts_at", "ends_at", "holds"))
        self.rooms = BulkTable(RoomHold, ("appointment_id", "room_id", "starts_at", "ends_at", "holds"))

    def write(self, records: Iterable[AppointmentRecord]) -> None:
        for chunk in chunked(records):
            self._write_chunk(chunk)

    def _write_chunk(self, chunk: list[AppointmentRecord]) -> None:
        known = dict(
            Appointment.objects.filter(branch=self.run.branch, code__in={record.code for record in chunk}).values_list(
                "code", "pk"
            )
        )
        clients = self.run.clients({record.client for record in chunk})
        fresh: dict[str, tuple] = {}
        lines: list[list[tuple]] = []
        held: list[Holding] = []
        for record in chunk:
            pk = known.get(record.code)
            try:
                if record.code in fresh or (pk is not None and not (self.seen.before(pk) and self.seen.meet(pk))):
                    raise RowRefused(
                        _("The code “%(code)s” stands in this file twice; the first one counts.")
                        % {"code": record.code}
                    )
                if pk is not None:
                    self.count.unchanged += 1
                    continue
                row, services, holding = self._checked(record, clients)
            except RowRefused as reason:
                self.run.outcome.reject(self.file, record.line, str(reason))
                continue
            fresh[record.code] = row
            lines.append(services)
            held.append(holding)
        ids = self.table.allocate(len(fresh))
        self.table.insert((pk, *row) for pk, row in zip(ids, fresh.values(), strict=True))
        self.lines.insert((pk, *line) for pk, each in zip(ids, lines, strict=True) for line in each)
        holdings = list(zip(ids, held, strict=True))
        self.stretches.insert(
            (pk, master, *part, True)
            for pk, each in holdings
            for master, parts in each.masters.items()
            for part in parts
        )
        self.rooms.insert((pk, room, *stay, True) for pk, each in holdings for room, stay in each.rooms)
        self.count.imported += len(fresh)

    def _checked(self, record: AppointmentRecord, clients: dict[str, int]) -> "tuple[tuple, list[tuple], Holding]":
        run = self.run
        client = clients.get(record.client)
        if client is None:
            raise RowRefused(_("There is no client “%(code)s”.") % {"code": record.client})
        master = self._master(record.master)
        services = []
        for code in record.services:
            if code not in run.catalogue.services:
                raise RowRefused(_("There is no service “%(code)s”.") % {"code": code})
            services.append(run.catalogue.services[code])
        minutes = record.minutes if record.minutes is not None else sum(service.minutes for service in services)
        ends_at = record.starts_at + timedelta(minutes=minutes) if record.starts_at else None
        hands = [self._master(code) for code in record.masters] or [master] * len(services)
        if len(hands) != len(services):
            raise RowRefused(_("“masters” names one for each service, or nobody."))
        holding = Holding({}, [])
        if record.status in Appointment.OPEN:
            if record.starts_at is None or ends_at is None:
                raise RowRefused(_("An appointment that is still open needs the hour at which it starts."))
            if ends_at > run.now and minutes:
                holding = self._hold(record, record.starts_at, services, hands, minutes)
        row = (
            record.code,
            run.branch.pk,
            client,
            master,
            record.status,
            record.on,
            record.starts_at,
            ends_at,
            minutes,
            record.price if record.price is not None else _list_price(services),
            record.booked_at,
            record.booked_at.astimezone(run.zone).date() if record.booked_at else None,
            record.cancelled_at,
            True,
            record.told_minutes,
            record.booked_by,
            record.is_on_the_spot,
            record.cancelled_by,
            record.cancel_reason,
            record.arrived_at,
            record.began_at,
            record.finished_at,
            record.wish,
        )
        others = [None if hand == master else hand for hand in hands]
        lines = [(*line, other) for line, other in zip(_lines(services, record), others, strict=True)]
        return row, lines, holding

    def _master(self, code: str) -> int:
        master = self.run.catalogue.masters.get(code)
        if master is None:
            raise RowRefused(_("There is no master “%(code)s”.") % {"code": code})
        return master

    def _hold(
        self,
        record: AppointmentRecord,
        starts_at: datetime,
        services: list[KnownService],
        hands: list[int],
        minutes: int,
    ) -> "Holding":
        """Takes the time and the rooms of an appointment ahead; raises RowRefused where they are taken."""
        plan = lay_out(
            [service.parts or _work(service.minutes) for service in services],
            buffers=[service.buffer for service in services],
        )
        if plan.minutes != minutes:
            # agreed for another length than the services take: the masters are held throughout
            plan = plan_as_held(
                minutes=minutes,
                by_service=[service.minutes for service in services],
                hands=hands,
                held=[],
                buffers=plan.buffers,
            )
        held = instants(starts_at, plan.held_by(hands))
        rooms = self.diary.free_rooms(starts_at, plan, [service.pk for service in services], record.rooms)
        if rooms is None:
            raise RowRefused(_("Another appointment has the room at this time."))
        busy = self.diary.take_masters(held)
        if busy is not None:
            codes = {key: code for code, key in self.run.catalogue.masters.items()}
            raise RowRefused(_("Another appointment holds this time of “%(code)s”.") % {"code": codes[busy]})
        self.diary.take_rooms(rooms)
        return Holding(held, rooms)


@dataclass(frozen=True, slots=True)
class Holding:
    """What an appointment ahead takes: of each master and of each room (by key) from when to when."""

    masters: dict[int, list[Held]]
    rooms: list[tuple[int, Held]]


def _work(minutes: int) -> list[tuple[str, int]]:
    return [(ServiceStretch.Kind.WORK, minutes)]


def _list_price(services: list[KnownService]) -> Decimal | None:
    prices = [service.price for service in services]
    return None if None in prices else sum(prices, Decimal(0))


def _lines(services: list[KnownService], record: AppointmentRecord) -> list[tuple]:
    if len(services) == 1:
        only = services[0]
        return [
            (
                only.pk,
                0,
                record.minutes if record.minutes is not None else only.minutes,
                record.price if record.price is not None else only.price,
            )
        ]
    return [(service.pk, place, service.minutes, service.price) for place, service in enumerate(services)]
