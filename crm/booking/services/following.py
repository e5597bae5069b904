"""What may follow what: a fill up to so many days after a set, else a full set, and why (rules.md, Booking)."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.booking.models import Appointment, AppointmentService, VisitItem
from crm.catalogue.models import FollowRule, Service
from crm.people.models import Client


@dataclass(frozen=True, slots=True)
class Following:
    """This service is not done on that day; `instead` is offered (None: nothing is), `reason` is said to her.

    `after` are the services that it may follow, in the order of its rules.
    """

    service: Service
    instead: Service | None
    reason: str
    after: tuple[Service, ...] = ()


def what_may_follow(*, client: Client | None, services: Sequence[Service], on: date) -> list[Following]:
    """Those of these services that may not be done on that branch day, in order; empty: all of them may.

    A service with rules is done only up to so many days after one of the services named there: the latest day
    before `on` on which she had it, or has it booked. Nobody known (None) never had anything. Three queries at most.
    """
    rules: dict[int, list[FollowRule]] = defaultdict(list)
    for rule in (
        FollowRule.objects.filter(service__in=services).select_related("after", "service__otherwise").order_by("pk")
    ):
        rules[rule.service_id].append(rule)
    if not rules:
        return []
    had = _last_days(client, {rule.after_id for own in rules.values() for rule in own}, on) if client else {}
    late = []
    for service in services:
        own = rules.get(service.pk, [])
        if own and not any((day := had.get(rule.after_id)) and (on - day).days <= rule.within_days for rule in own):
            late.append(
                Following(
                    service=service,
                    instead=_instead(own[0]),
                    reason=_reason(service, own, had),
                    after=tuple(rule.after for rule in own),
                )
            )
    return late


def _instead(rule: FollowRule) -> Service | None:
    instead = rule.service.otherwise
    return instead if instead is not None and instead.is_active else None


def _last_days(client: Client, service_ids: set[int], on: date) -> dict[int, date]:
    """The latest day before `on` of each of these services, done or agreed."""
    done = (
        VisitItem.objects.filter(visit__client=client, visit__on__lt=on, service__in=service_ids)
        .values_list("service")
        .annotate(Max("visit__on"))
    )
    agreed = (
        AppointmentService.objects.filter(
            appointment__client=client,
            appointment__on__lt=on,
            appointment__status__in=Appointment.OPEN,
            service__in=service_ids,
        )
        .values_list("service")
        .annotate(Max("appointment__on"))
    )
    last: dict[int, date] = {}
    for service_id, day in [*done, *agreed]:
        last[service_id] = max(day, last.get(service_id, day))
    return last


def _reason(service: Service, rules: Sequence[FollowRule], had: dict[int, date]) -> str:
    """Said to her: what it may follow, for how long, and whether she had that."""
    rule = max(rules, key=lambda each: (had.get(each.after_id, date.min), each.within_days))
    words = {"service": service.name, "after": rule.after.name, "days": rule.within_days}
    if rule.after_id in had:
        return (
            ngettext(
                "“%(service)s” is done up to %(days)d day after “%(after)s”; by then it will be longer ago.",
                "“%(service)s” is done up to %(days)d days after “%(after)s”; by then it will be longer ago.",
                rule.within_days,
            )
            % words
        )
    return _("“%(service)s” is done only after “%(after)s”.") % words
