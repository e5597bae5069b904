"""Report of motivation: what speaks for each master (practices.md, P43)."""

from datetime import date
from typing import Any

from crm.reports.selectors.standards import standards_report
from crm.reports.selectors.standing import On


def motivation_report(on: On, since: date, until: date) -> list[dict[str, Any]]:
    """`report motivation`, one row a master: the standard kept.

    A step that the client declined, or that was impossible and says why, is none to her harm: `standards_kept` is the
    share of steps done or left out with a reason.
    """
    return [
        {
            "master": row["master"],
            "name": row["name"],
            "visits": row["visits"],
            "steps_due": row["due"],
            "steps_done": row["done"],
            "standards_kept": row["answered"],
        }
        for row in standards_report(on, since, until)["by_master"]
    ]
