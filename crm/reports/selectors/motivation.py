"""Report of motivation: what speaks for each master (practices.md, P43)."""

from datetime import date
from typing import Any

from crm.reports.selectors.figures import money, salon_currency
from crm.reports.selectors.redone import redone_by_master
from crm.reports.selectors.standards import standards_report
from crm.reports.selectors.standing import On


def motivation_report(on: On, since: date, until: date) -> list[dict[str, Any]]:
    """`report motivation`, one row a master: the standard kept, complaints solved, what was done again.

    A step that the client declined, or that was impossible and says why, is none to her harm: `standards_kept` is the
    share of steps done or left out with a reason.
    """
    kept = {(row["branch"], row["master"], row["name"]): row for row in standards_report(on, since, until)["by_master"]}
    redone = redone_by_master(on, since, until)
    nothing = {"complaints_solved": 0, "redos": 0, "figure_taken_back": money(None, salon_currency())}
    return [
        {
            "branch": branch,
            "master": code,
            "name": name,
            "visits": row["visits"] if row else 0,
            "steps_due": row["due"] if row else 0,
            "steps_done": row["done"] if row else 0,
            "standards_kept": row["answered"] if row else None,
            **redone.get((branch, code, name), nothing),
        }
        for branch, code, name in sorted({*kept, *redone})
        for row in [kept.get((branch, code, name))]
    ]
