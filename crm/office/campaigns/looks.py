"""What the pages of campaigns show beside the rows themselves: the calendar, the cost, the progress."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db.models import Count, Q, Sum

from crm.reports.selectors.figures import salon_currency
from crm.team.admin_base import shown_money
from crm.team.models import Language
from reminders.campaigns.holidays import HOLIDAYS, fold
from reminders.campaigns.models import Campaign, HolidayDay
from reminders.campaigns.selectors.audience import Reach, salon_day, who_keeps
from reminders.campaigns.selectors.holidays import SIGHTED, corrections_among, home_country, next_holiday
from reminders.consent.selectors import message_settings
from reminders.journeys.services.releasing import messages_of
from reminders.messages.models import Message
from reminders.transports.segments import segments

AHEAD = timedelta(days=365)
# a greeting goes on the day or a little before, and the moon is late by a day or two
NEAR = timedelta(days=7)
State = Message.State


@dataclass(frozen=True, slots=True)
class HolidayRow:
    """A holiday ahead: `key` names it in a campaign; `kept_by` is how many clients have named it.

    `correction` is the row of the owner's that says its day, `may_correct` that its day follows the moon.
    """

    key: str
    name: Any
    on: date
    kept_by: int
    campaign: Campaign | None
    may_correct: bool = False
    correction: int | None = None

    @property
    def is_estimate(self) -> bool:
        return self.may_correct and self.correction is None


def calendar_of(*, now: datetime) -> list[HolidayRow]:
    """The holidays of a year ahead, by day: those of the calendar, corrected by the owner, and her own."""
    today = salon_day(now)
    country, keeps = home_country(), who_keeps()
    own = list(HolidayDay.objects.filter(on__gte=today - SIGHTED, on__lt=today + AHEAD).order_by("on"))
    corrected = corrections_among(own)
    rows_of = {(row.holiday, row.on): row.pk for row in own}
    greetings = Campaign.objects.filter(Q(goes_on__gte=today) | Q(goes_on=None), kind=Campaign.Kind.HOLIDAY)
    written = list(greetings.order_by("-pk"))
    rows = []
    for key, holiday in HOLIDAYS.items():
        on = next_holiday(key, after=today - timedelta(days=1), corrected=corrected.get(key, ()), country=country)
        greeting, correction = greeting_of(key, on, written), rows_of.get((key, on))
        rows.append(HolidayRow(key, holiday.name, on, keeps.get(key, 0), greeting, holiday.follows_moon, correction))
    rows += [
        HolidayRow(row.name, row.name, row.on, keeps.get(fold(row.name), 0), greeting_of(row.name, row.on, written))
        for row in own
        if not row.holiday and row.on >= today
    ]
    return sorted(rows, key=lambda row: (row.on, str(row.name)))


def greeting_of(key: str, on: date, written: list[Campaign]) -> Campaign | None:
    """The newest greeting for this day of it: one without a day yet, or near it, as an estimate may have been corrected."""
    return next(
        (each for each in written if each.holiday == key and (each.goes_on is None or abs(each.goes_on - on) <= NEAR)),
        None,
    )


def words_rows(campaign: Campaign, languages: dict[str, int]) -> list[dict[str, Any]]:
    """Each language: whether it is written, and how many read it."""
    written = {text.language: text for text in campaign.texts.all()}
    return [
        {
            "code": code,
            "name": name,
            "text": written.get(code),
            "readers": languages.get(code, 0),
            "is_own": code == settings.DEFAULT_LANGUAGE,
        }
        for code, name in Language.choices
    ]


def cost_of(campaign: Campaign, reach: Reach) -> str:
    """What the SMS of it would cost, by the longest of its words, and the fixed costs."""
    parts = max((segments(text.sms).parts for text in campaign.texts.all()), default=1)
    total = message_settings().sms_price * parts * reach.by_sms + campaign.fixed_costs
    return shown_money(Decimal(total), salon_currency())


def reached_of(campaign: Campaign, reach: Reach) -> int:
    """How many would get it, those left out for comparison taken off."""
    return reach.reached * (100 - campaign.control_percent) // 100


def progress_of(campaign: Campaign) -> dict[str, Any]:
    """How many were addressed, how many messages are in which state, what it cost. Two queries."""
    gone = Q(state__in=(State.SENT, State.DELIVERED))
    by_hand = Q(state=State.CANCELLED, state_reason="campaign_stopped")
    counts = messages_of(campaign).aggregate(
        planned=Count("pk", filter=Q(state__in=(State.PLANNED, State.SENDING))),
        sent=Count("pk", filter=gone),
        failed=Count("pk", filter=Q(state__in=(State.FAILED, State.UNKNOWN))),
        dropped=Count("pk", filter=Q(state__in=(State.DROPPED, State.CANCELLED)) & ~by_hand),
        stopped=Count("pk", filter=by_hand),
        held_back=Count("pk", filter=Q(state=State.CONTROL)),
        cost=Sum("cost"),
    )
    addressed = campaign.addressed.count()
    settled = counts["sent"] + counts["failed"] + counts["dropped"] + counts["held_back"] + counts["stopped"]
    is_over, left = campaign.state == Campaign.State.STOPPED, max(0, addressed - settled)
    return {
        **counts,
        "addressed": addressed,
        "to_come": 0 if is_over else left,
        # whoever no message had been planned for yet, too
        "stopped": counts["stopped"] + (left if is_over else 0),
        "percent": round(100 * settled / addressed) if addressed else 0,
        "cost": shown_money(counts["cost"] or Decimal(0), salon_currency()),
    }
