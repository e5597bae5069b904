"""No rose-coloured glasses: what masters report against what clients say (practices.md, P44). For the owner only."""

from collections import Counter, defaultdict
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Exists, F, Max, Min, OuterRef, Q

from crm.booking.models import Appointment
from crm.care.models import Complaint, Feedback, VisitStep
from crm.reports.selectors.figures import ratio
from crm.reports.selectors.standing import On
from crm.team.models import Master

# so many steps within so short a time were ticked from memory, not while they were done
HURRIED_STEPS, HURRIED_WITHIN = 4, timedelta(seconds=15)
# fewer visits or answers say nothing
ENOUGH_VISITS, ENOUGH_SCORES = 5, 3
MOSTLY = 0.8
LOW = 7


def glasses_report(on: On, since: date, until: date) -> list[dict[str, Any]]:
    """`report glasses`, one row a master who had a visit with a list or a score in the period.

    `hurried`: visits of which all steps that were ticked, four at least, were ticked within 15 seconds. `complaints`
    are those about her visits. `looks`: the standard is mostly ticked in a hurry, no complaint is known, and clients
    give less than 7 on average.
    """
    ticked = (
        VisitStep.objects.filter(state=VisitStep.State.DONE)
        .filter(_in_period(on, since, until))
        .values("appointment", "appointment__master")
        .annotate(steps=Count("pk"), first=Min("at"), last=Max("at"))
        .order_by()
    )
    listed: Counter[int] = Counter()
    hurried: Counter[int] = Counter()
    for visit in ticked:
        listed[visit["appointment__master"]] += 1
        took = visit["last"] - visit["first"]
        hurried[visit["appointment__master"]] += visit["steps"] >= HURRIED_STEPS and took <= HURRIED_WITHIN
    complaints = Counter(
        Complaint.objects.filter(
            opened_on__gte=since, opened_on__lt=until, opened_on__lte=on.today, appointment__isnull=False
        ).values_list("appointment__master", flat=True)
    )
    scores = _scores(on, since, until)
    masters = (
        Master.objects.filter(pk__in={*listed, *scores}).select_related("branch").order_by("branch__name", "code", "pk")
    )
    return [
        _row(master, listed[master.pk], hurried[master.pk], complaints[master.pk], scores.get(master.pk, []))
        for master in masters
    ]


def _in_period(on: On, since: date, until: date) -> Q:
    return Q(
        appointment__status=Appointment.Status.DONE,
        appointment__on__gte=since,
        appointment__on__lt=until,
        appointment__on__lte=on.today,
    )


def _scores(on: On, since: date, until: date) -> dict[int, list[int]]:
    """Scores of the visits of the period by the master of the day; a day with two masters counts for both."""
    told = Feedback.objects.filter(visit_on__gte=since, visit_on__lt=until, visit_on__lte=on.today)
    scores = {(client, day): score for client, day, score in told.values_list("client", "visit_on", "score")}
    visits = (
        Appointment.objects.filter(status=Appointment.Status.DONE, on__gte=since, on__lt=until)
        .filter(Exists(told.filter(client=OuterRef("client"), visit_on=OuterRef("on"))))
        .values_list("master", "client", "on")
        .distinct()
        .order_by(F("master"))
    )
    found: dict[int, list[int]] = defaultdict(list)
    for master, client, day in visits:
        found[master].append(scores[client, day])
    return found


def _row(master: Master, listed: int, hurried: int, complaints: int, scores: list[int]) -> dict[str, Any]:
    share, score = ratio(hurried, listed), ratio(sum(scores), len(scores))
    looks = (
        listed >= ENOUGH_VISITS
        and share is not None
        and share >= MOSTLY
        and not complaints
        and len(scores) >= ENOUGH_SCORES
        and score is not None
        and score < LOW
    )
    return {
        "branch": master.branch.name,
        "master": master.code,
        "name": master.name,
        "visits_with_steps": listed,
        "hurried": hurried,
        "hurried_share": share,
        "complaints": complaints,
        "scores": len(scores),
        "average_score": score,
        "looks": looks,
    }
