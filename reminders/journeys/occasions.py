"""What a message that may go is made of, and which kinds belong together (rules.md, Messages)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from reminders.consent.models import Purpose
from reminders.journeys.drawing import Control
from reminders.messages.models import OWNERS_WORDS, Kind

# the order of the table, which decides ties
ORDER = {kind: place for place, kind in enumerate(Kind.values)}
# marketing due on the same moment: this one first
MARKETING_ORDER = {
    kind: place
    for place, kind in enumerate(
        (Kind.WIN_BACK, Kind.SECOND_WIN_BACK, Kind.DUE_SOON, Kind.EVENT, Kind.HOLIDAY, Kind.NEWS, Kind.USED_UP)
    )
}
MARKETING = {Kind.DUE_SOON, Kind.WIN_BACK, Kind.SECOND_WIN_BACK, Kind.BIRTHDAY, Kind.USED_UP, *OWNERS_WORDS}
CARE = {Kind.REASSURANCE, Kind.FEEDBACK, Kind.LASHES, Kind.THANKS}
WIN_BACKS = {Kind.WIN_BACK, Kind.SECOND_WIN_BACK}
ABOUT_COMPLAINT = {Kind.COMPLAINT_RECEIVED, Kind.COMPLAINT_ANSWER, Kind.COMPLAINT_RESOLVED}
CHANGED = {Kind.CONFIRMATION, Kind.CHANGE, Kind.CANCELLATION, Kind.MASTER_ILL, Kind.MASTER_LATE}
ABOUT_ORDER = {Kind.ORDER_STAGE, Kind.ORDER_LATE, Kind.OTHER_PLACES}
# these know no quiet hours
AT_ONCE = CHANGED | ABOUT_COMPLAINT | ABOUT_ORDER
APPOINTMENT = {Kind.REMINDER_24H, Kind.REMINDER_2H, Kind.WAITING_OFFER, Kind.WAITING_TAKEN, *CHANGED}

# what is still of use when the post brings it; a letter takes the place of a call
ON_PAPER = {Kind.REASSURANCE, Kind.THANKS, Kind.POINTS_EXPIRING, Kind.CARD_REVIEW, *WIN_BACKS}


def purpose_of(kind: str) -> str:
    """Service, care or marketing (rules.md, Messages, Purposes)."""
    if kind in MARKETING:
        return Purpose.MARKETING
    return Purpose.CARE if kind in CARE else Purpose.SERVICE


def occasion_of_start(starts_at: datetime) -> str:
    """How an appointment's start is written as an occasion: in UTC, to the second."""
    return starts_at.astimezone(UTC).isoformat(timespec="seconds")


def occasion_of_offer(starts_at: datetime, offer: int) -> str:
    """How an offer to the waiting list is written as an occasion: the time offered and its key."""
    return f"{occasion_of_start(starts_at)}/{offer}"


def occasion_of_complaint(complaint: int, at: datetime) -> str:
    """How something that happened with a complaint is written as an occasion: its key, and when."""
    return f"{complaint}/{occasion_of_start(at)}"


@dataclass(frozen=True, slots=True)
class Occasion:
    """One message that may go: from `planned` on, up to and including `not_after`."""

    kind: str
    key: str
    planned: datetime
    # on her calendar
    planned_on: date
    not_after: datetime
    # kinds with an hour wait for that hour of a day; the others go at once
    hour: time | None
    reason: str
    # what the kind's own row asks on a day and at an instant; the word for what fails, or nothing
    asks: Callable[[date, datetime], str | None]
    appointment: int | None = None
    event: int | None = None
    # where it is not written in hers
    language: str = ""
    visit_on: date | None = None
    # a moment fixed by the start of an appointment, already moved out of the night
    is_reminder: bool = False
    # the day on which it fell due, before a break moved it
    due_on: date | None = None
    # a complaint's own goes through its pause
    heeds_pause: bool = True
    # who is left out of a campaign for comparison; a journey has its share by kind
    control: Control | None = None

    @property
    def purpose(self) -> str:
        return purpose_of(self.kind)
