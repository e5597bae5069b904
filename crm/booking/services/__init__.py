"""The verbs of booking. Locks are taken in one order: client, masters, rooms, appointment."""

from crm.booking.services.agreeing import agree_with, forget_agreement
from crm.booking.services.appointments import book_appointment, held_until, services_of
from crm.booking.services.bad_day import (
    AlreadySaid,
    NobodyAffected,
    Reported,
    affected_by,
    offered_instead,
    report_ill,
    report_late,
    tell_now,
    undo_bad_day,
)
from crm.booking.services.course import (
    arrive,
    cancel_appointment,
    confirm_appointment,
    finish_visit,
    mark_no_show,
    start_visit,
    to_be_finished,
)
from crm.booking.services.following import Following, what_may_follow
from crm.booking.services.free_times import FreeTimes, times_for_many
from crm.booking.services.moving import move_appointment, slots_to_move
from crm.booking.services.pulse import refresh_pulses, refreshed_once, service_rules_changed
from crm.booking.services.rebooking import Habit, habit_of, know_habits, propose_next
from crm.booking.services.refusals import (
    BookingRefused,
    CannotDoService,
    ClientBusy,
    InThePast,
    NotToday,
    OffGrid,
    OutsideHours,
    RoomTaken,
    SlotTaken,
    TooEarly,
    UndoIsOver,
    WrongMoment,
)
from crm.booking.services.slots import (
    Slot,
    able_for_each,
    able_masters,
    free_slots,
    nearest_slots,
)
from crm.booking.services.undo import send_now, undo_ends_at, undo_event
from crm.booking.services.visits import VisitFact, record_visit, withdraw_visit

__all__ = [
    "AlreadySaid",
    "BookingRefused",
    "CannotDoService",
    "ClientBusy",
    "Following",
    "FreeTimes",
    "Habit",
    "InThePast",
    "NobodyAffected",
    "NotToday",
    "OffGrid",
    "OutsideHours",
    "Reported",
    "RoomTaken",
    "Slot",
    "SlotTaken",
    "TooEarly",
    "UndoIsOver",
    "VisitFact",
    "WrongMoment",
    "able_for_each",
    "able_masters",
    "affected_by",
    "agree_with",
    "arrive",
    "book_appointment",
    "cancel_appointment",
    "confirm_appointment",
    "finish_visit",
    "forget_agreement",
    "free_slots",
    "habit_of",
    "held_until",
    "know_habits",
    "mark_no_show",
    "move_appointment",
    "nearest_slots",
    "offered_instead",
    "propose_next",
    "record_visit",
    "refresh_pulses",
    "refreshed_once",
    "report_ill",
    "report_late",
    "send_now",
    "service_rules_changed",
    "services_of",
    "slots_to_move",
    "start_visit",
    "tell_now",
    "times_for_many",
    "to_be_finished",
    "undo_bad_day",
    "undo_ends_at",
    "undo_event",
    "what_may_follow",
    "withdraw_visit",
]
