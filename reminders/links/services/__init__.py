"""What a client does by a link. Each verb acts once, however often it is pressed (trust.md, S2)."""

from reminders.links.services.answers import Asked, give_answer, give_feedback
from reminders.links.services.visits import (
    MayNotFollow,
    PleaseCall,
    Taken,
    TooLateToChange,
    ask_to_change,
    cancel_by_link,
    confirm_by_link,
    move_by_link,
    take_correction,
    take_slot,
)
from reminders.links.services.waiting import (
    answer_offer,
    take_another_time,
    wait_after_all,
    wait_by_herself,
    wait_no_more,
)
from reminders.links.services.wishes import (
    Kept,
    Wishes,
    change_contact,
    keep_wishes,
    stop,
    stop_all_but_appointments,
    take_back_wishes,
    wishes_of,
)

__all__ = [
    "Asked",
    "Kept",
    "MayNotFollow",
    "PleaseCall",
    "Taken",
    "TooLateToChange",
    "Wishes",
    "answer_offer",
    "ask_to_change",
    "cancel_by_link",
    "change_contact",
    "confirm_by_link",
    "give_answer",
    "give_feedback",
    "keep_wishes",
    "move_by_link",
    "stop",
    "stop_all_but_appointments",
    "take_another_time",
    "take_back_wishes",
    "take_correction",
    "take_slot",
    "wait_after_all",
    "wait_by_herself",
    "wait_no_more",
    "wishes_of",
]
