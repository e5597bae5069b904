"""What a row says, whatever format it came in. `line` is the line of its file."""

from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal

# by which a consent can be given; a letter on paper is a wish only
CHANNELS = ("email", "sms", "call", "chat")


@dataclass(frozen=True, slots=True)
class ServiceRecord:
    line: int
    code: str
    name: str
    category: str = ""
    minutes: int = 60
    price: Decimal | None = None
    usual_return_days: int | None = None
    ask_after_days: int | None = None
    is_one_off: bool = False
    is_active: bool = True
    buffer_minutes: int = 0
    # kind and minutes of its work and processing, in order
    parts: tuple[tuple[str, int], ...] = ()
    is_online: bool = True
    otherwise: str = ""


@dataclass(frozen=True, slots=True)
class ProductRecord:
    line: int
    code: str
    name: str
    price: Decimal | None = None
    cost: Decimal | None = None
    stock: int | None = None
    minimum: int | None = None
    supplier: str = ""
    brand: str = ""
    is_active: bool = True
    lasts_days: int | None = None
    category: str = ""


@dataclass(frozen=True, slots=True)
class MasterRecord:
    line: int
    code: str
    name: str
    services: tuple[str, ...] = ()
    is_active: bool = True


@dataclass(frozen=True, slots=True)
class ClientRecord:
    """`care` of None is no word on it; an empty tuple is a refusal."""

    line: int
    code: str
    name: str = ""
    phone: str = ""
    email: str = ""
    birthday: tuple[int | None, int | None, int | None] = (None, None, None)
    language: str = ""
    time_zone: str = ""
    preferred_channel: str = ""
    address_form: str = ""
    gender: str = ""
    holidays: str = ""
    care: tuple[str, ...] | None = None
    marketing: tuple[str, ...] = ()
    status: str = "active"
    break_until: date | None = None
    referred_by: str = ""
    source: str = ""
    since: date | None = None
    called: str = ""
    drink: str = ""
    break_from: date | None = None
    # ways that are allowed for messages about her appointments
    service: tuple[str, ...] = CHANNELS
    email_dead_at: datetime | None = None
    phone_dead_at: datetime | None = None
    postal_address: str = ""
    messenger: str = ""
    # in which she wishes to be written to
    hours: tuple[time, time] | None = None
    calls_dead_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class AppointmentRecord:
    """`starts_at` of None: the hour is unknown. `minutes` and `price` of None: those of the services."""

    line: int
    code: str
    client: str
    master: str
    services: tuple[str, ...]
    on: date
    starts_at: datetime | None
    status: str
    minutes: int | None = None
    price: Decimal | None = None
    booked_at: datetime | None = None
    cancelled_at: datetime | None = None
    told_minutes: int | None = None
    booked_by: str = ""
    is_on_the_spot: bool = False
    cancelled_by: str = ""
    cancel_reason: str = ""
    arrived_at: datetime | None = None
    began_at: datetime | None = None
    finished_at: datetime | None = None
    wish: str = ""
    # one for each service where several did it; rooms by name
    masters: tuple[str, ...] = ()
    rooms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LineRecord:
    """One line of a receipt. An empty client is anonymous; exactly one of service and product is a code.

    `amount` is what was due for it after discounts, `paid` what of that came in money (None: all of it).
    """

    line: int
    receipt: str
    client: str
    master: str
    on: date
    sold_at: datetime | None
    service: str
    product: str
    quantity: Decimal
    amount: Decimal
    tax: Decimal = Decimal(0)
    paid: Decimal | None = None
    full_amount: Decimal | None = None
    discount_kind: str = ""
    discount_label: str = ""
    # codes of the visit it was paid for, and of the receipt that it takes back
    appointment: str = ""
    refund_of: str = ""


@dataclass(frozen=True, slots=True)
class NoteRecord:
    line: int
    client: str
    kind: str
    text: str
    on: date
    ask_again: date | None = None
    is_pinned: bool = False
    author: str = ""
    asked: date | None = None
    # of a health note: no longer true
    is_over: bool = False


@dataclass(frozen=True, slots=True)
class PointsRecord:
    line: int
    client: str
    points: int
    kind: str
    on: date
    reason: str = ""
    expires: date | None = None
    receipt: str = ""


@dataclass(frozen=True, slots=True)
class MessageRecord:
    line: int
    client: str
    kinds: tuple[str, ...]
    occasion: str
    sent_at: datetime
    channel: str = ""
    # of something written to many: its number
    mailing: str = ""


@dataclass(frozen=True, slots=True)
class ComplaintRecord:
    line: int
    client: str
    opened_on: date
    opened_at: datetime
    text: str
    resolved_on: date | None = None
    resolved_at: datetime | None = None
    outcome: str = ""
    category: str = ""
    is_urgent: bool = False
    resolution: str = ""
    number: str = ""


@dataclass(frozen=True, slots=True)
class FeedbackRecord:
    line: int
    client: str
    visit_on: date
    score: int
    answered_at: datetime
    pleased: str = ""
    displeased: str = ""
    # she agreed that others read her words
    quote_agreed_at: datetime | None = None
