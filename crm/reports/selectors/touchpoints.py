"""Report of touchpoints: where clients feel less than they are to, and how many pass there (rules.md, Reports; P42)."""

from datetime import date, timedelta
from typing import Any

from crm.care.models import Touchpoint
from crm.care.selectors import touchpoints_felt
from crm.reports.selectors.figures import ratio
from crm.reports.selectors.standing import On


def touchpoints_report(on: On, since: date, until: date) -> list[dict[str, Any]]:
    """`report touchpoints`: `weighted` = (wanted - received) x clients a month, the heaviest first.

    `received` is the mean of the audits of the period and of the scores of feedback that was put there, each as heavy
    as another. Then those whose clients nobody has counted (no weighted figure), the widest gap first; last those without
    either: nothing is known of them (`received`, `gap`, `weighted` are none).
    """
    return [row for _point, row in touchpoints_in_order(on, since, until)]


def touchpoints_in_order(on: On, since: date, until: date) -> list[tuple[Touchpoint, dict[str, Any]]]:
    """Each touchpoint with its row of the report, in the order of the report. One query."""
    points = touchpoints_felt(since=since, until=min(until, on.today + timedelta(days=1)))
    return sorted(((point, _row(point)) for point in points), key=lambda pair: _place(pair[1]))


def _row(point: Touchpoint) -> dict[str, Any]:
    audits: int = point.audited  # type: ignore[attr-defined]
    said: int = point.said  # type: ignore[attr-defined]
    felt: int = (point.felt or 0) + point.said_sum  # type: ignore[attr-defined]
    last: date | None = point.last_on  # type: ignore[attr-defined]
    heard = audits + said
    short = point.wanted * heard - felt
    return {
        "touchpoint": point.text,
        "wanted": point.wanted,
        "received": ratio(felt, heard),
        "audits": audits,
        "feedback": said,
        "last_audit": last.isoformat() if last else None,
        "gap": ratio(short, heard),
        "passing": point.passing,
        "weighted": None if point.passing is None else ratio(short * point.passing, heard),
    }


def _place(row: dict[str, Any]) -> tuple[bool, bool, float, float]:
    """What is unknown stands behind what is known; sorting keeps the owner's order among equals."""
    return (row["gap"] is None, row["weighted"] is None, -(row["weighted"] or 0), -(row["gap"] or 0))
