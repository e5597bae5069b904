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
from crm.care.services.promises import (
    NotYours,
    PromiseRefused,
    SayWhy,
    accept_promise,
    break_promise,
    give_promise,
    hand_promise,
    keep_promise,
    reopen_promise,
)
from crm.care.services.results import write_result
from crm.care.services.surveys import SurveyOver, take_survey

__all__ = [
    "ComplaintRefused",
    "FollowUp",
    "NotYours",
    "OwnerDecides",
    "PromiseRefused",
    "SayWhatWasDone",
    "SayWhy",
    "SurveyOver",
    "accept_promise",
    "answer_complaint",
    "ask_for_call",
    "break_promise",
    "finish_call",
    "follow_up_of",
    "give_promise",
    "hand_promise",
    "keep_promise",
    "open_complaint",
    "record_after_answer",
    "record_feedback",
    "reopen_call",
    "reopen_complaint",
    "reopen_promise",
    "resolve_complaint",
    "take_back_complaint",
    "take_survey",
    "withdraw_calls",
    "write_result",
]
