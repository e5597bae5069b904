"""A salon of a seed as it is known at its window's start, and the clock that plays the window through the product."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from django.core.management import call_command
from django.db.models import Min

from reminders.journeys.models import Journey, Watch
from reminders.journeys.services.dispatch import send_due
from reminders.journeys.services.planning import plan_due
from reminders.journeys.services.switching import look_at_everybody
from reminders.messages.models import Kind, Message
from reminders.transports.services import Accepted, Outgoing
from tests.reference.make_case import make_case


@dataclass
class Transport:
    """The transport's edge: takes everything, or answers with an error where it is told to."""

    sent: list[Outgoing] = field(default_factory=list)
    refuse: object = None

    def __call__(self, outgoing: Outgoing) -> Accepted:
        if self.refuse is not None:
            error = self.refuse(outgoing)
            if error is not None:
                raise error
        self.sent.append(outgoing)
        return Accepted(provider="stub", provider_id=f"n{len(self.sent)}")


def take_in_known(seed: int, folder: Path) -> tuple[datetime, datetime]:
    """Imports the salon of that seed without what is dated later than its window's start; gives the window."""
    files, start, end = make_case(seed)
    branch = next(csv.DictReader(io.StringIO(files["branch.csv"])))
    now = start.astimezone(ZoneInfo(branch["time_zone"])).replace(tzinfo=None)
    for name, text in files.items():
        rows = list(csv.DictReader(io.StringIO(text)))
        out = io.StringIO(newline="")
        writer = csv.DictWriter(out, rows[0], lineterminator="\n")
        writer.writeheader()
        writer.writerows(row for row in map(known(name, now), rows) if row)
        (folder / name).write_text(out.getvalue(), encoding="utf-8")
    call_command("import_salon", str(folder), "--json", stdout=io.StringIO())
    return start.astimezone(UTC), end.astimezone(UTC)


def known(name: str, now: datetime):
    """The row as it was written at that local time, or nothing."""

    def at(text: str, otherwise: str = "00:00") -> datetime:
        return datetime.fromisoformat(text if "T" in text else f"{text}T{otherwise or '00:00'}")

    def row_of(row: dict) -> dict | None:
        dated = {
            "appointments.csv": row.get("booked_at") or (row.get("status") == "done" and row.get("starts_at")),
            "sales.csv": row.get("date"),
            "messages.csv": row.get("sent_at"),
            "complaints.csv": row.get("opened"),
            "points.csv": row.get("date"),
        }.get(name)
        if dated and at(dated, row.get("time", "")) > now:
            return None
        if name == "appointments.csv" and row["status"] == "done" and at(row["starts_at"]) > now:
            return None
        if name == "complaints.csv" and row["resolved"] and at(row["resolved"]) > now:
            row = row | {"resolved": "", "outcome": ""}
        return row

    return row_of


def switch_everything_on(now: datetime) -> None:
    """As a fact, in three statements; the verbs have tests of their own."""
    Journey.objects.bulk_create([Journey(kind=kind) for kind in Kind.values], ignore_conflicts=True)
    Journey.objects.filter(is_on=False).update(is_on=True, on_since=now, forecast_seen_at=now)
    look_at_everybody(now=now)


def turn(now: datetime) -> None:
    """One turn of the worker."""
    plan_due(now=now)
    recorded = False
    while send_due(now=now):
        recorded = True
    if recorded:
        # which is a change of its own
        plan_due(now=now)


def play(start: datetime, end: datetime, *, late: timedelta = timedelta(0)) -> int:
    """Turns the worker whenever the product itself says that there is something to do; gives the turns."""
    now, turns = start, 0
    while now < end:
        turn(now)
        turns += 1
        following = next_moment()
        if following is None or following >= end:
            return turns
        assert following > now - late, "the worker would turn without end"
        now = following + late
    return turns


def next_moment() -> datetime | None:
    looks = Watch.objects.aggregate(at=Min("look_at"))["at"]
    rows = Message.objects.filter(state=Message.State.PLANNED, sent_with=None).aggregate(at=Min("send_at"))["at"]
    return min([at for at in (looks, rows) if at is not None], default=None)


def gone_by_now() -> frozenset[int]:
    """The keys of what went out so far."""
    return frozenset(Message.objects.filter(state=Message.State.SENT).values_list("pk", flat=True))


def gone(*, but: frozenset[int] = frozenset()) -> Iterator[tuple[str, str, str, datetime]]:
    """What went out in the product, but for these: client, kinds by name, channel, when."""
    rows = Message.objects.filter(is_imported=False, state=Message.State.SENT, sent_with=None)
    for row in rows.select_related("client").order_by("sent_at", "client__code", "kind"):
        if row.pk not in but:
            kinds = sorted([row.kind, *row.carries.values_list("kind", flat=True)])
            yield row.client.code, "+".join(kinds), row.channel, row.sent_at
