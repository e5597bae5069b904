"""Reads of how a complaint is dealt with: steps and what is said in them, causes, who was told."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date, timedelta

from django.db.models import Min, OuterRef, QuerySet, Subquery

from crm.booking.models import Visit
from crm.care.defaults import STEPS
from crm.care.models import CauseWords, Complaint, ComplaintAlert, ComplaintCause, ComplaintStep, Redo, Step, StepWords

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


def highest_alerts(complaints: Sequence[Complaint]) -> dict[int, int]:
    """By complaint how far it was passed on: the highest level told of the deadlines that stand now."""
    found: dict[int, int] = defaultdict(int)
    due = {complaint.pk: {complaint.answer_due_at, complaint.solve_due_at} for complaint in complaints}
    for row in ComplaintAlert.objects.filter(complaint__in=complaints):
        if row.due_at in due[row.complaint_id]:
            found[row.complaint_id] = max(found[row.complaint_id], row.level)
    return dict(found)


def redo_to_book(complaint: Complaint) -> Redo | None:
    """What was agreed to be done again and has no visit yet."""
    redo = Redo.objects.filter(complaint=complaint).select_related("appointment", "went_wrong", "master").first()
    if redo is None or (redo.appointment is not None and redo.appointment.status not in ("cancelled", "no_show")):
        return None
    return redo
