"""Releasing a campaign, stopping it, and knowing when it is over (practices.md, P20 and P21)."""

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F, IntegerField, Max, Q, QuerySet, Value, Window
from django.db.models.functions import RowNumber
from django.utils.translation import gettext_lazy as _

from crm.people.services.changes import note_change
from crm.team.models import Branch, User
from reminders.campaigns.models import Addressed, Campaign, Event
from reminders.campaigns.selectors.audience import chosen, reachable
from reminders.campaigns.services.answering import cancel_event
from reminders.campaigns.services.drafts import CampaignRefused, locked_draft
from reminders.journeys.models import Watch
from reminders.journeys.posting import LASTS
from reminders.messages.models import Message, MessageEvent

# daily portions of a campaign: whoever is reached later than this hears old news
MOST_DAYS = 60
CHUNK = 5_000

State = Campaign.State


class NoDay(CampaignRefused):
    words = _("Choose the day on which it goes.")


class DayOver(CampaignRefused):
    words = _("This day lies too far back: nothing would go any more. Choose another one.")


class NoHoliday(CampaignRefused):
    words = _("Choose the holiday first: only who named it is written to.")


class NoEvent(CampaignRefused):
    words = _("Say when the event begins.")


class EventTooSoon(CampaignRefused):
    words = _("The event begins before the invitations have gone. Choose an earlier day for them.")


class NoWords(CampaignRefused):
    words = _("Write it in the salon’s own language first: who reads none of the others gets that.")


class NobodyMeant(CampaignRefused):
    words = _("Nobody would get it: choose a wider audience.")


class TooManyDays(CampaignRefused):
    words = _("With so few a day it would take more than 60 days. Let more go each day.")


@transaction.atomic
def release(*, campaign: Campaign, user: User | None, now: datetime) -> Campaign:
    """The audience is frozen and its messages are planned for their day. Raises CampaignRefused, AlreadyReleased.

    Whom it is addressed to is written by one statement, and each is looked at when her day has come: the work
    does not grow with the clients there are, and memory not with the audience.
    """
    held = locked_draft(campaign)
    _check(held, now)
    count = _address(held, now)
    if count == 0:
        raise NobodyMeant
    days = 1 if held.portion is None else -(-count // held.portion)
    if days > MOST_DAYS:
        raise TooManyDays
    held.state, held.released_at, held.released_by = State.RELEASED, now, user
    held.save()
    look_on_the_day(held, days, now)
    return held


def _check(campaign: Campaign, now: datetime) -> None:
    if campaign.goes_on is None:
        raise NoDay
    if campaign.goes_on + LASTS < now.date():
        raise DayOver
    if campaign.kind == Campaign.Kind.HOLIDAY and not campaign.holiday:
        raise NoHoliday
    if campaign.kind == Campaign.Kind.EVENT:
        event = Event.objects.filter(campaign=campaign).first()
        if event is None:
            raise NoEvent
        here = ZoneInfo((campaign.branch or Branch.objects.order_by("pk")[0]).time_zone)
        if event.starts_at <= max(now, datetime.combine(campaign.goes_on, campaign.hour, here)):
            raise EventTooSoon
    if not campaign.texts.filter(language=settings.DEFAULT_LANGUAGE).exists():
        raise NoWords


def _address(campaign: Campaign, now: datetime) -> int:
    """Freezes who is meant and can be reached; gives how many."""
    day: Any = Value(0, output_field=IntegerField())
    if campaign.portion is not None:
        place = Window(RowNumber(), order_by=F("pk").asc()) - 1
        day = place / campaign.portion
    clients = reachable(chosen(campaign, now=now), now=now).order_by("pk")
    rows = clients.values_list(Value(campaign.pk), "pk", day)
    # S608: the table is Django's own, the rest are parameters
    query, values = rows.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(f'INSERT INTO "{Addressed._meta.db_table}" (campaign_id, client_id, day) {query}', values)
    return Addressed.objects.filter(campaign=campaign).count()


def look_on_the_day(campaign: Campaign, days: int, now: datetime) -> None:
    """The audience of so many daily portions: each client is looked at when it goes to her; who lives by another clock, at once, for that hour of hers."""
    addressed = Addressed.objects.filter(campaign=campaign)
    _look_at(addressed.exclude(client__time_zone=""), now)
    for branch in Branch.objects.order_by("pk"):
        for day in range(days):
            on = (campaign.goes_on or now.date()) + timedelta(days=day)
            at = datetime.combine(on, campaign.hour, ZoneInfo(branch.time_zone))
            here = addressed.filter(client__time_zone="", client__branch=branch, day=day)
            _look_at(here, max(at, now))


def _look_at(addressed: QuerySet[Addressed], at: datetime) -> None:
    """These clients are looked at by then at the latest, in one statement, in the order in which others lock them."""
    moment = Value(at, output_field=Watch._meta.get_field("look_at"))
    query, values = addressed.order_by("client_id").values_list("client_id", moment).query.sql_with_params()
    table = Watch._meta.db_table
    sooner = f'"{table}".look_at IS NULL OR "{table}".look_at > excluded.look_at'
    with connection.cursor() as cursor:
        cursor.execute(
            f'INSERT INTO "{table}" (client_id, look_at) {query} ON CONFLICT (client_id) DO UPDATE'
            f' SET look_at = CASE WHEN {sooner} THEN excluded.look_at ELSE "{table}".look_at END',
            values,
        )


@transaction.atomic
def stop(*, campaign: Campaign, now: datetime) -> int:
    """Nothing of it goes out any more, from this moment on; gives for how many that is, planned already or not yet.

    What a sender has in hand is checked once more before it is handed over. Stopped again it changes nothing.
    """
    stopped = Campaign.objects.filter(pk=campaign.pk, state=State.RELEASED)
    held = stopped.select_for_update(of=("self",)).first()
    if held is None:
        return 0
    held.state, held.ended_at = State.STOPPED, now
    held.save()
    messages = messages_of(held)
    note_change(messages.filter(state=Message.State.SENDING).values_list("client", flat=True))
    waiting = list(messages.filter(state=Message.State.PLANNED).order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(waiting), CHUNK):
        ids = waiting[start : start + CHUNK]
        Message.objects.filter(pk__in=ids, state=Message.State.PLANNED).update(
            state=Message.State.CANCELLED, state_reason="campaign_stopped"
        )
        MessageEvent.objects.bulk_create(
            MessageEvent(message_id=pk, state=Message.State.CANCELLED, at=now, detail="campaign_stopped") for pk in ids
        )
    return len(waiting) + max(0, held.addressed.count() - messages.count())


@transaction.atomic
def call_off(*, event: Event, now: datetime) -> int:
    """The event does not take place: no invitation goes any more, and its guests are told; gives how many are."""
    stop(campaign=event.campaign, now=now)
    return cancel_event(event=event, now=now)


def finish_campaigns(*, now: datetime) -> int:
    """Campaigns whose last moment is over and of which nothing waits any more; gives how many."""
    found = 0
    for campaign in Campaign.objects.filter(state=State.RELEASED).select_related("event").order_by("pk"):
        if now < _over_at(campaign) or messages_of(campaign).filter(Q(state="planned") | Q(state="sending")).exists():
            continue
        found += Campaign.objects.filter(pk=campaign.pk, state=State.RELEASED).update(
            state=State.FINISHED, ended_at=now
        )
    return found


def _over_at(campaign: Campaign) -> datetime:
    """After its last moment, wherever a client lives."""
    if campaign.kind == Campaign.Kind.EVENT:
        return campaign.event.ends_at
    last = campaign.addressed.aggregate(day=Max("day"))["day"] or 0
    on: date = (campaign.goes_on or date.max) + timedelta(days=last + 1) + LASTS
    return datetime.combine(on, time(23, 59), ZoneInfo("Etc/GMT+12"))


def messages_of(campaign: Campaign) -> QuerySet[Message]:
    """The messages that were planned of it."""
    return Message.objects.filter(kind=campaign.kind, occasion=campaign.key)
