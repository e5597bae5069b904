"""What a client was told and what it was, in a line for the desk, on the axis that the owner chose (practices.md, P6)."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.booking.models import Appointment
from crm.desk.words import money
from crm.reports.selectors.told import (
    COLUMNS,
    Figures,
    Measured,
    Outcome,
    measure,
    minutes_taken,
    told_visits,
    with_what_was,
)
from crm.sales.models import Sale
from crm.team.models import PromiseAxis
from crm.team.selectors import salon_settings
from loyalty.gifts.selectors import got_at_visit

Line = dict[str, Any]
TONES = {Outcome.BEATEN: "good", Outcome.BROKEN: "warn"}


def lines_of(visit_ids: Collection[int], currency: str) -> dict[int, Line]:
    """A line (`text`, `tone`) of each of these visits that was better or worse than told; one query."""
    axis = salon_settings().promise_axis
    rows = with_what_was(told_visits().filter(pk__in=visit_ids), more=got_at_visit()).order_by().values(*COLUMNS)
    found = {row["pk"]: _line(measure(row), axis, currency) for row in rows}
    return {pk: line for pk, line in found.items() if line}


def line_of_receipt(sale: Sale) -> Line | None:
    """How the visit went that this receipt closed; nothing of a refund."""
    visit = sale.appointment
    if visit is None or visit.told_minutes is None or sale.refund_of_id is not None:
        return None
    return lines_of([visit.pk], sale.branch.currency).get(visit.pk)


def line_at_the_till(visit: Appointment | None, now: datetime) -> Line | None:
    """How the visit goes while it is being paid: by time, which ends now. Price and service are said on the receipt.

    Before half of the told time nobody praises it: who pays ahead has most of her visit before her.
    """
    if visit is None or visit.told_minutes is None or salon_settings().promise_axis != PromiseAxis.TIME:
        return None
    ends_at = visit.finished_at or now
    took = minutes_taken(visit.starts_at, visit.arrived_at, visit.started_at, ends_at, planned=visit.minutes)
    if took is None or (visit.finished_at is None and took * 2 < visit.told_minutes):
        return None
    return _shown(Figures(visit.told_minutes, took).outcome, visit.told_minutes - took)


def _line(visit: Measured, axis: str, currency: str) -> Line | None:
    outcome = visit.outcome(axis)
    if outcome is None:
        return None
    if axis == PromiseAxis.TIME and visit.time:
        return _shown(outcome, int(visit.time.told - visit.time.true))
    if axis == PromiseAxis.COST and visit.cost:
        words = {Outcome.BEATEN: _("%(sum)s less than told"), Outcome.BROKEN: _("%(sum)s more than told")}
        sum_words = money(abs(visit.cost.told - visit.cost.true), currency)
        return _toned(outcome, words.get(outcome, "") % {"sum": sum_words})
    words = {Outcome.BEATEN: _("More than our standard asks"), Outcome.BROKEN: _("Less than our standard asks")}
    return _toned(outcome, words.get(outcome, ""))


def _shown(outcome: Outcome, minutes: int) -> Line | None:
    """`7 minutes earlier than told`, or later where fewer than none are left."""
    earlier = ngettext("%(count)d minute earlier than told", "%(count)d minutes earlier than told", abs(minutes))
    later = ngettext("%(count)d minute later than told", "%(count)d minutes later than told", abs(minutes))
    return _toned(outcome, (earlier if minutes > 0 else later) % {"count": abs(minutes)})


def _toned(outcome: Outcome, words: str) -> Line | None:
    return {"text": words, "tone": TONES[outcome]} if outcome in TONES else None
