"""What is known of one client when it is asked what she should hear. Plain values, no queries.

Instants are aware; days are branch days; keys of things are "s12" for service 12 and "p7" for product 7.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from zoneinfo import ZoneInfo

from crm.booking.rhythm import Break, RhythmRules
from reminders.consent.lapsing import ConsentRules
from reminders.consent.windows import Narrowing, Windows
from reminders.journeys.drawing import Control
from reminders.journeys.terms import AS_IN_THE_RULES, Terms


@dataclass(frozen=True, slots=True)
class Rules:
    """The owner's figures for messages and rhythm."""

    rhythm: RhythmRules = RhythmRules()
    due_before: int = 5
    # days by which an invitation leaves earlier at most, where a master fills up earlier
    invite_earlier: int = 0
    cap_days: int = 7
    feedback_gap: int = 60
    large_factor: int = 3
    complaint_pause: int = 14
    points_notice: int = 14
    card_notice: int = 30
    windows: Windows = Windows()
    consents: ConsentRules = ConsentRules()
    terms: Mapping[str, Terms] = field(default_factory=lambda: AS_IN_THE_RULES)
    # by kind: who is left out of this offer, for comparison
    controls: Mapping[str, Control] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Day:
    """One visit day: what was done or sold, and by whom."""

    on: date
    counts: bool = False
    has_service: bool = False
    things: frozenset[str] = frozenset()
    masters: frozenset[int] = frozenset()
    usual_returns: tuple[int, ...] = ()
    # the largest *ask after* of its services that are not one-off; 0: not asked
    ask_after: int = 0


@dataclass(frozen=True, slots=True)
class Receipt:
    """One receipt with an hour; returns are none."""

    on: date
    at: datetime
    total: Decimal
    things: frozenset[str]


@dataclass(frozen=True, slots=True)
class Booking:
    """An appointment whose hour is known."""

    pk: int
    starts_at: datetime
    on: date
    status: str
    booked_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """Something done to an appointment in the product, of which she has to be told."""

    pk: int
    appointment: int
    kind: str
    ready_at: datetime
    starts_at: datetime
    # whether the appointment still is what this change made of it
    stands: bool


@dataclass(frozen=True, slots=True)
class Offered:
    """A freed time offered to her, open; or one that somebody else took before she had answered."""

    pk: int
    offered_at: datetime
    starts_at: datetime
    # until when an answer is of use
    until: datetime
    lost_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Posted:
    """A released campaign that means her."""

    kind: str
    occasion: str
    # her day of it, and the hour by her clock
    on: date
    hour: time
    # of those it is written in
    language: str
    # when the event begins that it invites to
    ends: datetime | None = None
    answered: bool = False
    # who of its audience is left out for comparison
    control: Control | None = None


@dataclass(frozen=True, slots=True)
class Seat:
    """Her answer to an invitation, no refusal, or that a seat became hers while she waited."""

    campaign: int
    occasion: str
    starts_at: datetime
    # the day of the event by the branch's clock
    on: date
    coming: bool
    answered_at: datetime
    moved_up_at: datetime | None = None
    cancelled_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Heard:
    """Something about her complaint of which she is told: it has come, it was answered, it is solved."""

    complaint: int
    kind: str
    at: datetime
    # whether it still is so
    stands: bool = True


@dataclass(frozen=True, slots=True)
class ShopFact:
    """A step of her order, places that have what we had not, or that it is back."""

    kind: str
    # the occasion: the order and its step, or the help
    key: str
    at: datetime
    # whether nothing later says it all
    stands: bool = True


@dataclass(frozen=True, slots=True)
class Said:
    """A message on record. `at` and `on` (her calendar) only once it has gone out."""

    kind: str
    occasion: str
    at: datetime | None = None
    on: date | None = None


@dataclass(frozen=True, slots=True)
class Contact:
    """Living addresses and what they may be used for."""

    email: bool = False
    phone: bool = False
    # a phone that takes SMS
    sms: bool = False
    # a postal address
    letter: bool = False
    # a messenger by which the salon writes too
    chat: bool = False
    preferred: str = ""
    service: frozenset[str] = frozenset({"email", "sms", "call"})
    care: frozenset[str] = frozenset({"email", "sms", "call"})
    care_refused: bool = False
    marketing: frozenset[str] = frozenset()
    # when she agreed, by purpose and channel; what nobody knows is not among them
    since: Mapping[tuple[str, str], datetime] = field(default_factory=dict)
    # the hours in which she wishes to be written to
    hours: Narrowing | None = None


@dataclass(slots=True)
class Facts:
    """One client. Lists are in order of time."""

    client: int
    code: str
    branch: int
    branch_zone: ZoneInfo
    zone: ZoneInfo
    language: str
    status: str = "active"
    # days that her masters are booked ahead, by the median; 0 where it is not asked for or not known
    booked_ahead: int = 0
    away: Break | None = None
    birthday: tuple[int, int] | None = None
    # opened on, resolved on
    complaints: list[tuple[date, date | None]] = field(default_factory=list)
    heard: list[Heard] = field(default_factory=list)
    shop: list[ShopFact] = field(default_factory=list)
    # products (keys) that may be used up, by the day
    used_up: dict[date, list[int]] = field(default_factory=dict)
    days: list[Day] = field(default_factory=list)
    receipts: list[Receipt] = field(default_factory=list)
    bookings: list[Booking] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    offers: list[Offered] = field(default_factory=list)
    posted: list[Posted] = field(default_factory=list)
    seats: list[Seat] = field(default_factory=list)
    said: list[Said] = field(default_factory=list)
    contact: Contact = Contact()
    # median client-day of the branch over the 365 days before that day, where there are 30 of them
    usual_day: Mapping[date, Decimal | None] = field(default_factory=dict)
    # day on which enough points expire to tell her, and how many
    expiring: list[tuple[date, int]] = field(default_factory=list)
    # yearly days on which her card comes down, if she pays nothing more
    levels_lost: list[date] = field(default_factory=list)
    # friends she brought: code, first paid visit
    brought: list[tuple[str, date]] = field(default_factory=list)
