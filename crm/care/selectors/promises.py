"""What was promised and is due."""

from collections.abc import Collection
from typing import Any

from django.db.models import DateTimeField, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, Least

from crm.booking.models import Appointment
from crm.care.models import Promise
from crm.people.models import Client
from crm.team.models import Branch, User


def with_due(promises: QuerySet[Promise]) -> QuerySet[Any]:
    """Adds `due_at`, UTC: the start of her first visit after the promise, or the end of the day named, the earlier.

    The visit at which it was given is not the next one, nor is one that was cancelled or missed. None: neither is there.
    """
    coming = (
        Appointment.objects.filter(client=OuterRef("client"), starts_at__gt=OuterRef("given_at"))
        .exclude(status__in=[Appointment.Status.CANCELLED, Appointment.Status.NO_SHOW])
        .exclude(pk=Coalesce(OuterRef("appointment"), 0))
        .order_by("starts_at")
        .values("starts_at")[:1]
    )
    visit, named = Subquery(coming, output_field=DateTimeField()), F("due_before")
    # the lesser of two on both databases, where one of them may be missing
    return promises.annotate(due_at=Least(Coalesce(visit, named), Coalesce(named, visit)))


def open_promises(branch: Branch, *, user: User | None = None) -> QuerySet[Promise]:
    """Promises of the branch not over yet, the soonest due first; for a `user` those in her hands and those she gave."""
    promises = Promise.objects.filter(branch=branch, closed_at__isnull=True)
    if user is not None:
        promises = promises.filter(Q(holder=user) | Q(given_by=user))
    return (
        with_due(promises)
        .select_related("client", "holder", "given_by")
        .order_by(F("due_at").asc(nulls_last=True), "given_at", "pk")
    )


def promises_to(client: Client, branches: Collection[Branch] | QuerySet[Branch]) -> QuerySet[Promise]:
    """What this client still waits for."""
    promises = Promise.objects.filter(client=client, branch__in=branches, closed_at__isnull=True)
    return with_due(promises).select_related("holder", "given_by").order_by("given_at", "pk")


def ended_promises(branch: Branch, *, user: User | None = None) -> QuerySet[Promise]:
    """Promises that are over, the latest first; for a `user` those she held or gave."""
    promises = Promise.objects.filter(branch=branch, closed_at__isnull=False)
    if user is not None:
        promises = promises.filter(Q(holder=user) | Q(given_by=user))
    return promises.select_related("client", "holder", "given_by").order_by("-closed_at", "-pk")
