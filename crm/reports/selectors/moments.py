"""Report of moments of care: who was helped out, with what, by whom (practices.md, P33)."""

from collections import Counter
from datetime import date
from typing import Any

from crm.care.models import HelpGiven
from crm.reports.selectors.standing import On


def moments_report(on: On, since: date, until: date) -> dict[str, Any]:
    """`report moments`: small helps of the period; `clients` of those who are known by name."""
    given = HelpGiven.objects.filter(on__gte=since, on__lt=until, on__lte=on.today).select_related("kind", "user")
    by_kind: Counter[str] = Counter()
    by_user: Counter[str | None] = Counter()
    clients: set[int] = set()
    for each in given.order_by().iterator():
        by_kind[each.kind.text] += 1
        by_user[each.user.username if each.user else None] += 1
        if each.client_id is not None:
            clients.add(each.client_id)
    return {
        "moments": by_kind.total(),
        "clients": len(clients),
        "by_what": [{"what": what, "moments": number} for what, number in _most(by_kind)],
        "by_user": [{"user": user, "moments": number} for user, number in _most(by_user)],
    }


def _most(counter: Counter[Any]) -> list[tuple[Any, int]]:
    return sorted(counter.items(), key=lambda pair: (-pair[1], pair[0] or ""))
