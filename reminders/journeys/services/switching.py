"""The owner's switches (rules.md, Catching up: off after an import until the forecast was seen)."""

from datetime import datetime, timedelta

from django.db import transaction

from crm.team.models import User
from loyalty.points.models import LoyaltySettings
from reminders.consent.models import MessageSettings
from reminders.journeys.models import Journey, Watch
from reminders.messages.models import Kind

# answers to what was done are sent from the first day; everything that a machine begins waits for the owner
ALWAYS_ON = (Kind.CONFIRMATION, Kind.CHANGE, Kind.CANCELLATION, Kind.OPT_OUT)


class ForecastNotSeen(Exception):
    """A journey is switched on after a look at what it would send."""


def kinds_on() -> dict[str, datetime | None]:
    """The kinds that are on, and since when each is."""
    on: dict[str, datetime | None] = dict.fromkeys(ALWAYS_ON)
    on.update(Journey.objects.filter(is_on=True).values_list("kind", "on_since"))
    return on


@transaction.atomic
def note_forecast_seen(*, kinds: list[str], now: datetime) -> None:
    """The owner has looked at what these would send."""
    for kind in kinds:
        Journey.objects.update_or_create(kind=kind, defaults={"forecast_seen_at": now})


@transaction.atomic
def switch_on(*, kind: str, user: User | None, now: datetime) -> Journey:
    """Switched on; refused with ForecastNotSeen until the forecast was looked at."""
    journey, _created = Journey.objects.select_for_update().get_or_create(kind=kind)
    if journey.forecast_seen_at is None:
        raise ForecastNotSeen
    if not journey.is_on:
        journey.is_on, journey.on_since, journey.switched_by = True, now, user
        journey.save()
        look_at_everybody(now=now)
    return journey


@transaction.atomic
def switch_off(*, kind: str, user: User | None, now: datetime) -> Journey:
    """Switched off; what is planned is not sent (it is asked again at the moment of sending)."""
    journey, _created = Journey.objects.select_for_update().get_or_create(kind=kind)
    journey.is_on, journey.on_since, journey.switched_by = False, None, user
    journey.save()
    return journey


@transaction.atomic
def switch_all_off() -> None:
    """After an import nothing begins by itself until the owner has looked."""
    for journey in Journey.objects.filter(is_on=True):
        journey.is_on, journey.on_since, journey.forecast_seen_at = False, None, None
        journey.save()


def look_at_everybody(*, now: datetime) -> None:
    """Every client is due for a look: one statement, whatever their number."""
    Watch.objects.update(look_at=now)


def look_again_where_rules_changed(*, now: datetime) -> bool:
    """The owner's new figures move what is due: within a day of a change everybody is looked at anew."""
    since = now - timedelta(hours=25)
    changed = any(rules.history.filter(history_date__gt=since).exists() for rules in (MessageSettings, LoyaltySettings))
    if changed:
        look_at_everybody(now=now)
    return changed
