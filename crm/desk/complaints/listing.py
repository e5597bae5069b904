"""Complaints with what is due next, for lists and pages."""

from collections.abc import Iterable
from datetime import datetime

from crm.care.models import Complaint
from crm.care.selectors import deadline_of


def with_deadlines(complaints: Iterable[Complaint], *, now: datetime) -> list[Complaint]:
    """Each with `due` (the first answer, then the solution), `due_is_answer` and `is_late`."""
    found = list(complaints)
    for complaint in found:
        is_open = complaint.resolved_at is None
        complaint.due_is_answer = is_open and complaint.answered_at is None and complaint.answer_due_at is not None
        complaint.due = complaint.answer_due_at if complaint.due_is_answer else deadline_of(complaint)
        complaint.is_late = is_open and complaint.due < now
    return found
