"""Writing appointments of an import, and the time that those ahead hold."""

from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal

from django.utils.translation import gettext as _

from crm.booking.models import Appointment, AppointmentService, Stretch
from crm.booking.stretches import lay_out
from crm.catalogue.models import ServiceStretch
from crm.office.importing.bulk import BulkTable
from crm.office.importing.reading import RowRefused, chunked
from crm.office.importing.records import AppointmentRecord
from crm.office.importing.run import KnownService, Run, Seen
from crm.team.models import Master

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


class HeldTime:
    """What the masters' time ahead is taken by. Grows with the bookings to come, not with the past."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._held: dict[int, list[tuple[datetime, datetime]]] | None = None

    def take(self, master: int, stretches: list[tuple[datetime, datetime]]) -> bool:
        """Takes these stretches, or says no because another appointment holds one of them. Half-open."""
        if self._held is None:
            self._held = self._load()
        held = self._held[master]
        if not all(self._is_free(held, stretch) for stretch in stretches):
            return False
        for stretch in stretches:
            insort(held, stretch)
        return True

    def _load(self) -> dict[int, list[tuple[datetime, datetime]]]:
        # who books one of these masters meanwhile waits until the import has ended
        list(Master.objects.select_for_update(no_key=True).filter(branch=self._run.branch).order_by("pk"))
        found: dict[int, list[tuple[datetime, datetime]]] = defaultdict(list)
        held = Stretch.objects.filter(master__branch=self._run.branch, holds=True, ends_at__gt=self._run.now)
        for master, starts_at, ends_at in held.order_by("starts_at").values_list("master_id", "starts_at", "ends_at"):
            found[master].append((starts_at, ends_at))
        return found

    @staticmethod
    def _is_free(held: list[tuple[datetime, datetime]], stretch: tuple[datetime, datetime]) -> bool:
        # nobody's times overlap, so only the neighbours can
        place = bisect_left(held, stretch)
        follows = place < len(held) and held[place][0] < stretch[1]
        precedes = place > 0 and held[place - 1][1] > stretch[0]
        return not (follows or precedes)


class Appointments:
    """New appointments; one whose code is known stays as it is in the salon."""

    def __init__(self, run: Run, file: str) -> None:
        self.run, self.file = run, file
        self.count = run.outcome.file(file)
        self.seen = Seen(run.appointments_before)
        self.held = HeldTime(run)
        self.table = BulkTable(Appointment, COLUMNS)
        self.lines = BulkTable(AppointmentService, ("appointment_id", "service_id", "position", "minutes", "price"))
        self.stretches = BulkTable(Stretch, ("appointment_id", "master_id", "starts_at", "ends_at", "holds"))

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
        stretches: list[list[tuple]] = []
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
                row, services, stretch = self._checked(record, clients)
            except RowRefused as reason:
                self.run.outcome.reject(self.file, record.line, str(reason))
                continue
            fresh[record.code] = row
            lines.append(services)
            stretches.append(stretch)
        ids = self.table.allocate(len(fresh))
        self.table.insert((pk, *row) for pk, row in zip(ids, fresh.values(), strict=True))
        self.lines.insert((pk, *line) for pk, each in zip(ids, lines, strict=True) for line in each)
        self.stretches.insert((pk, *held, True) for pk, each in zip(ids, stretches, strict=True) for held in each)
        self.count.imported += len(fresh)

    def _checked(self, record: AppointmentRecord, clients: dict[str, int]) -> tuple[tuple, list[tuple], list[tuple]]:
        run = self.run
        client = clients.get(record.client)
        if client is None:
            raise RowRefused(_("There is no client “%(code)s”.") % {"code": record.client})
        master = run.catalogue.masters.get(record.master)
        if master is None:
            raise RowRefused(_("There is no master “%(code)s”.") % {"code": record.master})
        services = []
        for code in record.services:
            if code not in run.catalogue.services:
                raise RowRefused(_("There is no service “%(code)s”.") % {"code": code})
            services.append(run.catalogue.services[code])
        minutes = record.minutes if record.minutes is not None else sum(service.minutes for service in services)
        ends_at = record.starts_at + timedelta(minutes=minutes) if record.starts_at else None
        stretches = []
        if record.status in Appointment.OPEN:
            if record.starts_at is None or ends_at is None:
                raise RowRefused(_("An appointment that is still open needs the hour at which it starts."))
            if ends_at > run.now and minutes:
                stretches = [
                    (master, *held) for held in self._hold(master, record.master, record.starts_at, services, minutes)
                ]
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
        return row, _lines(services, record), stretches

    def _hold(
        self, master: int, code: str, starts_at: datetime, services: list[KnownService], minutes: int
    ) -> list[tuple[datetime, datetime]]:
        """Takes the master's time for an appointment ahead; raises RowRefused where it is taken."""
        buffer = max(service.buffer for service in services)
        plan = lay_out(
            [service.parts or _work(service.minutes) for service in services],
            buffers=[service.buffer for service in services],
        )
        if plan.minutes != minutes:
            # agreed for another length than the services take: the master is held throughout
            plan = lay_out([_work(minutes)], buffers=[buffer])
        held = [
            (starts_at + timedelta(minutes=begins), starts_at + timedelta(minutes=ends)) for begins, ends in plan.held
        ]
        if not self.held.take(master, held):
            raise RowRefused(_("Another appointment holds this time of “%(code)s”.") % {"code": code})
        return held


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
