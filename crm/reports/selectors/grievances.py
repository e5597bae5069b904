"""Report of complaints: how fast they were solved, and who came back (rules.md, Reports; practices.md, P32)."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Min, OuterRef, Subquery

from crm.booking.models import Visit
from crm.care.models import Complaint, ComplaintOption
from crm.reports.selectors.figures import money, ratio, salon_currency
from crm.reports.selectors.standing import On

BACK_WITHIN = timedelta(days=90)
# what is published about complainers who came back, by how their case ended
PUBLISHED = {"within_24h": "95 %", "within_72h": "54-70 %", "later": "54-70 %", "never": "9 %"}
# a dissatisfied client whose case is never solved tells so many others
TOLD = (9, 15)


def complaints_report(
    on: On, since: date, until: date, *, costs: Mapping[int, Decimal] | None = None
) -> dict[str, Any]:
    """`report complaints`: those opened in the period by the time to their solution.

    `share` is of those whose 90 days are over: who had a visit day within them. Before that they are running.
    `first_answer` counts those that had to be answered here, not those of the old records; `solutions` are those
    chosen in these cases, at what they cost when they were offered or, where it is known by the key of the solution
    (`costs`), in the end; `told` is how many others are told of those never solved, at 9 and at 15 each.
    """
    counts: Counter[str] = Counter()
    over: Counter[str] = Counter()
    back: Counter[str] = Counter()
    causes: dict[str, int] = defaultdict(int)
    answers: Counter[str] = Counter()
    outcomes: Counter[str] = Counter()
    returned = (
        Visit.objects.filter(client=OuterRef("client"), on__gt=OuterRef("opened_on"), on__lte=on.today)
        .order_by()
        .values("client")
        .annotate(first=Min("on"))
        .values("first")
    )
    complaints = (
        Complaint.objects.filter(opened_on__gte=since, opened_on__lt=until, opened_on__lte=on.today)
        .annotate(first_back=Subquery(returned))
        .select_related("cause")
        .order_by()
    )
    for complaint in complaints.iterator():
        speed = _speed(complaint, on)
        counts[speed] += 1
        causes[complaint.cause.name if complaint.cause else complaint.category] += 1
        answers[_answer(complaint, on)] += 1
        if speed != "never":
            outcomes[complaint.outcome] += 1
        if on.today > complaint.opened_on + BACK_WITHIN:
            over[speed] += 1
            back[speed] += (
                complaint.first_back is not None and complaint.first_back <= complaint.opened_on + BACK_WITHIN
            )
    return {
        "complaints": sum(counts.values()),
        "groups": [
            {
                "resolved": speed,
                "complaints": counts[speed],
                "came_back": back[speed],
                "share": ratio(back[speed], over[speed]),
                "running": counts[speed] - over[speed],
                "published": published,
            }
            for speed, published in PUBLISHED.items()
        ],
        "first_answer": {each: answers[each] for each in ("in_time", "late", "running")},
        "outcomes": {each: outcomes[each] for each in Complaint.Outcome.values},
        "solutions": _solutions(on, since, until, costs or {}),
        "told": [counts["never"] * others for others in TOLD],
        "causes": [
            {"category": category or None, "complaints": number}
            for category, number in sorted(causes.items(), key=lambda pair: (-pair[1], pair[0]))
        ],
    }


def _speed(complaint: Complaint, on: On) -> str:
    if complaint.resolved_at is None or complaint.resolved_on is None or complaint.resolved_on > on.today:
        return "never"
    took = complaint.resolved_at - complaint.opened_at
    if took <= timedelta(hours=24):
        return "within_24h"
    return "within_72h" if took <= timedelta(hours=72) else "later"


def _answer(complaint: Complaint, on: On) -> str:
    if complaint.answer_due_at is None:
        return "unknown"
    if complaint.answered_at is not None and complaint.answered_at <= on.now:
        return "in_time" if complaint.answered_at <= complaint.answer_due_at else "late"
    return "late" if complaint.answer_due_at < on.now else "running"


def _solutions(on: On, since: date, until: date, costs: Mapping[int, Decimal]) -> list[dict[str, Any]]:
    """What was chosen, by kind, the dearest first; by the branch day on which its case was opened."""
    chosen = ComplaintOption.objects.filter(
        state=ComplaintOption.State.CHOSEN,
        complaint__opened_on__gte=since,
        complaint__opened_on__lt=until,
        complaint__opened_on__lte=on.today,
    )
    numbers: Counter[str] = Counter()
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for key, kind, offered in chosen.values_list("pk", "kind", "cost").order_by():
        numbers[kind] += 1
        sums[kind] += costs.get(key, offered)
    currency = salon_currency()
    kinds = sorted(sums, key=lambda kind: (-sums[kind], kind))
    return [{"kind": kind, "chosen": numbers[kind], "cost": money(sums[kind], currency)} for kind in kinds]
