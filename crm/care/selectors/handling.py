"""Reads of how a complaint is dealt with: steps and what is said in them, causes, who was told."""

from collections.abc import Collection
from datetime import date, timedelta

from django.db.models import BooleanField, Exists, ExpressionWrapper, Min, OuterRef, Q, QuerySet, Subquery

from crm.booking.models import Visit
from crm.care.defaults import STEPS
from crm.care.models import (
    CauseWords,
    Complaint,
    ComplaintAlert,
    ComplaintCause,
    ComplaintEvent,
    ComplaintOption,
    ComplaintStep,
    Redo,
    Step,
    StepWords,
)

BACK_WITHIN = timedelta(days=90)


def words_of_steps(languages: Collection[str]) -> dict[tuple[int, str], list[str]]:
    """What is said by step and language, sentence by sentence: the owner's words, else the ready-made ones."""
    own = {(row.step, row.language): row.text for row in StepWords.objects.filter(language__in=languages)}
    return {
        (step, language): (own.get((step, language)) or STEPS.get(language, STEPS["en"])[step]).splitlines()
        for language in languages
        for step in Step.values
    }


def steps_of(complaint: Complaint) -> dict[int, ComplaintStep]:
    """What is saved of the five steps, with who saved it."""
    return {row.step: row for row in complaint.steps.select_related("saved_by")}


def causes_in(language: str, *, beside: ComplaintCause | None = None) -> list[tuple[int, str]]:
    """The owner's causes in use, by key and in this language; `beside` is one that is chosen already."""
    causes = ComplaintCause.objects.filter(is_active=True)
    if beside is not None:
        causes = causes | ComplaintCause.objects.filter(pk=beside.pk)
    words = dict(CauseWords.objects.filter(language=language).values_list("cause", "name"))
    return [(cause.pk, words.get(cause.pk) or cause.name) for cause in causes.order_by("position", "name")]


def with_return(complaints: QuerySet[Complaint]) -> QuerySet[Complaint]:
    """Adds `back_on`: her first visit day after the day on which she complained, whenever; None: not yet."""
    visits = (
        Visit.objects.filter(client=OuterRef("client"), on__gt=OuterRef("opened_on"))
        .order_by()
        .values("client")
        .annotate(first=Min("on"))
        .values("first")
    )
    return complaints.annotate(back_on=Subquery(visits))


def came_back(complaint: Complaint, today: date) -> date | bool | None:
    """The day on which she came back within 90 days; False: she did not; None: it is still running."""
    back = Visit.objects.filter(
        client=complaint.client_id, on__gt=complaint.opened_on, on__lte=complaint.opened_on + BACK_WITHIN
    ).aggregate(first=Min("on"))["first"]
    if back is not None and back <= today:
        return back
    return False if today > complaint.opened_on + BACK_WITHIN else None


# by herself, on the page of her complaint
BY_HER = [
    ComplaintEvent.Kind.ADDED,
    ComplaintEvent.Kind.CHOSEN,
    ComplaintEvent.Kind.GIVEN,
    ComplaintEvent.Kind.REOPENED,
]


def with_handling(complaints: QuerySet[Complaint]) -> QuerySet[Complaint]:
    """Adds `passed_to` (the highest level told of the deadlines that stand now; None: nobody), `waits` and `wrote_last`.

    `waits`: a solution waits for a second person. `wrote_last`: what she did on her page was the last that happened.
    """
    told = (
        ComplaintAlert.objects.filter(
            Q(due_at=OuterRef("answer_due_at"), about="answer") | Q(due_at=OuterRef("solve_due_at"), about="solution"),
            complaint=OuterRef("pk"),
        )
        .order_by("-level")
        .values("level")[:1]
    )
    waiting = ComplaintOption.objects.filter(complaint=OuterRef("pk"), state=ComplaintOption.State.WAITING)
    last = ComplaintEvent.objects.filter(complaint=OuterRef("pk")).order_by("-at", "-pk")
    by_her = Q(last_user__isnull=True, last_kind__in=BY_HER)
    return complaints.annotate(
        passed_to=Subquery(told),
        waits=Exists(waiting),
        last_kind=Subquery(last.values("kind")[:1]),
        last_user=Subquery(last.values("user")[:1]),
        wrote_last=ExpressionWrapper(by_her, output_field=BooleanField()),
    )


def redo_to_book(complaint: Complaint) -> Redo | None:
    """What was agreed to be done again and has no visit yet."""
    redo = Redo.objects.filter(complaint=complaint).select_related("appointment", "went_wrong", "master").first()
    if redo is None or (redo.appointment is not None and redo.appointment.status not in ("cancelled", "no_show")):
        return None
    return redo
