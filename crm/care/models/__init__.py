"""Complaints, promises, feedback, answers after a visit, calls to make, and what she takes home."""

from crm.care.models.asking import AfterAnswer, Feedback, Quote
from crm.care.models.calls import Call
from crm.care.models.complaints import CauseWords, Complaint, ComplaintCause, ComplaintEvent
from crm.care.models.handling import ComplaintAlert, ComplaintOption, ComplaintStep, Step, StepWords
from crm.care.models.promises import Promise, PromiseEvent
from crm.care.models.redos import Redo
from crm.care.models.results import ResultCard

__all__ = [
    "AfterAnswer",
    "Call",
    "CauseWords",
    "Complaint",
    "ComplaintAlert",
    "ComplaintCause",
    "ComplaintEvent",
    "ComplaintOption",
    "ComplaintStep",
    "Feedback",
    "Promise",
    "PromiseEvent",
    "Quote",
    "Redo",
    "ResultCard",
    "Step",
    "StepWords",
]
