"""Reads of complaints, calls, scores, promises and what is taken home."""

from crm.care.selectors.asking import MERELY_SATISFIED, last_scores, quotes_about
from crm.care.selectors.calls import calls_to_make
from crm.care.selectors.complaints import deadline_of, open_complaints, resolved_complaints, seen_by, time_to_solve
from crm.care.selectors.hours import business_deadline
from crm.care.selectors.promises import ended_promises, open_promises, promises_to, with_due
from crm.care.selectors.results import last_formula, result_of

__all__ = [
    "MERELY_SATISFIED",
    "business_deadline",
    "calls_to_make",
    "deadline_of",
    "ended_promises",
    "last_formula",
    "last_scores",
    "open_complaints",
    "open_promises",
    "promises_to",
    "quotes_about",
    "resolved_complaints",
    "result_of",
    "seen_by",
    "time_to_solve",
    "with_due",
]
