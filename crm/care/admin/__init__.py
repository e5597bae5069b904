"""The office's pages of care, gathered for Django."""

from crm.care.admin.asking import AfterAnswerAdmin, FeedbackAdmin, QuoteAdmin
from crm.care.admin.calls import CallAdmin
from crm.care.admin.complaints import ComplaintAdmin, ComplaintCauseAdmin, RedoAdmin, StepWordsAdmin
from crm.care.admin.promises import PromiseAdmin
from crm.care.admin.results import ResultCardAdmin

__all__ = [
    "AfterAnswerAdmin",
    "CallAdmin",
    "ComplaintAdmin",
    "ComplaintCauseAdmin",
    "FeedbackAdmin",
    "PromiseAdmin",
    "QuoteAdmin",
    "RedoAdmin",
    "ResultCardAdmin",
    "StepWordsAdmin",
]
