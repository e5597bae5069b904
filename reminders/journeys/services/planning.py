"""Planning: from what has happened and what has become due to message rows.

The work grows with the clients who are due: each has a moment at which she is looked at
next (Watch), and a change of her facts (ClientChange) brings the look forward.
"""

from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import QuerySet

from crm.people.models import Client, ClientChange
from reminders.journeys.facts import Facts
from reminders.journeys.models import Watch
from reminders.journeys.occasions import Occasion
from reminders.journeys.playing import Going, Play
from reminders.journeys.selectors.loading import Loader, rules
from reminders.journeys.services.switching import kinds_on
from reminders.messages.models import Message, MessageEvent

CHUNK = 200
# a look that comes this much late still sends at the hour that has just passed;
# later, kinds with an hour wait for that hour of the next day
LATE_LOOK = timedelta(hours=1)


def plan_due(*, now: datetime, limit: int = 20_000) -> int:
    """Looks at those whose facts changed and those who are due; returns how many rows were planned."""
    planned = looked = 0
    while looked < limit:
        chunk, rows = _plan_chunk(now)
        looked += chunk
        planned += rows
        if not chunk:
            break
    return planned


@transaction.atomic
def _plan_chunk(now: datetime) -> tuple[int, int]:
    """One chunk of clients: how many, and how many rows were planned for them."""
    changes = list(_locked(ClientChange.objects.order_by("pk")).values_list("pk", "client_id")[:CHUNK])
    ids = sorted({client for _pk, client in changes})
    if ids:
        Watch.objects.bulk_create([Watch(client_id=pk) for pk in ids], ignore_conflicts=True)
        # two changes of one client may be in two hands: the second waits for the first
        watches = list(Watch.objects.select_for_update().filter(pk__in=ids).order_by("pk"))
        ClientChange.objects.filter(pk__in=[pk for pk, _client in changes]).delete()
    else:
        watches = list(_locked(Watch.objects.filter(look_at__lte=now).order_by("look_at"))[:CHUNK])
    if not watches:
        return 0, 0
    looks = {watch.pk: watch for watch in watches}
    figures, on = rules(), kinds_on()
    rows = 0
    for facts in Loader(as_of=now).load(list(looks)):
        watch = looks[facts.client]
        last = watch.look_at if watch.look_at is not None and watch.look_at < now else now
        play = Play(facts, figures, max(last, now - LATE_LOOK), on)
        for going in play.run(now + timedelta(microseconds=1)):
            rows += plan_going(facts, going, now)
        _drop_what_is_over(facts, play, on, now)
        play.start = now + timedelta(seconds=1)
        watch.look_at = play.look_again()
    Watch.objects.bulk_update(watches, ["look_at"])
    return len(watches), rows


def _locked(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Rows nobody else is working on; SQLite lets one write at a time anyway."""
    return rows.select_for_update(skip_locked=connection.features.has_select_for_update_skip_locked)


def plan_going(facts: Facts, going: Going, now: datetime) -> int:
    """Writes the rows of one message, those that go together hanging on the first; returns how many were new."""
    carrier: Message | None = None
    written = []
    for occasion in going.occasions:
        row = _row(facts, going, occasion, carrier, now)
        if row is not None:
            carrier = carrier or row
            written.append(row)
    _keep_events(written, now)
    return len(written)


def _keep_events(rows: list[Message], now: datetime) -> None:
    """Keeps what happened to these rows; their clients are being looked at already."""
    MessageEvent.objects.bulk_create(
        [MessageEvent(message=row, state=row.state, at=now, detail=row.state_reason or row.reason) for row in rows]
    )


def _row(facts: Facts, going: Going, occasion: Occasion, carrier: Message | None, now: datetime) -> Message | None:
    values = {
        "branch_id": facts.branch,
        "purpose": occasion.purpose,
        "reason": occasion.reason,
        "state": Message.State.PLANNED,
        "state_reason": "",
        "appointment_id": occasion.appointment,
        "event_id": occasion.event,
        "visit_on": occasion.visit_on,
        "send_at": going.at,
        "not_after": occasion.not_after,
        "planned_at": now,
        "channel": going.channel,
        "language": facts.language,
        "sent_with": carrier,
        "attempts": 0,
    }
    try:
        with transaction.atomic():
            return Message.objects.create(client_id=facts.client, kind=occasion.kind, occasion=occasion.key, **values)
    except IntegrityError:
        # known already; what was cancelled may become true again, everything else stands
        again = Message.objects.filter(
            client_id=facts.client, kind=occasion.kind, occasion=occasion.key, state=Message.State.CANCELLED
        )
        return again.get() if again.update(**values) else None


def _drop_what_is_over(facts: Facts, play: Play, on: dict[str, datetime | None], now: datetime) -> None:
    """What became due while its journey was on and could not go is kept as dropped, with why."""
    dropped = []
    for occasion, why in play.ended(now):
        since = on.get(occasion.kind)
        if since is None or occasion.planned < since:
            continue
        row, created = Message.objects.get_or_create(
            client_id=facts.client,
            kind=occasion.kind,
            occasion=occasion.key,
            defaults={
                "branch_id": facts.branch,
                "purpose": occasion.purpose,
                "reason": occasion.reason,
                "state": Message.State.DROPPED,
                "state_reason": why,
                "appointment_id": occasion.appointment,
                "event_id": occasion.event,
                "visit_on": occasion.visit_on,
                "send_at": occasion.planned,
                "not_after": occasion.not_after,
                "planned_at": now,
                "language": facts.language,
            },
        )
        was_cancelled = not created and row.state == Message.State.CANCELLED
        if was_cancelled:
            row.state, row.state_reason = Message.State.DROPPED, why
            row.save(update_fields=["state", "state_reason"])
        if created or was_cancelled:
            dropped.append(row)
    _keep_events(dropped, now)


def watch_everybody(*, now: datetime) -> int:
    """Gives every client without one a look; returns how many had none (a new salon, a restore)."""
    missing = Client.objects.exclude(pk__in=Watch.objects.values("pk")).values_list("pk", flat=True)
    rows = [Watch(client_id=pk, look_at=now) for pk in missing.iterator()]
    Watch.objects.bulk_create(rows, ignore_conflicts=True, batch_size=5_000)
    return len(rows)
