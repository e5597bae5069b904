"""Report of promises with a margin: what clients were told and what it was, late starts included (practices.md, P6)."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Exists, Q

from crm.booking.models import AppointmentService
from crm.catalogue.models import Service
from crm.reports.selectors.figures import money, ratio, salon_currency
from crm.reports.selectors.standing import On
from crm.reports.selectors.told import COLUMNS, Figures, Measured, Outcome, measure, told_visits, with_what_was
from crm.team.models import PromiseAxis
from crm.team.selectors import salon_settings

CHUNK = 2_000
MASTER = ("master__branch__name", "master__code", "master__name")


@dataclass
class Tally:
    """Visits counted together."""

    late_after: int
    visits: int = 0
    changed: int = 0
    begun: int = 0
    late: int = 0
    outcomes: dict[tuple[str, Outcome], int] = field(default_factory=lambda: defaultdict(int))
    told: dict[str, int | Decimal] = field(default_factory=lambda: defaultdict(int))
    true: dict[str, int | Decimal] = field(default_factory=lambda: defaultdict(int))

    def add(self, visit: Measured) -> None:
        self.visits += 1
        self.changed += visit.is_changed
        if visit.late_by is not None:
            self.begun += 1
            self.late += visit.late_by > self.late_after
        for axis in PromiseAxis.values:
            outcome = visit.outcome(axis)
            if outcome is not None:
                self.outcomes[axis, outcome] += 1
        self._sum(PromiseAxis.TIME, visit.time)
        self._sum(PromiseAxis.COST, visit.cost)

    def _sum(self, axis: str, figures: Figures | None) -> None:
        if figures is not None:
            self.told[axis] += figures.told
            self.true[axis] += figures.true

    def row(self, currency: str) -> dict[str, Any]:
        return {
            "visits": self.visits,
            "changed": self.changed,
            "begun": self.begun,
            "late_starts": self.late,
            "late_share": ratio(self.late, self.begun),
            "time": self._axis(PromiseAxis.TIME)
            | {"told": self.told[PromiseAxis.TIME], "true": self.true[PromiseAxis.TIME]},
            "cost": self._axis(PromiseAxis.COST)
            | {
                "told": money(Decimal(self.told[PromiseAxis.COST]), currency),
                "true": money(Decimal(self.true[PromiseAxis.COST]), currency),
            },
            "level": self._axis(PromiseAxis.LEVEL),
        }

    def _axis(self, axis: str) -> dict[str, Any]:
        counts = {outcome.value: self.outcomes[axis, outcome] for outcome in Outcome}
        known = sum(counts.values())
        return {"known": known, **counts, "share": ratio(counts["beaten"], known)}


def margin_report(on: On, since: date, until: date, *, more: Exists | Q) -> dict[str, Any]:
    """`report margin`: visits done in the period whose client was told a time, by master and by service.

    Of each axis: `known` visits, of them `beaten` (less time or money than told; more than the standard asks), `kept`
    and `broken`; `share` = beaten / known; `told` and `true` are the sums, in minutes and in money. `axis` is the
    owner's. `late_starts` of the `begun` began more than the owner's minutes of a long wait after the hour agreed.
    `changed` visits had other services than agreed: no time and no price was told for those. A visit counts with each
    of its services, and with the master who was responsible for it. `more` is of `with_what_was`.
    """
    rules, currency = salon_settings(), salon_currency()
    whole = Tally(rules.wait_flag_minutes)
    masters: dict[tuple[str, ...], Tally] = defaultdict(lambda: Tally(rules.wait_flag_minutes))
    services: dict[int, Tally] = defaultdict(lambda: Tally(rules.wait_flag_minutes))
    visits = told_visits().filter(on__gte=since, on__lt=min(until, on.today + timedelta(days=1)))
    done: dict[int, set[int]] = defaultdict(set)
    for appointment, service in (
        AppointmentService.objects.filter(appointment__in=visits.values("pk")).values_list("appointment", "service")
    ).iterator(chunk_size=CHUNK):
        done[appointment].add(service)
    found = with_what_was(visits, more=more).order_by().values(*COLUMNS, *MASTER)
    for row in found.iterator(chunk_size=CHUNK):
        visit = measure(row)
        for tally in (
            whole,
            masters[tuple(row[name] for name in MASTER)],
            *(services[key] for key in done[row["pk"]]),
        ):
            tally.add(visit)
    return {
        "axis": rules.promise_axis,
        **whole.row(currency),
        "by_master": [
            {"branch": branch, "master": code, "name": name, **masters[branch, code, name].row(currency)}
            for branch, code, name in sorted(masters)
        ],
        "by_service": [
            {"branch": branch, "service": code, "name": name, **services[pk].row(currency)}
            for pk, branch, code, name in _names(services)
        ],
    }


def _names(services: Iterable[int]) -> list[tuple[int, str, str, str]]:
    """Each with its branch, code and name, by these."""
    found = Service.objects.filter(pk__in=list(services)).values_list("pk", "branch__name", "code", "name")
    return sorted(found, key=lambda row: row[1:])
