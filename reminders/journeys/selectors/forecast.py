"""What would be sent in a window if nobody did anything more (rules.md, Forecast). Writes nothing."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from crm.people.models import Client
from reminders.journeys.facts import Facts, Rules
from reminders.journeys.playing import Going, Play
from reminders.journeys.selectors.loading import Loader, rules
from reminders.messages.models import OWNERS_WORDS

CHUNK = 500


@dataclass(frozen=True, slots=True)
class Foreseen:
    """One message that would go. `send_at` and an appointment's `occasion` at the branch's offset."""

    client: int
    code: str
    kind: str
    purpose: str
    channel: str
    language: str
    send_at: datetime
    occasion: str
    reason: str

    def as_json(self) -> dict[str, str]:
        """The entry of contracts.md."""
        return {
            "client": self.code,
            "kind": self.kind,
            "purpose": self.purpose,
            "channel": self.channel,
            "language": self.language,
            "send_at": self.send_at.isoformat(timespec="seconds"),
            "occasion": self.occasion,
            "reason": self.reason,
        }


def forecast(*, start: datetime, end: datetime, clients: QuerySet[Client] | None = None) -> list[Foreseen]:
    """Messages of `[start, end)` as if every journey were on, ordered by send_at, client, kind.

    Who is held back for comparison is not among them: nothing would be sent to her.
    """
    chosen = Client.objects.all() if clients is None else clients
    chunks = foreseen_in_chunks(chosen.order_by("code").values_list("pk", flat=True), start=start, end=end)
    found = [entry for _count, entries in chunks for entry in entries]
    # by instant: two local times of one zone would compare by the wall clock
    return sorted(found, key=lambda entry: (entry.send_at.astimezone(UTC), entry.code, entry.kind))


def foreseen_in_chunks(
    client_ids: Iterable[int], *, start: datetime, end: datetime
) -> Iterator[tuple[int, list[Foreseen]]]:
    """The same by some hundred clients at a time, in no order: how many were looked at, and what they would get."""
    loader, figures = Loader(as_of=start, forecasting=True), rules()
    ids = iter(client_ids)
    while chunk := list(islice(ids, CHUNK)):
        yield len(chunk), [entry for facts in loader.load(chunk) for entry in _hers(facts, figures, start, end)]


def _hers(facts: Facts, figures: Rules, start: datetime, end: datetime) -> Iterator[Foreseen]:
    for going in Play(facts, figures, start).run(end):
        if going.is_held_back:
            continue
        yield Foreseen(
            client=facts.client,
            code=facts.code,
            kind=going.kind,
            purpose=going.purpose,
            channel=going.channel,
            language=going.language or facts.language,
            send_at=going.at.astimezone(facts.branch_zone),
            occasion=_occasion(going, facts.branch_zone),
            reason="+".join(dict.fromkeys(occasion.reason for occasion in going.occasions)),
        )


def _occasion(going: Going, zone: ZoneInfo) -> str:
    first = going.occasions[0]
    if first.kind in OWNERS_WORDS:
        # the owner's date; the campaign's key behind it is nobody's
        return first.key.partition("/")[0]
    if first.appointment is None:
        return first.key
    return datetime.fromisoformat(first.key.partition("/")[0]).astimezone(zone).isoformat(timespec="seconds")
