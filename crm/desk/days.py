"""Days as people type them: in an address or a form, and how far from today one may lie."""

from datetime import date, timedelta

from django.utils.dateparse import parse_date

from crm.team.days import KEPT_WITHIN, bookable_day, kept_day

__all__ = ["RECORDS_REACH", "asked_day", "bookable_day", "kept_day"]

# the oldest records that a salon brings along
RECORDS_REACH = 10 * KEPT_WITHIN


def asked_day(text: str, today: date, *, back: timedelta = KEPT_WITHIN) -> date:
    """`2026-06-12`, from an address; today where it is no day, or farther than five years ahead or `back`."""
    try:
        day = parse_date(text)
    except ValueError:
        return today
    return day if day is not None and -back <= day - today <= KEPT_WITHIN else today
