"""What she may book by herself: where, what, how far ahead and from when on."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from django.db.models import Exists, OuterRef, QuerySet, Sum

from crm.booking.services import Following, what_may_follow
from crm.catalogue.models import FollowRule, Service, ServiceStretch
from crm.people.models import Client
from crm.team.models import Branch, Master
from crm.team.selectors import salon_settings
from loyalty.clubs.selectors import extra_days_of
from reminders.messages.filling import repeatable
from reminders.messages.models import Message
from reminders.messages.selectors import services_of_visit


def offered_services(message: Message) -> list[Service]:
    """What she is invited to: what she had last time, or what was cancelled; nothing where it is not known."""
    if message.appointment is not None:
        lines = message.appointment.lines.select_related("service").order_by("position")
        return [line.service for line in lines if line.service.is_active]
    return repeatable(message.client, message.visit_on, message.branch)


def bookable(branch: Branch) -> QuerySet[Service]:
    """What clients book by themselves in a branch, by category and name."""
    return Service.objects.filter(branch=branch, is_active=True, is_bookable_online=True).order_by(
        "category", "name", "pk"
    )


def may_book(client: Client) -> bool:
    """Whether she books by herself: the owner lets clients do it, and it is not closed to this one."""
    return salon_settings().self_booking and client.status != Client.Status.BLOCKED


def permitted_instead(
    late: Sequence[Following], services: Sequence[Service], *, client: Client | None, on: date
) -> list[list[Service]]:
    """What may be booked in place of these services on that day, each a whole visit.

    For one of which it is said that it may not follow: what is done otherwise, and whatever it may follow, as far as
    clients book it themselves and it may be done that day.
    """
    barred = {each.service for each in late}
    others = {other for each in late for other in (each.instead, *each.after) if other is not None}
    not_now = {each.service for each in what_may_follow(client=client, services=list(others), on=on)}
    found: list[list[Service]] = []
    for each in late:
        for other in dict.fromkeys((each.instead, *each.after)):
            if other is None or other in not_now or not (other.is_active and other.is_bookable_online):
                continue
            kept = [other if service == each.service else service for service in services]
            visit = list(dict.fromkeys(service for service in kept if service not in barred))
            if visit not in found:
                found.append(visit)
    return found


def must_follow(services: Sequence[Service]) -> dict[int, list[Service]]:
    """Of these (their keys) those that are done only after others, and after which; one query."""
    rules = FollowRule.objects.filter(service__in=services).select_related("after").order_by("pk")
    found: dict[int, list[Service]] = {}
    for rule in rules:
        found.setdefault(rule.service_id, []).append(rule.after)
    return found


def open_branches() -> QuerySet[Branch]:
    """Branches in which something can be booked by oneself, by name."""
    return Branch.objects.filter(
        Exists(Service.objects.filter(branch=OuterRef("pk"), is_active=True, is_bookable_online=True)),
        Exists(Master.objects.filter(branch=OuterRef("pk"), is_active=True)),
        is_active=True,
    ).order_by("name", "pk")


def planned_minutes(services: Iterable[Service]) -> dict[int, int]:
    """How long each of these takes by itself, processing included; one query."""
    services = list(services)
    parts = (
        ServiceStretch.objects.filter(service__in=services)
        .order_by()
        .values("service")
        .annotate(minutes=Sum("minutes"))
        .values_list("service", "minutes")
    )
    laid_out = dict(parts)
    return {service.pk: laid_out.get(service.pk) or service.minutes for service in services}


def days_ahead(client: Client | None) -> int:
    """How many days from today on she books by herself: the owner's, and those that a club of hers adds."""
    return salon_settings().self_booking_days + extra_days_of(client)


def earliest_start(now: datetime) -> datetime:
    """Nobody books by herself what begins sooner (the owner's notice)."""
    return now + timedelta(minutes=salon_settings().self_booking_notice)


def service_asked_about(message: Message) -> list[Service]:
    return services_of_visit(message.client, message.visit_on)
