"""Report of the standard: steps done of steps due, by master, step and reason (rules.md, Reports; practices.md, P5)."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from django.db.models import Count, QuerySet

from crm.booking.models import Appointment
from crm.care.models import StandardStep, VisitStep
from crm.reports.selectors.figures import ratio
from crm.reports.selectors.standing import On

State, Reason = VisitStep.State, VisitStep.Reason


def standards_report(on: On, since: date, until: date) -> dict[str, Any]:
    """`report standards`: the required steps of visits done in the period, as they were ticked.

    Due is every required step of the version that the visit ran on. `declined` and `impossible` were left out with a
    reason of the closed list, `open` in silence. `share` is done of due; `answered` counts those with a reason as well.
    `optional_done` are steps done that nobody asks for.
    """
    whole: Counter[str] = Counter()
    masters: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    steps: dict[str, Counter[str]] = defaultdict(Counter)
    for row in (
        _steps(on, since, until)
        .values(
            "appointment__master__code",
            "appointment__master__name",
            "step__key",
            "step__is_required",
            "state",
            "reason",
        )
        .annotate(number=Count("pk"))
        .order_by()
    ):
        what = _what(row)
        master = (row["appointment__master__code"], row["appointment__master__name"])
        for counter in (whole, masters[master], steps[row["step__key"]]):
            counter[what] += row["number"]
    visits = dict(
        _steps(on, since, until)
        .values("appointment__master__code")
        .annotate(number=Count("appointment", distinct=True))
        .values_list("appointment__master__code", "number")
        .order_by()
    )
    words = _words(steps)
    return {
        "visits": sum(visits.values()),
        **_row(whole),
        "by_master": [
            {"master": code, "name": name, "visits": visits[code], **_row(masters[code, name])}
            for code, name in sorted(masters)
        ],
        # the least kept first: there the owner begins
        "by_step": sorted(
            ({**words[key], "key": key, **_row(counter)} for key, counter in steps.items()),
            key=lambda row: (1.0 if row["share"] is None else row["share"], row["step"], row["key"]),
        ),
        "by_reason": [{"reason": reason, "steps": whole[reason]} for reason in (*Reason.values, State.OPEN.value)],
    }


def _steps(on: On, since: date, until: date) -> QuerySet[VisitStep]:
    return VisitStep.objects.filter(
        appointment__status=Appointment.Status.DONE,
        appointment__on__gte=since,
        appointment__on__lt=until,
        appointment__on__lte=on.today,
    )


def _what(row: Mapping[str, Any]) -> str:
    if not row["step__is_required"]:
        return "optional_done" if row["state"] == State.DONE else "optional"
    return row["reason"] or row["state"]


def _row(counter: Counter[str]) -> dict[str, Any]:
    excused = sum(counter[reason] for reason in Reason.values)
    due = counter[State.DONE] + counter[State.OPEN] + excused
    return {
        "due": due,
        "done": counter[State.DONE],
        **{reason: counter[reason] for reason in Reason.values},
        "open": counter[State.OPEN],
        "share": ratio(counter[State.DONE], due),
        "answered": ratio(counter[State.DONE] + excused, due),
        "optional_done": counter["optional_done"],
    }


def _words(keys: Collection[str]) -> dict[str, dict[str, str | None]]:
    """Each step as its newest version words it, in the reader's language, and the service of its standard (none: all)."""
    found = (
        StandardStep.objects.filter(key__in=keys, version__isnull=False)
        .select_related("standard__service")
        .order_by("version__number")
    )
    return {
        step.key: {
            "step": step.text,
            "standard": str(step.standard),
            "service": step.standard.service.code if step.standard.service else None,
        }
        for step in found
    }
