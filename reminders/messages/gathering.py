"""What the letters of a batch say of each client, read for all of them in one go before the first is written."""

from collections.abc import Sequence
from datetime import datetime

from crm.booking.services import know_habits
from crm.team.selectors import branch_day
from reminders.consent.models import Channel
from reminders.messages.destinations import ABOUT_APPOINTMENT
from reminders.messages.filling import WITH_SLOTS
from reminders.messages.models import Kind, Message
from reminders.messages.selectors import know_items


def gather(messages: Sequence[Message], *, now: datetime) -> None:
    """Reads the visits that these messages follow and, where they name free times, their clients' habits.

    Kept within `reading_once`; whoever is written to anew because something has changed is asked about anew.
    """
    visits = {
        (each.client_id, each.visit_on) for each in messages if each.visit_on and each.kind not in ABOUT_APPOINTMENT
    }
    if visits:
        know_items(visits)
    invited = [each for each in messages if each.kind in WITH_SLOTS and each.kind != Kind.MASTER_ILL]
    if habits := {
        each.client_id: each.visit_on or branch_day(each.branch, now)
        for each in invited
        if each.channel == Channel.EMAIL
    }:
        know_habits(habits)
