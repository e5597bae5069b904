"""Writing the 2018 export, and counting what each of its rows came to."""

from django.utils.translation import gettext as _

from crm.booking.models import Appointment
from crm.office.importing.appointments import Appointments
from crm.office.importing.catalogue import write_masters, write_products, write_services
from crm.office.importing.people import Clients
from crm.office.importing.reading import Table, chunked
from crm.office.importing.run import Run
from crm.office.importing.sales import Sales
from crm.office.importing.salon2018.columns import (
    BOOKINGS,
    CANCELLATIONS,
    COLUMNS,
    NO_SHOWS,
    PRODUCTS,
    RECEIPTS,
    SERVICES,
    Booking,
)
from crm.office.importing.salon2018.endings import Endings
from crm.office.importing.salon2018.files import Salon2018


def write_salon2018(run: Run, tables: dict[str, Table]) -> None:
    """Takes in the files that are there."""
    salon = Salon2018(run, tables)
    endings = Endings(salon)
    any_file = next(iter(tables.values())).name
    names = {kind: tables[kind].name if kind in tables else any_file for kind in COLUMNS}
    salon.read()
    write_services(run, names[SERVICES], salon.services.values())
    write_products(run, names[PRODUCTS], salon.products.values())
    write_masters(run, any_file, salon.master_records())
    Clients(run, any_file).write(salon.client_records())
    for kind, records in (
        (BOOKINGS, endings.booked),
        (CANCELLATIONS, endings.unmatched_cancellations),
        (NO_SHOWS, endings.unmatched_no_shows),
    ):
        if kind in tables:
            Appointments(run, names[kind]).write(records())
    if RECEIPTS in tables:
        Sales(run, names[RECEIPTS]).write(salon.lines())
    for kind in (CANCELLATIONS, NO_SHOWS):
        if kind in tables:
            _count_endings(salon, endings, kind)


def _count_endings(salon: Salon2018, endings: Endings, kind: str) -> None:
    """A row that says how a booking ended came in if that appointment came in with this run.

    What says it twice, or is overruled by another file, changes nothing and is told.
    """
    run, file = salon.run, salon.tables[kind].name
    status = {CANCELLATIONS: Appointment.Status.CANCELLED, NO_SHOWS: Appointment.Status.NO_SHOW}[kind]
    fresh = _fresh(run, endings, list(salon.told[kind]))
    imported = 0
    for booking, lines in salon.told[kind].items():
        # rows of the same booking are one cancellation, the latest; of no-shows the first is as good as any
        says = salon.cancellations[booking].line if kind == CANCELLATIONS else lines[0]
        for line in lines:
            if line != says:
                run.outcome.leave_out(file, line, _("The same booking stands in this file once more: it counts once."))
            elif booking in endings.by_booking and endings.status(booking) != status:
                run.outcome.leave_out(
                    file, line, _("She came that day, or the no-show report says otherwise: it is not cancelled.")
                )
            else:
                imported += booking in fresh
    count = run.outcome.file(file)
    count.imported, count.unchanged = imported, count.read - count.rejected - imported


def _fresh(run: Run, endings: Endings, bookings: list[Booking]) -> set[Booking]:
    """Those of the bookings whose appointments this run has written."""
    fresh: set[Booking] = set()
    for chunk in chunked(bookings):
        by_code = {code: booking for booking in chunk for code in endings.codes(booking)}
        written = Appointment.objects.filter(
            branch=run.branch, code__in=by_code, pk__gt=run.appointments_before
        ).values_list("code", flat=True)
        fresh.update(by_code[code] for code in written)
    return fresh
