"""Planning: from what has happened and what has become due to message rows.

The work grows with the clients who are due: each has a moment at which she is looked at
next (Watch), and a change of her facts (ClientChange) brings the look forward.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet

from crm.people.models import Client, ClientChange
from crm.team.once import reading_once
from reminders.journeys.facts import Facts
from reminders.journeys.models import Watch
from reminders.journeys.occasions import Occasion
from reminders.journeys.playing import LATE, OVER, Going, Play
from reminders.journeys.selectors.loading import Loader, rules
from reminders.journeys.services.switching import kinds_on
from reminders.messages.models import Message, MessageEvent

CHUNK = 200
# what a row says anew when it is planned once more
PLANNED_ANEW = [
    *("branch", "purpose", "reason", "state", "state_reason", "appointment", "event", "visit_on"),
    *("send_at", "not_after", "planned_at", "channel", "language", "sent_with", "attempts"),
]


@reading_once()
def plan_due(*, now: datetime, limit: int = 20_000) -> int:
    """Looks at those whose facts changed and those who are due; returns how many rows were planned.

    The owner's settings are read anew for each chunk of clients; what is the same all day is read once.
    """
    planned = looked = 0
    while looked < limit:
        chunk, rows = _plan_chunk(now)
        looked += chunk
        planned += rows
        if not chunk:
            break
    return planned


@reading_once()
@transaction.atomic
def _plan_chunk(now: datetime) -> tuple[int, int]:
    """One chunk of clients: how many, and how many rows were planned for them."""
    watches = _changed() or list(_locked(Watch.objects.filter(look_at__lte=now).order_by("look_at"))[:CHUNK])
    if not watches:
        return 0, 0
    looks = {watch.pk: watch for watch in watches}
    figures, on = rules(), kinds_on()
    going, over = [], []
    for facts in Loader(as_of=now).load(list(looks)):
        watch = looks[facts.client]
        # what nobody has looked at yet is due from now on
        last = watch.look_at if watch.look_at is not None and watch.look_at < now else now
        play = Play(facts, figures, max(last, now - LATE), on)
        going += [_rows_of(facts, each, now) for each in play.run(_just_after(now))]
        over += [
            _dropped(facts, occasion, why, now)
            for occasion, why in play.ended(now)
            if occasion.not_after + OVER >= last and _was_on(on, occasion)
        ]
        play.start = now + timedelta(seconds=1)
        watch.look_at = play.look_again()
    rows = _write(going, list(looks), now)
    _write([[row] for row in over], list(looks), now)
    Watch.objects.bulk_update(watches, ["look_at"])
    return len(watches), rows


def _changed() -> list[Watch]:
    """Those whose facts changed, and who brought them: a friend's first paid visit is her fact too."""
    changes = list(_locked(ClientChange.objects.order_by("pk")).values_list("pk", "client_id")[:CHUNK])
    if not changes:
        return []
    ids = {client for _pk, client in changes}
    ids |= set(Client.objects.filter(pk__in=ids, referred_by__isnull=False).values_list("referred_by", flat=True))
    Watch.objects.bulk_create([Watch(client_id=pk) for pk in sorted(ids)], ignore_conflicts=True)
    # two changes of one client may be in two hands: the second waits for the first
    watches = list(Watch.objects.select_for_update().filter(pk__in=ids).order_by("pk"))
    ClientChange.objects.filter(pk__in=[pk for pk, _client in changes]).delete()
    return watches


def _locked(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Rows nobody else is working on; SQLite lets one write at a time anyway."""
    return rows.select_for_update(skip_locked=connection.features.has_select_for_update_skip_locked)


def _just_after(now: datetime) -> datetime:
    """A play ends before its end; what goes now is in it."""
    return now + timedelta(microseconds=1)


def _was_on(on: dict[str, datetime | None], occasion: Occasion) -> bool:
    """Whether its journey was on while it could go: backlog over before that is left in peace."""
    since = on.get(occasion.kind)
    return since is None or occasion.not_after >= since


def _rows_of(facts: Facts, going: Going, now: datetime) -> list[Message]:
    """What goes now; who is held back for comparison gets a row that is never sent, at the same moment."""
    if not going.is_held_back:
        return _rows(facts, going.at, going.occasions, going.channel, now)
    fields = {"state": Message.State.CONTROL, "state_reason": "held_back"}
    return _rows(facts, going.at, going.occasions, going.channel, now, **fields)


def _rows(
    facts: Facts, at: datetime, occasions: Iterable[Occasion], channel: str, now: datetime, **fields: Any
) -> list[Message]:
    """The rows of one message, those that go together hanging on the first."""
    rows = [
        Message(
            client_id=facts.client,
            branch_id=facts.branch,
            kind=occasion.kind,
            purpose=occasion.purpose,
            occasion=occasion.key,
            reason=occasion.reason,
            appointment_id=occasion.appointment,
            event_id=occasion.event,
            visit_on=occasion.visit_on,
            send_at=at,
            not_after=occasion.not_after,
            planned_at=now,
            channel=channel,
            language=occasion.language or facts.language,
            **fields,
        )
        for occasion in occasions
    ]
    for row in rows[1:]:
        row.sent_with = rows[0]
    return rows


def _dropped(facts: Facts, occasion: Occasion, why: str, now: datetime) -> Message:
    """What became due while its journey was on and could not go is kept as dropped, with why."""
    return _rows(facts, occasion.planned, [occasion], "", now, state=Message.State.DROPPED, state_reason=why)[0]


def _write(messages: list[list[Message]], client_ids: list[int], now: datetime) -> int:
    """Writes rows and what happened to them; returns how many. What was cancelled is planned anew.

    The clients' watches are locked, so nobody else plans for them. The queries do not grow with the rows.
    """
    if not messages:
        return 0
    cancelled = {
        (client, kind, occasion): pk
        for pk, client, kind, occasion in Message.objects.filter(
            client_id__in=client_ids, state=Message.State.CANCELLED
        ).values_list("pk", "client_id", "kind", "occasion")
    }
    rows = [row for together in messages for row in together]
    for row in rows:
        row.pk = cancelled.get((row.client_id, row.kind, row.occasion))
    # first those that carry the others
    for carriers in (True, False):
        some = [row for row in rows if (row.sent_with is None) == carriers]
        Message.objects.bulk_create([row for row in some if row.pk is None])
        Message.objects.bulk_update([row for row in some if row.pk in set(cancelled.values())], PLANNED_ANEW)
    MessageEvent.objects.bulk_create(
        [MessageEvent(message=row, state=row.state, at=now, detail=row.state_reason or row.reason) for row in rows]
    )
    return len(rows)


def watch_everybody(*, now: datetime) -> int:
    """Gives every client without one a look; returns how many had none (a new salon, a restore)."""
    missing = Client.objects.exclude(pk__in=Watch.objects.values("pk")).values_list("pk", flat=True)
    rows = [Watch(client_id=pk, look_at=now) for pk in missing.iterator()]
    Watch.objects.bulk_create(rows, ignore_conflicts=True, batch_size=5_000)
    return len(rows)
