"""What is done on a visit, what was done, and who has read the lessons (practices.md, P5 and P55)."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import BooleanField, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from crm.booking.models import Appointment, AppointmentService
from crm.care.models import LessonRead, Standard, StandardStep, StandardVersion, TeamScore, VisitStep
from crm.catalogue.models import Skill
from crm.team.models import Branch, Master, User

State = VisitStep.State


def steps_for(appointment: Appointment, at: datetime) -> QuerySet[StandardStep]:
    """The steps published at `at` for this visit: those for every visit first, then its services', each in order."""
    latest = StandardVersion.objects.filter(standard=OuterRef("standard"), published_at__lte=at).order_by("-number")
    services = AppointmentService.objects.filter(appointment=appointment)
    return (
        StandardStep.objects.filter(version=Subquery(latest.values("pk")[:1]), standard__is_active=True)
        .filter(standard__branch=appointment.branch_id)
        .filter(Q(standard__service=None) | Q(standard__service__in=services.values("service")))
        .order_by(F("standard__service").asc(nulls_first=True), "position")
    )


def checklist_of(appointment: Appointment, now: datetime) -> list[VisitStep]:
    """The visit's list in order; before it is laid out, what it would be now, as rows not saved yet. One or two queries."""
    laid = list(
        VisitStep.objects.filter(appointment=appointment)
        .select_related("step", "user")
        .order_by(F("step__standard__service").asc(nulls_first=True), "step__position")
    )
    return laid or [VisitStep(appointment=appointment, step=step) for step in steps_for(appointment, now)]


def with_steps_to_ask(appointments: QuerySet[Appointment]) -> QuerySet[Appointment]:
    """Adds `asks_steps`: she is here still, a required step is open, and nobody has been asked about it yet."""
    laid = VisitStep.objects.filter(appointment=OuterRef("pk"))
    asks = laid.filter(state=State.OPEN, asked_at=None, step__is_required=True)
    own = AppointmentService.objects.filter(appointment=OuterRef(OuterRef("pk")), service=OuterRef("standard__service"))
    due = StandardStep.objects.filter(
        Q(standard__service=None) | Exists(own),
        version=F("standard__current"),
        is_required=True,
        standard__is_active=True,
        standard__branch=OuterRef("branch"),
    )
    return appointments.annotate(
        asks_steps=ExpressionWrapper(
            Q(status__in=Appointment.OPEN) & (Q(Exists(asks)) | (~Q(Exists(laid)) & Q(Exists(due)))),
            output_field=BooleanField(),
        )
    )


def visits_without_steps(*, since: datetime) -> list[Appointment]:
    """Visits done in the product since then that have no list although there is one for them."""
    own = AppointmentService.objects.filter(appointment=OuterRef(OuterRef("pk")), service=OuterRef("standard__service"))
    published = StandardVersion.objects.filter(
        Q(standard__service=None) | Exists(own),
        standard__is_active=True,
        standard__branch=OuterRef("branch"),
        published_at__lte=Coalesce(OuterRef("started_at"), OuterRef("finished_at")),
    )
    return list(
        Appointment.objects.filter(
            status=Appointment.Status.DONE,
            is_imported=False,
            # by branch and day: there is an index for it
            branch__in=Standard.objects.filter(is_active=True, current__isnull=False).values("branch"),
            on__gte=since.date(),
            finished_at__gte=since,
        )
        .filter(Exists(published), ~Exists(VisitStep.objects.filter(appointment=OuterRef("pk"))))
        .order_by("pk")
    )


def _unread(master: Any, user: Any, branch: Any) -> QuerySet[StandardVersion]:
    """Lessons that hold and that this master has not read, of what she does. Who has no skills written down does all.

    Each is a key, or an OuterRef to one.
    """
    nested = OuterRef(master) if isinstance(master, OuterRef) else master
    skills = Skill.objects.filter(master=nested)
    return (
        StandardVersion.objects.filter(standard__current=F("pk"), standard__is_active=True, standard__branch=branch)
        .filter(
            Q(standard__service=None) | ~Exists(skills) | Exists(skills.filter(service=OuterRef("standard__service")))
        )
        .exclude(
            pk__in=LessonRead.objects.filter(user=OuterRef(user) if isinstance(user, OuterRef) else user).values(
                "version"
            )
        )
        .order_by("published_at", "pk")
    )


def with_questions(masters: QuerySet[Master], today: date) -> QuerySet[Any]:
    """Masters with `next_lesson`, the key of a version to read, and `is_asked`, whether she has not said how it is to
    work here this month: for Today, which has no query to spare."""
    said = TeamScore.objects.filter(user=OuterRef("user"), month=today.replace(day=1))
    unread = _unread(OuterRef("pk"), OuterRef("user"), OuterRef("branch"))
    return masters.annotate(next_lesson=Subquery(unread.values("pk")[:1]), is_asked=~Exists(said))


def unread_lessons(user: User, branch: Branch) -> list[StandardVersion]:
    """What this person has to read, as a master of the branch, the oldest first; nothing for who is none."""
    master = Master.objects.filter(user=user, branch=branch, is_active=True).order_by("pk").first()
    if master is None:
        return []
    return list(_unread(master.pk, user.pk, branch.pk).select_related("standard__service"))


@dataclass(frozen=True, slots=True)
class Lesson:
    """A standard that holds, who has read its lesson, and who has not."""

    standard: Standard
    version: StandardVersion
    read: list[User]
    unread: list[User]


def lessons_of(branch: Branch) -> list[Lesson]:
    """The standards that hold in the branch, those for every visit first, with their readers. Four queries."""
    masters = list(
        Master.objects.filter(branch=branch, is_active=True, user__is_active=True)
        .select_related("user")
        .order_by("name", "pk")
    )
    skills: dict[int, set[int]] = defaultdict(set)
    for master_id, service_id in Skill.objects.filter(master__in=masters).values_list("master", "service"):
        skills[master_id].add(service_id)
    versions = list(
        StandardVersion.objects.filter(standard__branch=branch, standard__is_active=True, standard__current=F("pk"))
        .select_related("standard__service")
        .order_by(F("standard__service__name").asc(nulls_first=True), "pk")
    )
    readings = set(LessonRead.objects.filter(version__in=versions).values_list("version", "user"))
    found = []
    for version in versions:
        service = version.standard.service_id
        asked = [
            master.user
            for master in masters
            if master.user is not None and (service is None or not skills[master.pk] or service in skills[master.pk])
        ]
        read = [user for user in asked if (version.pk, user.pk) in readings]
        found.append(Lesson(version.standard, version, read, [user for user in asked if user not in read]))
    return found
