"""The verbs of care: complaints, calls, and what follows from a client's own answers."""

from crm.care.services.answers import FollowUp, follow_up_of, record_after_answer, record_feedback
from crm.care.services.calls import ask_for_call, finish_call, reopen_call, withdraw_calls
from crm.care.services.complaints import (
    ComplaintRefused,
    OwnerDecides,
    SayWhatWasDone,
    add_her_words,
    answer_complaint,
    hand_complaint,
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
from crm.care.services.redos import (
    NothingToRedo,
    NotYourVisit,
    RedoRefused,
    agree_redo,
    book_redo,
    figure_of,
    free_twin,
    report_redo,
)
from crm.care.services.results import write_result
from crm.care.services.steps import StepTaken, finish_step, save_step
from crm.care.services.surveys import SurveyOver, take_survey

__all__ = [
    "ComplaintRefused",
    "FollowUp",
    "NotYourVisit",
    "NotYours",
    "NothingToRedo",
    "OwnerDecides",
    "PromiseRefused",
    "RedoRefused",
    "SayWhatWasDone",
    "SayWhy",
    "StepTaken",
    "SurveyOver",
    "accept_promise",
    "add_her_words",
    "agree_redo",
    "answer_complaint",
    "ask_for_call",
    "book_redo",
    "break_promise",
    "figure_of",
    "finish_call",
    "finish_step",
    "follow_up_of",
    "free_twin",
    "give_promise",
    "hand_complaint",
    "hand_promise",
    "keep_promise",
    "open_complaint",
    "record_after_answer",
    "record_feedback",
    "reopen_call",
    "reopen_complaint",
    "reopen_promise",
    "report_redo",
    "resolve_complaint",
    "save_step",
    "take_back_complaint",
    "take_survey",
    "withdraw_calls",
    "write_result",
]
