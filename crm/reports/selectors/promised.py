"""Report of promises: kept in time, late, broken, by who gave and who held (rules.md, Reports)."""

from collections import Counter, defaultdict
from datetime import date, datetime
from typing import Any

from crm.care.models import Promise
from crm.care.selectors import with_due
from crm.reports.selectors.figures import ratio
from crm.reports.selectors.standing import On
from crm.team.models import User

ENDS = ("kept", "late", "broken", "overdue", "running")


def promises_report(on: On, since: date, until: date) -> dict[str, Any]:
    """`report promises`: those given in the period, by how they ended until then.

    Late: kept, but after her next visit had begun or the day named was over. Overdue: that moment has passed and it
    still waits. `share`: kept in time of all whose end is known, the overdue among them.
    """
    rows = (
        with_due(Promise.objects.filter(given_on__gte=since, given_on__lt=until, given_on__lte=on.today))
        .select_related("given_by", "holder")
        .order_by()
    )
    whole: Counter[str] = Counter()
    by_giver: dict[str | None, Counter[str]] = defaultdict(Counter)
    by_holder: dict[str | None, Counter[str]] = defaultdict(Counter)
    for promise in rows.iterator(chunk_size=5_000):
        end = _end(promise, on.now)
        for counter in (whole, by_giver[_name(promise.given_by)], by_holder[_name(promise.holder)]):
            counter[end] += 1
    return {
        **_row(whole),
        "by_giver": [{"user": user, **_row(by_giver[user])} for user in sorted(by_giver, key=lambda name: name or "")],
        "by_holder": [
            {"user": user, **_row(by_holder[user])} for user in sorted(by_holder, key=lambda name: name or "")
        ],
    }


def _end(promise: Any, now: datetime) -> str:
    closed_at, due_at = promise.closed_at, promise.was_due_at if promise.closed_at else promise.due_at
    if closed_at is None or closed_at > now:
        return "overdue" if due_at is not None and due_at <= now else "running"
    if promise.state == Promise.State.BROKEN:
        return "broken"
    return "late" if due_at is not None and closed_at > due_at else "kept"


def _name(user: User | None) -> str | None:
    return user.username if user else None


def _row(counter: Counter[str]) -> dict[str, Any]:
    known = counter.total() - counter["running"]
    return {"promises": counter.total(), **{end: counter[end] for end in ENDS}, "share": ratio(counter["kept"], known)}
