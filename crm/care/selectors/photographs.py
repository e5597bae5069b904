"""Photographs of the work, and what she allows of them (practices.md, P54)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery

from crm.care.models import PhotographConsent, WorkPhotograph
from crm.people.models import Client
from crm.people.selectors import former_codes
from crm.team.models import Branch

Purpose = PhotographConsent.Purpose


@dataclass(frozen=True, slots=True)
class PhotographWishes:
    """Her last word on each purpose; none where she was never asked."""

    kept: PhotographConsent | None = None
    shown: PhotographConsent | None = None

    @property
    def may_keep(self) -> bool:
        return self.kept is not None and self.kept.is_given

    @property
    def may_show(self) -> bool:
        return self.may_keep and self.shown is not None and self.shown.is_given


@dataclass(frozen=True, slots=True)
class PhotographRefusal:
    """A no of a client, to be said again in a database that does not know it yet."""

    client: str
    purpose: str
    at: datetime
    user_name: str
    text_shown: str


def photograph_wishes(client: Client) -> PhotographWishes:
    """What she allows now. One query."""
    last = {event.purpose: event for event in PhotographConsent.objects.filter(client=client).order_by("at", "pk")}
    return PhotographWishes(kept=last.get(Purpose.KEPT), shown=last.get(Purpose.SHOWN))


def photographs_of(client: Client, branches: Any = None) -> QuerySet[WorkPhotograph]:
    """Hers, the newest day first, before comes before after; of these branches only, where they are given."""
    found = WorkPhotograph.objects.filter(client=client)
    if branches is not None:
        found = found.filter(branch__in=branches)
    return found.select_related("master").order_by("-on", "-moment", "pk")


def photographs_of_day(client: Client, branch: Branch, on: date) -> QuerySet[WorkPhotograph]:
    """Those of one visit day of hers."""
    return photographs_of(client, [branch]).filter(on=on)


def photographs_to_show(branches: Collection[Branch] | QuerySet[Branch]) -> QuerySet[WorkPhotograph]:
    """Results that others may see: of clients who have said so, the newest first."""

    def last_word(purpose: str) -> Subquery:
        said = PhotographConsent.objects.filter(client=OuterRef("client"), purpose=purpose).order_by("-at", "-pk")
        return Subquery(said.values("is_given")[:1])

    return (
        WorkPhotograph.objects.filter(branch__in=branches, moment=WorkPhotograph.Moment.AFTER)
        .alias(may_keep=last_word(Purpose.KEPT), may_show=last_word(Purpose.SHOWN))
        .filter(may_keep=True, may_show=True)
        .select_related("master")
        .order_by("-on", "-pk")
    )


def photograph_refusals_since(at: datetime) -> list[PhotographRefusal]:
    """Who has said no to photographs from then on, in the order of time."""
    events = PhotographConsent.objects.filter(is_given=False, at__gte=at).select_related("client").order_by("at", "pk")
    # a copy made before two cards became one knows her by both numbers
    former = former_codes()
    return [
        PhotographRefusal(code, event.purpose, event.at, event.user_name, event.text_shown)
        for event in events
        for code in (event.client.code, *former.get(event.client.code, ()))
    ]
