"""The owner's switches (rules.md, Catching up: off after an import until the forecast was seen)."""

from datetime import datetime, timedelta
from typing import Any

from django.apps import apps as all_apps
from django.db import DEFAULT_DB_ALIAS, transaction
from django.db.models import Max

from crm.team.models import User
from loyalty.cards.models import CardLevel
from loyalty.points.models import LoyaltySettings
from reminders.consent.models import MessageSettings, NarrowedWindow, Purpose
from reminders.journeys.models import Journey, Watch
from reminders.journeys.occasions import purpose_of
from reminders.messages.models import OWNERS_WORDS, Kind

# answers to what was done are sent from the first day; everything that a machine begins waits for the owner
ALWAYS_ON = (
    Kind.CONFIRMATION,
    Kind.CHANGE,
    Kind.CANCELLATION,
    Kind.MASTER_ILL,
    Kind.MASTER_LATE,
    Kind.WAITING_OFFER,
    Kind.WAITING_TAKEN,
    # the owner releases each one by itself
    *OWNERS_WORDS,
    Kind.EVENT_PLACE,
    Kind.EVENT_REMINDER,
    Kind.EVENT_OFF,
    Kind.COMPLAINT_RECEIVED,
    Kind.COMPLAINT_ANSWER,
    Kind.COMPLAINT_RESOLVED,
    Kind.ORDER_STAGE,
    Kind.ORDER_LATE,
    Kind.OTHER_PLACES,
    Kind.BACK_IN_STOCK,
    Kind.OPT_OUT,
    Kind.ANSWER,
)
# kinds that begin by themselves and have words of their own
SWITCHED = [kind for kind in Kind if kind not in ALWAYS_ON]


# what the owner changes of a journey, beside its switch
FIGURES = ["wait", "hour", "lasts", "way", "otherwise", "control_percent"]


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
def change_figures(*, journey: Journey, now: datetime) -> Journey:
    """The owner's figures of a kind; whoever they move is looked at anew. Its switch stays as it is in the database."""
    known = Journey.objects.select_for_update().get(pk=journey.pk)
    for name in FIGURES:
        setattr(known, name, getattr(journey, name))
    known.save(update_fields=FIGURES)
    look_at_everybody(now=now)
    return known


@transaction.atomic
def switch_off_after_import(*, now: datetime) -> list[str]:
    """An import has added facts: care and marketing are off until the owner has seen what they would send now.

    Service messages stay as they are (rules.md, Catching up). Gives the kinds that were on.
    """
    kinds = [kind for kind in Kind.values if purpose_of(kind) != Purpose.SERVICE]
    Journey.objects.bulk_create([Journey(kind=kind) for kind in kinds], ignore_conflicts=True)
    journeys = Journey.objects.filter(kind__in=kinds)
    were_on = {journey.kind for journey in journeys.select_for_update().order_by("kind") if journey.is_on}
    journeys.update(is_on=False, on_since=None, switched_by=None, forecast_seen_at=None, imported_at=now)
    Journey.history.bulk_history_create(list(journeys), update=True)
    return [kind for kind in kinds if kind in were_on]


def last_import() -> str:
    """Names the last import that added anything: a look at the forecast holds until there is another."""
    at = Journey.objects.aggregate(at=Max("imported_at"))["at"]
    return at.isoformat() if at else ""


def make_rows(apps: Any = all_apps, using: str = DEFAULT_DB_ALIAS, **kwargs: Any) -> None:
    """Every kind has its row, so that a list only looks. Receives `post_migrate`; harmless where they are."""
    try:
        journeys = apps.get_model("reminders", "Journey").objects.using(using)
    except LookupError:
        # on the way back to before there were any
        return
    journeys.bulk_create([journeys.model(kind=kind) for kind in SWITCHED], ignore_conflicts=True)


def look_at_everybody(*, now: datetime) -> None:
    """Every client is due for a look: one statement, whatever their number."""
    Watch.objects.update(look_at=now)


def look_again_where_rules_changed(*, now: datetime) -> bool:
    """The owner's new figures move what is due: within a day of a change everybody is looked at anew."""
    since = now - timedelta(hours=25)
    figures = (MessageSettings, NarrowedWindow, LoyaltySettings, CardLevel)
    changed = any(rules.history.filter(history_date__gt=since).exists() for rules in figures)
    if changed:
        look_at_everybody(now=now)
    return changed
