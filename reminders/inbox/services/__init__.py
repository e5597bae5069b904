"""The verbs of the inbox."""

from reminders.inbox.services.handling import (
    AnswerRefused,
    OtherBranch,
    answer,
    can_answer,
    finish,
    look_after,
    reopen,
    ways_to_write,
    write_to_her,
)
from reminders.inbox.services.knowing import KnownAlready, is_no_complaint, stop_for_her, tie, write_down
from reminders.inbox.services.receiving import receive

__all__ = [
    "AnswerRefused",
    "KnownAlready",
    "OtherBranch",
    "answer",
    "can_answer",
    "finish",
    "is_no_complaint",
    "look_after",
    "receive",
    "reopen",
    "stop_for_her",
    "tie",
    "ways_to_write",
    "write_down",
    "write_to_her",
]
