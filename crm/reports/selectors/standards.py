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
from crm.team.models import Master

State, Reason = VisitStep.State, VisitStep.Reason


MASTER = (
    "appointment__master",
    "appointment__master__branch__name",
    "appointment__master__code",
    "appointment__master__name",
)


def standards_report(on: On, since: date, until: date, *, master: Master | None = None) -> dict[str, Any]:
    """`report standards`: the required steps of visits done in the period, as they were ticked; of one master if asked.

    Due is every required step of the version that the visit ran on. `declined` and `impossible` were left out with a
    reason of the closed list, `open` in silence. `share` is done of due; `answered` counts those with a reason as well.
    `optional_done` are steps done that nobody asks for.
    """
    found = _steps(on, since, until)
    if master is not None:
        found = found.filter(appointment__master=master)
    whole: Counter[str] = Counter()
    masters: dict[int, Counter[str]] = defaultdict(Counter)
    steps: dict[str, Counter[str]] = defaultdict(Counter)
    counted = found.values("appointment__master", "step__key", "step__is_required", "state", "reason")
    for row in counted.annotate(number=Count("pk")).order_by():
        what = _what(row)
        for counter in (whole, masters[row["appointment__master"]], steps[row["step__key"]]):
            counter[what] += row["number"]
    people = list(
        found.values_list(*MASTER).annotate(visits=Count("appointment", distinct=True)).order_by(*MASTER[1:], MASTER[0])
    )
    words = _words(steps)
    return {
        "visits": sum(visits for *_who, visits in people),
        **_row(whole),
        "by_master": [
            {"branch": branch, "master": code, "name": name, "visits": visits, **_row(masters[pk])}
            for pk, branch, code, name, visits in people
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
