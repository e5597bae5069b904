"""What an offer may bring before it goes, by what such offers brought until now (practices.md, P59)."""

from decimal import Decimal
from typing import Any

from django.core.cache import cache
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from crm.office.effects.words import sum_of
from crm.reports.selectors.standing import On
from crm.team.wording import number_words
from reminders.effect.selectors.effects import expected

# a year's figures change slowly; seconds
KEPT = 6 * 60 * 60


def expected_words(brought: dict[str, Any] | None, count: int, currency: str, *, fixed: Decimal = Decimal(0)) -> str:
    """“may bring …” for so many messages, what they cost taken off; empty where nothing is known or nobody gets it.

    `brought` is what one message has brought on average: visits, margin, whether that is clear.
    """
    if not brought or not count:
        return ""
    if not brought["is_clear"]:
        return _("By what it brought until now it may be chance whether it brings anything.")
    margin = sum_of(Decimal(repr(brought["margin"])) * count - fixed, currency)
    if brought["margin"] < 0:
        return _("By what it brought until now it loses money: %(sum)s for these.") % {"sum": margin}
    visits = Decimal(repr(brought["visits"])) * count
    return _("It may bring %(sum)s and %(visits)s visits more within 30 days, its cost taken off.") % {
        "sum": margin,
        "visits": number_words(round(visits), get_language() or "en"),
    }


def brought_until(kind: str, on: On) -> dict[str, Any] | None:
    """What one message of this kind brought in the last year, kept for some hours."""
    key = f"brought-{kind}-{on.today}"
    found: dict[str, Any] | str | None = cache.get(key)
    if found is None:
        one = expected(kind, now=on.now)
        # a cache that answers nothing has none; nothing known is an empty answer
        found = {"visits": one.visits, "margin": one.margin, "is_clear": one.is_clear} if one else ""
        cache.set(key, found, KEPT)
    return found or None  # type: ignore[return-value]
