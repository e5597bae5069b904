"""A holiday that follows the moon, put right for the year: greetings for it move along (practices.md, P20)."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from reminders.campaigns.holidays import HOLIDAYS
from reminders.campaigns.models import Campaign, HolidayDay
from reminders.campaigns.selectors.holidays import SIGHTED, foreseen_day
from reminders.journeys.services.releasing import look_on_the_day, messages_of

# a greeting may go some days before the holiday
AROUND = timedelta(days=7)


class NotThatDay(Exception):
    """No such holiday is expected around this day; `words` say it to the owner."""

    words = _("The calendar expects this holiday on another day: a sighting moves it by %(days)s days at most.")

    def __str__(self) -> str:
        return str(self.words % {"days": SIGHTED.days})


@transaction.atomic
def correct_holiday(*, holiday: str, on: date, now: datetime) -> list[Campaign]:
    """It falls on this day in that year, whatever the tables say. Gives the greetings that moved along.

    A greeting of which something has gone stays as it is. Raises NotThatDay.
    """
    foreseen = foreseen_day(holiday, on)
    if foreseen is None:
        raise NotThatDay
    known = _correction_of(holiday, foreseen)
    before = known.on if known is not None else foreseen
    row = known or HolidayDay(holiday=holiday, name=str(HOLIDAYS[holiday].name)[:80])
    row.on = on
    row.save()
    return _move(holiday, before, on, now)


@transaction.atomic
def forget_correction(*, row: HolidayDay, now: datetime) -> list[Campaign]:
    """The day of the tables holds again; greetings move back."""
    foreseen = foreseen_day(row.holiday, row.on)
    row.delete()
    return _move(row.holiday, row.on, foreseen, now) if foreseen is not None else []


def _correction_of(holiday: str, foreseen: date) -> HolidayDay | None:
    near = HolidayDay.objects.select_for_update().filter(
        holiday=holiday, on__gte=foreseen - SIGHTED, on__lte=foreseen + SIGHTED
    )
    return near.order_by("pk").first()


def _move(holiday: str, before: date, on: date, now: datetime) -> list[Campaign]:
    """Greetings around the old day keep their distance to the new one."""
    greetings = Campaign.objects.select_for_update(of=("self",)).filter(
        kind=Campaign.Kind.HOLIDAY,
        holiday=holiday,
        state__in=[Campaign.State.DRAFT, Campaign.State.RELEASED],
        goes_on__gte=before - AROUND,
        goes_on__lte=before + AROUND,
    )
    moved = []
    for campaign in greetings.order_by("pk") if on != before else ():
        # a message is made when it is due: what has one has begun to go
        if campaign.goes_on is None or messages_of(campaign).exists():
            continue
        campaign.goes_on += on - before
        campaign.save()
        if campaign.state == Campaign.State.RELEASED:
            last = campaign.addressed.aggregate(day=Max("day"))["day"] or 0
            look_on_the_day(campaign, last + 1, now)
        moved.append(campaign)
    return moved
