"""Reads of complaints, calls, scores, promises and what is taken home."""

from crm.care.selectors.asking import MERELY_SATISFIED, last_scores, quotes_about
from crm.care.selectors.calls import calls_to_make
from crm.care.selectors.complaints import deadline_of, open_complaints, resolved_complaints, seen_by, time_to_solve
from crm.care.selectors.handbook import counted_entry, handbook
from crm.care.selectors.handling import (
    came_back,
    causes_in,
    redo_to_book,
    steps_of,
    with_handling,
    with_return,
    words_of_steps,
)
from crm.care.selectors.helping import help_kinds, helps_of, last_help, may_take_back
from crm.care.selectors.hours import business_deadline
from crm.care.selectors.photographs import (
    PhotographRefusal,
    PhotographWishes,
    photograph_refusals_since,
    photograph_wishes,
    photographs_of,
    photographs_of_day,
    photographs_to_show,
)
from crm.care.selectors.promises import ended_promises, open_promises, promises_to, with_due
from crm.care.selectors.reporting import dialogue_of, review_places
from crm.care.selectors.results import last_formula, result_of
from crm.care.selectors.standards import (
    Lesson,
    checklist_of,
    lessons_of,
    steps_for,
    unread_lessons,
    visits_without_steps,
    with_questions,
    with_steps_to_ask,
)
from crm.care.selectors.team import score_of, team_scores
from crm.care.selectors.touchpoints import feedback_by_point, touchpoints_felt, touchpoints_to_choose

__all__ = [
    "MERELY_SATISFIED",
    "Lesson",
    "PhotographRefusal",
    "PhotographWishes",
    "business_deadline",
    "calls_to_make",
    "came_back",
    "causes_in",
    "checklist_of",
    "counted_entry",
    "deadline_of",
    "dialogue_of",
    "ended_promises",
    "feedback_by_point",
    "handbook",
    "help_kinds",
    "helps_of",
    "last_formula",
    "last_help",
    "last_scores",
    "lessons_of",
    "may_take_back",
    "open_complaints",
    "open_promises",
    "photograph_refusals_since",
    "photograph_wishes",
    "photographs_of",
    "photographs_of_day",
    "photographs_to_show",
    "promises_to",
    "quotes_about",
    "redo_to_book",
    "resolved_complaints",
    "result_of",
    "review_places",
    "score_of",
    "seen_by",
    "steps_for",
    "steps_of",
    "team_scores",
    "time_to_solve",
    "touchpoints_felt",
    "touchpoints_to_choose",
    "unread_lessons",
    "visits_without_steps",
    "with_due",
    "with_handling",
    "with_questions",
    "with_return",
    "with_steps_to_ask",
    "words_of_steps",
]
