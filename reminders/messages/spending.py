"""What SMS cost in a month, and the owner's limit (docs/decisions.md, Messages).

A month has one row, and what an SMS will cost is taken from it in the transaction that hands the SMS
over: of many senders at once none takes what another one has taken. What did not go is given back.
"""

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

from django.db import transaction
from django.db.models import F, Value

from crm.team.fields import MoneyField
from crm.team.models import Branch
from crm.team.selectors import zone
from reminders.consent.models import Purpose
from reminders.consent.selectors import message_settings
from reminders.messages.models import Message, SmsMonth
from reminders.transports.services import segments

# why a message waits, and why it was dropped in the end
LIMIT = "spending_limit"
# as fine as the database keeps money
FINEST = Decimal("0.001")
NOTHING = Decimal(0)


class OverLimit(Exception):
    """This SMS would pass the month's limit."""


def price_of(text: str) -> Decimal:
    """What an SMS of this text will cost by the owner's price of a part; 0 where she has named none."""
    return message_settings().sms_price * segments(text).parts


def month_of(branch: Branch, at: datetime) -> date:
    """The first day of the month in which it is sent, by the branch's own clock."""
    return at.astimezone(zone(branch)).date().replace(day=1)


def goes_beyond_limits(message: Message) -> bool:
    """Appointments, orders and complaints are told whatever it costs."""
    return message.purpose == Purpose.SERVICE


def money(amount: Decimal) -> Value:
    """An amount to reckon with in the database, which keeps thousandths."""
    return Value(amount, output_field=MoneyField())


def is_spent(message: Message, now: datetime) -> bool:
    """Whether not even an SMS of one part fits into the month: asked before anything is written for it."""
    limit = message_settings().sms_monthly_limit
    if not limit or goes_beyond_limits(message):
        return False
    row = SmsMonth.objects.filter(month=month_of(message.branch, now)).first()
    return row is not None and (row.spent >= limit or row.spent + message_settings().sms_price > limit)


def take(message: Message, cost: Decimal, now: datetime) -> None:
    """Takes what it will cost from the month's limit. Raises OverLimit."""
    limit = message_settings().sms_monthly_limit
    month = month_of(message.branch, now)
    rows = SmsMonth.objects.filter(month=month)
    room = rows if not limit or goes_beyond_limits(message) else rows.filter(spent__lte=limit - cost, spent__lt=limit)
    # the condition is in the update itself: of two at once the second one sees what the first one took
    if room.update(spent=F("spent") + money(cost)):
        return
    _row, _is_new = SmsMonth.objects.get_or_create(month=month)
    if not room.update(spent=F("spent") + money(cost)):
        raise OverLimit


def settle(message: Message, cost: Decimal, now: datetime) -> None:
    """It went, and cost this: more or less than was taken for it."""
    change = cost - message.cost
    if not change:
        return
    month = month_of(message.branch, message.handed_at or now)
    if not SmsMonth.objects.filter(month=month).update(spent=F("spent") + money(change)):
        SmsMonth.objects.create(month=month, spent=change)


def give_back(message: Message, now: datetime) -> None:
    """It did not go."""
    settle(message, NOTHING, now)
    message.cost = NOTHING


def as_kept(cost: Decimal | None) -> Decimal:
    """A provider's own figure, as fine as money is kept here."""
    return NOTHING if cost is None else cost.quantize(FINEST, rounding=ROUND_HALF_UP)


def month_as_it_stands(month: date) -> tuple[Decimal, Decimal]:
    """What SMS cost in this month so far, and its limit (0: none)."""
    row = SmsMonth.objects.filter(month=month).first()
    return (row.spent if row else NOTHING), message_settings().sms_monthly_limit


def level_of(spent: Decimal, limit: Decimal, price: Decimal) -> int:
    """How much of the limit is spent, as far as it is told: 0, 80 or 100 percent (no further part fits)."""
    if not limit:
        return 0
    if spent >= limit or spent + price > limit:
        return 100
    return 80 if spent * 100 >= limit * 80 else 0


@transaction.atomic
def next_to_tell() -> tuple[SmsMonth, int] | None:
    """The newest month and the level that the owner has not been told of; hers who asks first."""
    row = SmsMonth.objects.order_by("-month").first()
    if row is None:
        return None
    rules = message_settings()
    level = level_of(row.spent, rules.sms_monthly_limit, rules.sms_price)
    told = row.told_percent
    if level == told:
        return None
    # a limit that was raised is told of anew
    if not SmsMonth.objects.filter(pk=row.pk, told_percent=told).update(told_percent=level):
        return None
    return (row, level) if level > told else None
