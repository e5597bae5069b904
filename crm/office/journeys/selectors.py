"""Reads of a kept forecast: the last one, its counts, what its SMS would cost. In sets, however large the salon."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet

from crm.team.models import Branch
from crm.team.once import read_once
from reminders.consent.models import Channel
from reminders.journeys.models import ForecastEntry, ForecastRun
from reminders.messages.models import Kind
from reminders.messages.preview import preview
from reminders.messages.texts import know_words
from reminders.messages.views import WITH_WORDS

State = ForecastRun.State


@dataclass(frozen=True, slots=True)
class Chosen:
    """What of the forecast is looked at: a kind, a day, a page; nothing chosen is all of it, anew."""

    kind: str = ""
    day: str = ""
    page: str = ""

    @classmethod
    def of(cls, query: Any) -> "Chosen":
        return cls(*(query.get(name, "") for name in ("kind", "day", "page")))

    def __bool__(self) -> bool:
        return bool(self.kind or self.day or self.page)

    @property
    def on(self) -> date | None:
        try:
            return date.fromisoformat(self.day)
        except ValueError:
            return None


def kept_forecast(days: int) -> ForecastRun | None:
    """The last look at so many days that was worked out."""
    return ForecastRun.objects.filter(days=days, state=State.DONE).order_by("-pk").first()


def newest_forecast(days: int) -> ForecastRun | None:
    """The last look at so many days that was asked for, however far it has got."""
    return ForecastRun.objects.filter(days=days).order_by("-pk").first()


def entries_of(run: ForecastRun, chosen: Chosen) -> QuerySet[ForecastEntry]:
    """Its messages, of the kind and day that were chosen, in the order in which they would go."""
    rows = run.entries.all()
    if chosen.kind:
        one = chosen.kind
        rows = rows.filter(
            Q(kind=one) | Q(kind__startswith=f"{one}+") | Q(kind__endswith=f"+{one}") | Q(kind__contains=f"+{one}+")
        )
    if chosen.on is not None:
        rows = rows.filter(on=chosen.on)
    return rows.select_related("client__branch").order_by("send_at", "client__code", "kind")


def counts_of(run: ForecastRun) -> Counter[tuple[str, date]]:
    """How many messages of each kind go on each day; one that joins several counts for each. One query."""
    rows = run.entries.order_by().values_list("kind", "on").annotate(count=Count("pk"))
    found: Counter[tuple[str, date]] = Counter()
    for kinds, on, count in rows:
        for kind in kinds.split("+"):
            found[kind, on] += count
    return found


def cost_of(rows: QuerySet[ForecastEntry], *, now: datetime) -> Decimal:
    """About what the SMS among these cost, at the owner's price: a sample of each kind and language. Three queries."""
    grouped = rows.filter(channel=Channel.SMS).order_by().values_list("kind", "language").annotate(count=Count("pk"))
    counted = list(grouped)
    if counted:
        know_words({(kind, tongue) for kinds, tongue, _n in counted for kind in kinds.split("+") if kind in WITH_WORDS})
    return sum((cost_of_one(kinds, language, now=now) * count for kinds, language, count in counted), Decimal(0))


def cost_of_one(kinds: str, language: str, *, now: datetime) -> Decimal:
    """The parts of such an SMS to somebody made up."""
    return sum((_sms_cost(kind, language, now) for kind in kinds.split("+")), Decimal(0))


@read_once
def _sms_cost(kind: str, language: str, now: datetime) -> Decimal:
    """Reckoned once for each kind and language of a look."""
    branch = _first_branch()
    if branch is None or kind not in WITH_WORDS:
        return Decimal(0)
    return preview(kind=kind, language=language, branch=branch, now=now).cost


@read_once
def _first_branch() -> Branch | None:
    return Branch.objects.order_by("pk").first()


def by_kind_and_day(counts: Counter[tuple[str, date]], off: Iterable[str]) -> dict[str, Any]:
    """The counts as a table; a kind whose journey is off is marked."""
    on_days = sorted({day for _kind, day in counts})
    kinds = [kind for kind in Kind if any(counts[kind, day] for day in on_days)]
    return {
        "days": on_days,
        "rows": [
            {
                "kind": kind,
                "words": kind.label,
                "is_off": kind in off,
                "counts": [(day, counts[kind, day]) for day in on_days],
            }
            for kind in kinds
        ],
    }
