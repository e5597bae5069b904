"""The interchange format (contracts.md): what a row of clients.csv says."""

from collections.abc import Callable
from datetime import date, time

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from crm.office.importing import values
from crm.office.importing.reading import Row, RowRefused
from crm.office.importing.records import (
    CHANNELS,
    ClientRecord,
)
from crm.office.importing.run import Run
from crm.people.models import Client
from crm.team.models import AddressForm, Language


def client(run: Run, row: Row) -> ClientRecord:
    code = values.needed(row, "code", 64)
    if code == values.ANONYMOUS:
        raise RowRefused(_("WALK_IN is anybody, so it is no client of its own."))
    status, until = _status(row.get("status"))
    return ClientRecord(
        line=row.line,
        code=code,
        name=values.optional(row, "name", 200),
        phone=values.optional(row, "phone", 32),
        email=_kept(run, row, "email", values.is_email, _("“%(value)s” is no e-mail address and was left out.")),
        birthday=values.birthday(row.get("birthday")),
        language=_kept(run, row, "language", Language.values.__contains__, _left_out()),
        # an unknown zone means the branch's (rules.md, Messages, Quiet hours)
        time_zone=_kept(
            run, row, "time_zone", values.is_zone, _("“%(value)s” is no time zone: the branch's is taken.")
        ),
        preferred_channel=_kept(run, row, "preferred_channel", Client.Channel.values.__contains__, _left_out()),
        address_form=_kept(run, row, "address_form", AddressForm.values.__contains__, _left_out()),
        gender=_kept(run, row, "gender", Client.Gender.values.__contains__, _left_out()),
        holidays=values.optional(row, "holidays", 200),
        care=_care(row.get("care")),
        marketing=_channels(row.get("marketing"), "marketing"),
        status=status,
        break_until=until,
        referred_by=values.optional(row, "referred_by", 64),
        source=values.optional(row, "source", 120),
        since=values.day_or_none(row, "since"),
        called=values.optional(row, "called", 100),
        drink=values.optional(row, "drink", 100),
        break_from=values.day_or_none(row, "break_from"),
        service=_service_channels(row.get("service")),
        email_dead_at=values.moment_or_none(row, "email_dead", run.zone),
        phone_dead_at=values.moment_or_none(row, "phone_dead", run.zone),
        postal_address=values.optional(row, "postal_address", 300),
        messenger=_kept(run, row, "messenger", _is_messenger, _left_out()),
        hours=_hours(_kept(run, row, "hours", _is_hours, _left_out())),
        calls_dead_at=values.moment_or_none(row, "calls_dead", run.zone),
    )


def _hours(text: str) -> tuple[time, time] | None:
    """09:00-12:30: the hours in which she wishes to be written to."""
    if not text:
        return None
    begins, _dash, ends = text.partition("-")
    return values.hour(begins.strip(), "hours"), values.hour(ends.strip(), "hours")


def _is_hours(text: str) -> bool:
    try:
        hours = _hours(text)
    except RowRefused:
        return False
    return hours is not None and hours[0] < hours[1]


def _left_out() -> str:
    return _("“%(value)s” in “%(column)s” is not known here and was left out.")


def _kept(run: Run, row: Row, column: str, is_known: Callable[[str], bool], otherwise: str) -> str:
    """A wish that we can keep; one that we do not know is left empty and said, she is a client all the same."""
    text = row.get(column)
    if not text or is_known(text):
        return text
    run.outcome.leave_out("clients.csv", row.line, otherwise % {"value": text[:60], "column": column})
    return ""


def _status(text: str) -> tuple[str, date | None]:
    """active, moved, blocked, deceased, or break:DATE; a break without a date has no end yet."""
    status, colon, until = text.partition(":")
    if status == Client.Status.BREAK:
        return status, values.day(until, "status") if until else None
    if colon:
        raise RowRefused(_("“%(value)s” is no status.") % {"value": text[:40]})
    return values.one_of(status or Client.Status.ACTIVE, "status", Client.Status.values), None


def _is_messenger(text: str) -> bool:
    try:
        Client._meta.get_field("messenger").run_validators(text)
    except ValidationError:
        return False
    return len(text) <= 120


def _channels(text: str, column: str) -> tuple[str, ...]:
    # a channel that nobody knows could not be refused either: better no row than a wrong consent
    return tuple(values.one_of(part, column, CHANNELS) for part in values.listed(text))


def _care(text: str) -> tuple[str, ...] | None:
    if text == "none":
        return ()
    return _channels(text, "care") or None


def _service_channels(text: str) -> tuple[str, ...]:
    """By which ways she may be told about her appointments; empty is every way."""
    return () if text == "none" else _channels(text, "service") or CHANNELS
