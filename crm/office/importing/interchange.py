"""The interchange format (contracts.md): what a row of each file says."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any, TypeVar

from django.utils.translation import gettext as _

from crm.booking.local_time import computed_instant
from crm.booking.models import Appointment
from crm.care.models import Complaint
from crm.catalogue.models import ServiceStretch
from crm.office.importing import values
from crm.office.importing.memory import HEALTH
from crm.office.importing.reading import BadRow, Row, RowRefused, Table
from crm.office.importing.records import (
    AppointmentRecord,
    ComplaintRecord,
    FeedbackRecord,
    LineRecord,
    MasterRecord,
    MessageRecord,
    NoteRecord,
    PointsRecord,
    ProductRecord,
    ServiceRecord,
)
from crm.office.importing.run import Run
from crm.people.models import Client, Note
from reminders.messages.models import Kind

R = TypeVar("R")


# an hour is unknown only for what is over
OVER = (Appointment.Status.DONE, Appointment.Status.CANCELLED, Appointment.Status.NO_SHOW)


def read(run: Run, table: Table, parse: Callable[[Run, Row], R]) -> Iterator[R]:
    """The records of a file; each row that gives none is rejected with its reason."""
    count = run.outcome.file(table.name)
    for row in table.rows():
        count.read += 1
        if isinstance(row, BadRow):
            run.outcome.reject(table.name, row.line, row.reason)
            continue
        try:
            yield parse(run, row)
        except RowRefused as reason:
            run.outcome.reject(table.name, row.line, str(reason))


def service(run: Run, row: Row) -> ServiceRecord:
    code = values.needed(row, "code", 64)
    if ";" in code:
        raise RowRefused(
            _("“%(code)s”: a service's code cannot hold a semicolon, which separates services.") % {"code": code}
        )
    return ServiceRecord(
        line=row.line,
        code=code,
        name=values.optional(row, "name", 200) or row.get("code"),
        category=values.optional(row, "category", 100),
        minutes=values.whole_or_none(row, "minutes", 1, 24 * 60) or 60,
        price=values.price_or_none(row, "price", run.currency),
        usual_return_days=values.whole_or_none(row, "usual_return_days", 0, 730) or None,
        ask_after_days=values.whole_or_none(row, "ask_after_days", 0, 365),
        is_one_off=values.yes(row, "one_off"),
        is_active=_is_active(row),
        buffer_minutes=values.whole_or_none(row, "buffer_minutes", 0, 120) or 0,
        parts=tuple(_part(text) for text in values.listed(row.get("parts"))),
        is_online=row.get("online").casefold() != "no",
        otherwise=values.optional(row, "otherwise", 64),
    )


def _is_active(row: Row) -> bool:
    return row.get("active").casefold() != "no"


def _part(text: str) -> tuple[str, int]:
    """A stretch of a service: “work 30” or “processing 40”."""
    kind, _space, minutes = text.partition(" ")
    return values.one_of(kind, "parts", ServiceStretch.Kind.values), values.whole(minutes.strip(), "parts", 5, 24 * 60)


def product(run: Run, row: Row) -> ProductRecord:
    return ProductRecord(
        line=row.line,
        code=values.needed(row, "code", 64),
        name=values.optional(row, "name", 200) or row.get("code"),
        price=values.price_or_none(row, "price", run.currency),
        cost=values.price_or_none(row, "cost", run.currency),
        stock=values.whole_or_none(row, "stock", -1_000_000, 1_000_000),
        minimum=values.whole_or_none(row, "minimum", 0, 1_000_000),
        supplier=values.optional(row, "supplier", 120),
        brand=values.optional(row, "brand", 120),
        is_active=_is_active(row),
        lasts_days=values.whole_or_none(row, "lasts_days", 0, 3650) or None,
        category=values.optional(row, "category", 100),
    )


def master(run: Run, row: Row) -> MasterRecord:
    return MasterRecord(
        line=row.line,
        code=values.needed(row, "code", 64),
        name=values.optional(row, "name", 120) or row.get("code"),
        services=tuple(values.listed(row.get("services"))),
        is_active=_is_active(row),
    )


def appointment(run: Run, row: Row) -> AppointmentRecord:
    status = values.one_of(row.get("status"), "status", Appointment.Status.values)
    services = tuple(values.listed(row.get("services")))
    if not services:
        raise RowRefused(_("“%(column)s” is empty.") % {"column": "services"})
    typed = values.needed(row, "starts_at", 40)
    if status in OVER and values.DAY.fullmatch(typed):
        on, starts_at = values.day(typed, "starts_at"), None
    else:
        starts_at = values.moment(typed, "starts_at", run.zone)
        on = starts_at.astimezone(run.zone).date()
    return AppointmentRecord(
        line=row.line,
        code=values.needed(row, "code", 64),
        client=values.needed(row, "client", 64),
        master=values.needed(row, "master", 64),
        services=services,
        on=on,
        starts_at=starts_at,
        status=status,
        minutes=values.whole_or_none(row, "minutes", 0, 24 * 60),
        price=values.price_or_none(row, "price", run.currency),
        booked_at=values.moment_or_none(row, "booked_at", run.zone),
        cancelled_at=values.moment_or_none(row, "cancelled_at", run.zone),
        told_minutes=values.whole_or_none(row, "told_minutes", 0, 24 * 60),
        booked_by=values.one_of(row.get("booked_by"), "booked_by", ("", *Appointment.By.values)),
        is_on_the_spot=values.yes(row, "on_the_spot"),
        cancelled_by=values.one_of(row.get("cancelled_by"), "cancelled_by", ("", *Appointment.By.values)),
        cancel_reason=values.optional(row, "cancel_reason", 200),
        arrived_at=values.moment_or_none(row, "arrived_at", run.zone),
        began_at=values.moment_or_none(row, "began_at", run.zone),
        finished_at=values.moment_or_none(row, "finished_at", run.zone),
        wish=values.optional(row, "wish", 300),
        masters=tuple(values.listed(row.get("masters"))),
        rooms=tuple(values.listed(row.get("rooms"))),
    )


def line(run: Run, row: Row) -> LineRecord:
    on = values.day(row.get("date"), "date")
    hour = row.get("time")
    buyer = values.optional(row, "client", 64)
    item = values.needed(row, "item", 64)
    amount = values.money(values.needed(row, "amount", 40), "amount", run.currency)
    due = values.money(row.get("due"), "due", run.currency) if row.get("due") else amount
    return LineRecord(
        line=row.line,
        receipt=values.needed(row, "code", 64),
        client="" if buyer == values.ANONYMOUS else buyer,
        master=values.optional(row, "master", 64),
        on=on,
        sold_at=values.instant_of(on, values.hour(hour, "time"), run.zone) if hour else None,
        service=item,
        product=item,
        quantity=values.quantity(row.get("quantity")) if row.get("quantity") else Decimal(1),
        amount=due,
        paid=amount,
        tax=values.money(row.get("tax") or "0", "tax", run.currency),
        full_amount=values.money(row.get("full_price"), "full_price", run.currency) if row.get("full_price") else due,
        discount_kind=values.optional(row, "discount", 16),
        discount_label=values.optional(row, "discount_name", 120),
        appointment=values.optional(row, "appointment", 64),
        refund_of=values.optional(row, "refund_of", 64),
    )


def note(run: Run, row: Row) -> NoteRecord:
    return NoteRecord(
        line=row.line,
        client=values.needed(row, "client", 64),
        kind=values.one_of(row.get("kind"), "kind", (*Note.Kind.values, HEALTH)),
        text=values.needed(row, "text", 2000),
        on=values.day_or_none(row, "date") or run.today,
        ask_again=values.day_or_none(row, "ask_again"),
        is_pinned=values.yes(row, "pinned"),
        author=values.optional(row, "author", 120),
        asked=values.day_or_none(row, "asked"),
        is_over=values.yes(row, "over"),
    )


def points(run: Run, row: Row) -> PointsRecord:
    number = values.whole(row.get("points"), "points", -10_000_000, 10_000_000)
    if number == 0:
        raise RowRefused(_("Points of 0 say nothing."))
    on, _at = _day_or_moment(run, row, "date")
    return PointsRecord(
        line=row.line,
        client=values.needed(row, "client", 64),
        points=number,
        kind=values.needed(row, "kind", 40),
        on=on,
        reason=values.optional(row, "reason", 120),
        expires=values.day_or_none(row, "expires"),
        receipt=values.optional(row, "receipt", 64),
    )


def owed(run: Run, row: Row) -> PointsRecord:
    return PointsRecord(
        line=row.line,
        client=values.needed(row, "client", 64),
        points=values.whole(row.get("points"), "points", 1, 10_000_000),
        kind="",
        on=values.day_or_none(row, "date") or run.today,
    )


def message(run: Run, row: Row) -> MessageRecord:
    # care messages that went together answer several kinds
    kinds = tuple(values.one_of(part, "kind", Kind.values) for part in row.get("kind").split("+"))
    return MessageRecord(
        line=row.line,
        client=values.needed(row, "client", 64),
        kinds=kinds,
        occasion=values.needed(row, "occasion", 120),
        sent_at=values.moment(row.get("sent_at"), "sent_at", run.zone),
        channel=values.one_of(row.get("channel"), "channel", ("", *Client.Channel.values)),
        mailing=row.get("mailing"),
    )


def complaint(run: Run, row: Row) -> ComplaintRecord:
    opened_on, opened_at = _day_or_moment(run, row, "opened")
    resolved_on, resolved_at = _day_or_moment(run, row, "resolved") if row.get("resolved") else (None, None)
    if resolved_on is not None and resolved_on < opened_on:
        raise RowRefused(_("The complaint was resolved before it was opened."))
    return ComplaintRecord(
        line=row.line,
        client=values.needed(row, "client", 64),
        opened_on=opened_on,
        opened_at=opened_at,
        text=values.needed(row, "text", 4000),
        resolved_on=resolved_on,
        resolved_at=resolved_at,
        outcome=values.one_of(row.get("outcome"), "outcome", ("", *Complaint.Outcome.values)),
        category=values.optional(row, "category", 100),
        is_urgent=values.yes(row, "urgent"),
        resolution=values.optional(row, "resolution", 2000),
        number=values.optional(row, "number", 10),
    )


def feedback(run: Run, row: Row) -> FeedbackRecord:
    visit_on = values.day(row.get("visit"), "visit")
    return FeedbackRecord(
        line=row.line,
        client=values.needed(row, "client", 64),
        visit_on=visit_on,
        score=values.whole(row.get("score"), "score", 0, 10),
        answered_at=_day_or_moment(run, row, "answered")[1]
        if row.get("answered")
        else computed_instant(visit_on, time(), run.zone),
        pleased=values.optional(row, "pleased", 2000),
        displeased=values.optional(row, "displeased", 2000),
        quote_agreed_at=values.moment_or_none(row, "quote_agreed", run.zone),
    )


def _day_or_moment(run: Run, row: Row, column: str) -> tuple[date, datetime]:
    """A day, with the instant at which it begins in the branch where no hour is written."""
    text = row.get(column)
    if values.DAY.fullmatch(text):
        on = values.day(text, column)
        return on, computed_instant(on, time(), run.zone)
    at = values.moment(text, column, run.zone).astimezone(UTC)
    return at.astimezone(run.zone).date(), at


def branch_row(table: Table) -> dict[str, Any]:
    """The first row of branch.csv; empty where it has none."""
    for row in table.rows():
        if isinstance(row, Row):
            return dict(row.cells)
    return {}
