"""The owner's page of touchpoints: where clients feel less than they are to, and how many pass there (practices.md, P42)."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language, ngettext
from django.views.decorators.http import require_safe

from crm.office.access import owner_page
from crm.office.periods import period_of
from crm.reports.selectors.touchpoints import touchpoints_in_order
from crm.team.wording import isolated, number_words

TENTH = Decimal("0.1")


@require_safe
@owner_page
def touchpoints(request: HttpRequest) -> HttpResponse:
    """What mystery visitors felt, and clients said, over the last 30, 90 or 365 days, the heaviest gap first; apart, what is unknown."""
    period = period_of(request, usual=365)
    pairs = touchpoints_in_order(period.on, period.since, period.until)
    context = {
        "tabs": period.tabs,
        "begin": _begin(pairs[0][1]) if pairs else "",
        "known": [{**row, "pk": point.pk, "shown": _shown(row)} for point, row in pairs if row["gap"] is not None],
        "unknown": [point for point, row in pairs if row["gap"] is None],
    }
    return render(request, "office/touchpoints.html", context)


def _begin(row: dict[str, Any]) -> str:
    """Where to begin; nothing where nobody feels less than wanted, or it is not known how many pass."""
    if not row["weighted"] or row["weighted"] < 0:
        return ""
    return ngettext(
        "Begin with %(point)s: %(gap)s short of what you want, and %(count)d client passes there in a month.",
        "Begin with %(point)s: %(gap)s short of what you want, and %(count)d clients pass there in a month.",
        row["passing"],
    ) % {"point": isolated(row["touchpoint"]), "gap": _tenths(row["gap"]), "count": row["passing"]}


def _shown(row: dict[str, Any]) -> dict[str, str]:
    return {name: _tenths(row[name]) for name in ("received", "gap", "weighted")}


def _tenths(figure: float | None) -> str:
    """Half up to a tenth, as the language writes it."""
    if figure is None:
        return ""
    rounded = Decimal(str(figure)).quantize(TENTH, rounding=ROUND_HALF_UP)
    # without it what is a little better than wanted would be "-0"
    return number_words(abs(rounded) if rounded == 0 else rounded, get_language() or "en")
