"""The office's pages of care, gathered for Django."""

from crm.care.admin.asking import AfterAnswerAdmin, FeedbackAdmin, QuoteAdmin
from crm.care.admin.calls import CallAdmin
from crm.care.admin.complaints import ComplaintAdmin, ComplaintCauseAdmin, RedoAdmin, StepWordsAdmin
from crm.care.admin.handbook import HandbookEntryAdmin, HandbookUseAdmin
from crm.care.admin.helping import HelpGivenAdmin, HelpKindAdmin
from crm.care.admin.photographs import PhotographConsentAdmin, WorkPhotographAdmin
from crm.care.admin.promises import PromiseAdmin
from crm.care.admin.reports import ComplaintReportAdmin, ReviewPlaceAdmin
from crm.care.admin.results import ResultCardAdmin
from crm.care.admin.standards import StandardAdmin, StandardVersionAdmin, TeamScoreAdmin, VisitStepAdmin
from crm.care.admin.touchpoints import FeltAtAdmin, TouchpointAdmin, TouchpointAuditAdmin

__all__ = [
    "AfterAnswerAdmin",
    "CallAdmin",
    "ComplaintAdmin",
    "ComplaintCauseAdmin",
    "ComplaintReportAdmin",
    "FeedbackAdmin",
    "FeltAtAdmin",
    "HandbookEntryAdmin",
    "HandbookUseAdmin",
    "HelpGivenAdmin",
    "HelpKindAdmin",
    "PhotographConsentAdmin",
    "PromiseAdmin",
    "QuoteAdmin",
    "RedoAdmin",
    "ResultCardAdmin",
    "ReviewPlaceAdmin",
    "StandardAdmin",
    "StandardVersionAdmin",
    "StepWordsAdmin",
    "TeamScoreAdmin",
    "TouchpointAdmin",
    "TouchpointAuditAdmin",
    "VisitStepAdmin",
    "WorkPhotographAdmin",
]
