"""The verbs of care: complaints, calls, and what follows from a client's own answers."""

from crm.care.services.answers import FollowUp, follow_up_of, record_after_answer, record_feedback
from crm.care.services.calls import ask_for_call, finish_call, reopen_call, withdraw_calls
from crm.care.services.complaints import (
    ComplaintRefused,
    OwnerDecides,
    SayWhatWasDone,
    answer_complaint,
    open_complaint,
    reopen_complaint,
    resolve_complaint,
    take_back_complaint,
)
from crm.care.services.results import write_result
from crm.care.services.surveys import SurveyOver, take_survey

__all__ = [
    "ComplaintRefused",
    "FollowUp",
    "OwnerDecides",
    "SayWhatWasDone",
    "SurveyOver",
    "answer_complaint",
    "ask_for_call",
    "finish_call",
    "follow_up_of",
    "open_complaint",
    "record_after_answer",
    "record_feedback",
    "reopen_call",
    "reopen_complaint",
    "resolve_complaint",
    "take_back_complaint",
    "take_survey",
    "withdraw_calls",
    "write_result",
]
