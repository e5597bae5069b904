"""Report of complaints: how fast they were solved, and who came back (rules.md, Reports; practices.md, P32)."""

from collections import Counter, defaultdict
from datetime import date, timedelta
from typing import Any

from django.db.models import Min, OuterRef, Subquery

from crm.booking.models import Visit
from crm.care.models import Complaint
from crm.reports.selectors.figures import ratio
from crm.reports.selectors.standing import On

BACK_WITHIN = timedelta(days=90)
# what is published about complainers who came back, by how their case ended
PUBLISHED = {"within_24h": "95 %", "within_72h": "54-70 %", "later": "54-70 %", "never": "9 %"}
# a dissatisfied client whose case is never solved tells so many others
TOLD = (9, 15)


def complaints_report(on: On, since: date, until: date) -> dict[str, Any]:
    """`report complaints`: those opened in the period by the time to their solution.

    `share` is of those whose 90 days are over: who had a visit day within them. Before that they are running.
    """
    counts: Counter[str] = Counter()
    over: Counter[str] = Counter()
    back: Counter[str] = Counter()
    causes: dict[str, int] = defaultdict(int)
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
        .order_by()
    )
    for complaint in complaints.iterator():
        speed = _speed(complaint, on)
        counts[speed] += 1
        causes[complaint.category] += 1
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
