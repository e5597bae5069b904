"""Complaints, promises, feedback, answers after a visit, calls to make, and what she takes home."""

from crm.care.models.asking import AfterAnswer, Feedback, Quote
from crm.care.models.calls import Call
from crm.care.models.complaints import Complaint, ComplaintEvent
from crm.care.models.promises import Promise, PromiseEvent
from crm.care.models.results import ResultCard

__all__ = [
    "AfterAnswer",
    "Call",
    "Complaint",
    "ComplaintEvent",
    "Feedback",
    "Promise",
    "PromiseEvent",
    "Quote",
    "ResultCard",
]
