"""Reads of complaints, calls, scores and promises."""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import DateTimeField, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, Least

from crm.booking.models import Appointment
from crm.care.models import Call, Complaint, Feedback, Promise, Quote, ResultCard
from crm.catalogue.models import Service
from crm.people.models import Client, Note
from crm.team.models import Branch, User

SOLVED_WITHIN = timedelta(hours=72)
SOLVED_WITHIN_URGENT = timedelta(hours=24)
MERELY_SATISFIED = (7, 8)


def deadline_of(complaint: Complaint) -> datetime:
    """Until when it has to be solved: 24 h if urgent, else 72 h (rules.md, Feedback and complaints)."""
    return complaint.opened_at + (SOLVED_WITHIN_URGENT if complaint.is_urgent else SOLVED_WITHIN)


def open_complaints(branches: Collection[Branch] | QuerySet[Branch]) -> QuerySet[Complaint]:
    """Those not resolved yet, the urgent first, then the oldest; with client, branch and who looks after."""
    return (
        Complaint.objects.filter(branch__in=branches, resolved_at__isnull=True)
        .select_related("client", "branch", "owner")
        .order_by("-is_urgent", "opened_at", "pk")
    )


def resolved_complaints(branches: Collection[Branch] | QuerySet[Branch]) -> QuerySet[Complaint]:
    """The closed ones, the latest first."""
    return (
        Complaint.objects.filter(branch__in=branches, resolved_at__isnull=False)
        .select_related("client", "branch", "owner")
        .order_by("-resolved_at", "-pk")
    )


def calls_to_make(branch: Branch, *, user: User | None = None) -> QuerySet[Call]:
    """Open calls of the branch, the soonest due first; for a `user` hers and those of nobody in particular."""
    calls = Call.objects.filter(branch=branch, done_at__isnull=True)
    if user is not None:
        # how it was is asked by somebody else than those who serve: never to the master's face
        calls = calls.exclude(kind=Call.SURVEY).filter(Q(assignee=user) | Q(assignee__isnull=True))
    return calls.select_related("client", "assignee").order_by("due_at", "pk")


def quotes_about(
    services: Collection[Service], language: str, *, beside: Client | None = None, count: int
) -> list[Quote]:
    """What others than she (`beside`) said of these services, in this language, the newest first. One query."""
    quotes = Quote.objects.filter(service__in=services, language=language, is_shown=True)
    if beside is not None:
        quotes = quotes.filter(Q(feedback__isnull=True) | ~Q(feedback__client=beside))
    # the same words may stand under two services of one visit
    found = {quote.text: quote for quote in quotes.order_by("pk")}
    return list(reversed(found.values()))[:count]


def last_scores(client_ids: Collection[int]) -> dict[int, int]:
    """The last score each of these clients gave; 7 and 8 are merely satisfied. One query."""
    latest = Feedback.objects.filter(client=OuterRef("client")).order_by("-answered_at", "-pk").values("pk")[:1]
    return dict(Feedback.objects.filter(client__in=client_ids, pk=Subquery(latest)).values_list("client_id", "score"))


def result_of(client: Client, visit_on: date) -> ResultCard | None:
    """The result card of that visit day."""
    return ResultCard.objects.filter(client=client, visit_on=visit_on).first()


def last_formula(client: Client) -> str:
    """What was last written down of her style: curl, length, recipe."""
    notes = Note.objects.filter(client=client, kind=Note.Kind.FORMULA).order_by("-written_on", "-pk")
    return notes.values_list("text", flat=True).first() or ""


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
