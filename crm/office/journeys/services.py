"""The days ahead, worked out once and kept: by a worker where the salon is large (practices.md, P59)."""

from datetime import datetime, timedelta
from typing import Any

import structlog
from django.db import OperationalError
from django.db.models import F

from crm.people.models import Client
from crm.team.once import reading_once
from reminders.effect.selectors.effects import expected
from reminders.journeys.models import WITH_CONTROL, ForecastEntry, ForecastRun
from reminders.journeys.selectors.forecast import foreseen_in_chunks
from reminders.journeys.services.switching import last_import
from reminders.messages.models import OWNERS_WORDS

log = structlog.get_logger(__name__)
State = ForecastRun.State
# a worker that is at it for longer has died
LEASE = timedelta(hours=1)
# so many clients are looked at while the owner waits for the page
AT_ONCE = 1_000


def begin_forecast(*, days: int, now: datetime) -> ForecastRun:
    """Puts a look at so many days from now on in line; the one that is in line already, if there is one."""
    busy = ForecastRun.objects.filter(days=days, state__in=(State.WAITING, State.RUNNING)).first()
    return busy or ForecastRun.objects.create(days=days, starts_at=now, after_import=last_import())


def work_out_forecasts(*, now: datetime) -> int:
    """Works out every look in line, one after the other; gives how many. Safe to be called twice at once."""
    ForecastRun.objects.filter(state=State.RUNNING, claimed_at__lt=now - LEASE).update(state=State.WAITING)
    worked = 0
    for run in ForecastRun.objects.filter(state=State.WAITING).order_by("starts_at", "pk"):
        worked += work_out(run=run, now=now)
    return worked


def work_out(*, run: ForecastRun, now: datetime) -> bool:
    """Fills this look, by some hundred clients at a time, and removes those before it; False if it is in hand.

    Left halfway (the worker died) it is begun anew: nothing but these rows is written.
    """
    # the condition is in the update itself: of two workers one gets the run
    claimed = ForecastRun.objects.filter(pk=run.pk, state=State.WAITING).update(state=State.RUNNING, claimed_at=now)
    if not claimed:
        return False
    try:
        _fill(run)
    except OperationalError:
        # the database was busy or away: the next turn tries again
        ForecastRun.objects.filter(pk=run.pk).update(state=State.WAITING)
    except Exception:
        log.exception("forecast stopped", run=run.pk)
        ForecastRun.objects.filter(pk=run.pk).update(state=State.FAILED)
    return True


def _fill(run: ForecastRun) -> None:
    run.entries.all().delete()
    everybody = Client.objects.order_by("pk").values_list("pk", flat=True)
    ForecastRun.objects.filter(pk=run.pk).update(done=0, total=everybody.count())
    end = run.starts_at + timedelta(days=run.days)
    with reading_once():
        # the keys are read at once: a cursor over an hour would hold a transaction open
        for count, entries in foreseen_in_chunks(list(everybody), start=run.starts_at, end=end):
            ForecastEntry.objects.bulk_create(
                [
                    ForecastEntry(
                        run=run,
                        client_id=entry.client,
                        kind=entry.kind,
                        purpose=entry.purpose,
                        channel=entry.channel,
                        language=entry.language,
                        send_at=entry.send_at,
                        on=entry.send_at.date(),
                        reason=entry.reason,
                    )
                    for entry in entries
                ]
            )
            ForecastRun.objects.filter(pk=run.pk).update(done=F("done") + count)
        brings = brought_by_kind(now=run.starts_at)
    ForecastRun.objects.filter(pk=run.pk).update(state=State.DONE, brings=brings)
    ForecastRun.objects.filter(days=run.days, pk__lt=run.pk).delete()


def brought_by_kind(*, now: datetime) -> dict[str, dict[str, Any]]:
    """What one offer of each kind has brought in the last year; kinds of which too little is known are left out."""
    found = {kind: expected(kind, now=now) for kind in (*WITH_CONTROL, *OWNERS_WORDS)}
    return {
        str(kind): {"visits": one.visits, "margin": one.margin, "is_clear": one.is_clear}
        for kind, one in found.items()
        if one is not None
    }
