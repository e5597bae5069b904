"""Complaints, promises, feedback, answers after a visit, calls to make, what she takes home, and the salon's own standard."""

from crm.care.models.asking import AfterAnswer, Feedback, Quote
from crm.care.models.calls import Call
from crm.care.models.complaints import CauseWords, Complaint, ComplaintCause, ComplaintEvent
from crm.care.models.handbook import HandbookEntry, HandbookUse
from crm.care.models.handling import ComplaintAlert, ComplaintOption, ComplaintStep, Step, StepWords
from crm.care.models.helping import HelpGiven, HelpKind
from crm.care.models.photographs import PhotographConsent, WorkPhotograph
from crm.care.models.promises import Promise, PromiseEvent
from crm.care.models.redos import Redo
from crm.care.models.reports import ComplaintAnswer, ComplaintPicture, ComplaintReport, ReviewPlace
from crm.care.models.results import ResultCard
from crm.care.models.standards import LessonRead, Standard, StandardStep, StandardVersion, VisitStep
from crm.care.models.team import TeamScore
from crm.care.models.touchpoints import FeltAt, Touchpoint, TouchpointAudit

__all__ = [
    "AfterAnswer",
    "Call",
    "CauseWords",
    "Complaint",
    "ComplaintAlert",
    "ComplaintAnswer",
    "ComplaintCause",
    "ComplaintEvent",
    "ComplaintOption",
    "ComplaintPicture",
    "ComplaintReport",
    "ComplaintStep",
    "Feedback",
    "FeltAt",
    "HandbookEntry",
    "HandbookUse",
    "HelpGiven",
    "HelpKind",
    "LessonRead",
    "PhotographConsent",
    "Promise",
    "PromiseEvent",
    "Quote",
    "Redo",
    "ResultCard",
    "ReviewPlace",
    "Standard",
    "StandardStep",
    "StandardVersion",
    "Step",
    "StepWords",
    "TeamScore",
    "Touchpoint",
    "TouchpointAudit",
    "VisitStep",
    "WorkPhotograph",
]
