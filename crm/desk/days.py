"""Days as people type them: in an address or a form, and how far from today one may lie."""

from datetime import date

from django.utils.dateparse import parse_date

from crm.team.days import KEPT_WITHIN, bookable_day, kept_day

__all__ = ["asked_day", "bookable_day", "kept_day"]


def asked_day(text: str, today: date) -> date:
    """`2026-06-12`, from an address; today where it is no day, or one farther than five years."""
    try:
        day = parse_date(text)
    except ValueError:
        return today
    return day if day is not None and abs(day - today) <= KEPT_WITHIN else today
