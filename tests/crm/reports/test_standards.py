"""`report standards`, `moments`, `motivation` and `glasses`, worked by hand (rules.md, Reports; practices.md, P5, P33, P44)."""

import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command

from crm.booking.models import Appointment
from crm.care.models import Feedback, HelpKind, StandardStep, VisitStep
from crm.care.services import help_out
from tests.factories import NOW, TODAY, local, make_appointment, make_client, make_complaint, make_standard

pytestmark = pytest.mark.django_db

Done = Appointment.Status.DONE
SINCE, UNTIL = TODAY - timedelta(days=30), TODAY + timedelta(days=1)


def report(name):
    out = StringIO()
    call_command("report", name, "--from", SINCE.isoformat(), "--to", UNTIL.isoformat(), "--json", stdout=out)
    return json.loads(out.getvalue())


def visit_of(cast, master, days_ago, client=None, status=Done):
    return make_appointment(
        client=client or cast.vera,
        master=master,
        starts_at=local(TODAY - timedelta(days=days_ago), 10),
        services=[cast.lashes],
        status=status,
    )


def tick(visit, *said, at=NOW, apart=60):
    """What was said of the steps in order: done, open, or a reason."""
    steps = StandardStep.objects.filter(version__isnull=False).order_by("position")
    for place, (step, word) in enumerate(zip(steps, said, strict=True)):
        state = word if word in ("done", "open") else "skipped"
        VisitStep.objects.create(
            appointment=visit, step=step, state=state, reason=word if state == "skipped" else "",
            why="The basin leaks" if word == "impossible" else "",
            at=None if state == "open" else at + timedelta(seconds=apart * place),
        )  # fmt: skip


def test_standards_are_counted_by_master_step_and_reason(cast):
    make_standard("Greet", "Offer the drink", "Massage", branch=cast.branch, optional=["Aroma"])
    tick(visit_of(cast, cast.anna, 3), "done", "done", "declined", "done")
    tick(visit_of(cast, cast.anna, 2), "done", "open", "impossible", "open")
    tick(visit_of(cast, cast.boris, 1), "done", "done", "open", "open")
    # neither over nor in the period
    tick(visit_of(cast, cast.boris, 0, status=Appointment.Status.IN_PROGRESS), "open", "open", "open", "open")
    tick(visit_of(cast, cast.boris, 40), "open", "open", "open", "open")

    told = report("standards")

    keys = {row["step"]: row.pop("key") for row in told["by_step"]}
    assert set(keys) == {"Greet", "Offer the drink", "Massage", "Aroma"}
    row = {"due": 3, "declined": 0, "impossible": 0, "optional_done": 0, "standard": "Every visit", "service": None}
    assert told == {
        # of 9 due: 3 greeted, 2 drinks, no massage
        "visits": 3, "due": 9, "done": 5, "declined": 1, "impossible": 1, "open": 2, "share": 0.5556,
        "answered": 0.7778, "optional_done": 1,
        "by_master": [
            {
                "branch": "Harbour", "master": cast.anna.code, "name": cast.anna.name, "visits": 2, "due": 6, "done": 3, "declined": 1,
                "impossible": 1, "open": 1, "share": 0.5, "answered": 0.8333, "optional_done": 1,
            },
            {
                "branch": "Harbour", "master": cast.boris.code, "name": cast.boris.name, "visits": 1, "due": 3, "done": 2, "declined": 0,
                "impossible": 0, "open": 1, "share": 0.6667, "answered": 0.6667, "optional_done": 0,
            },
        ],
        "by_step": [
            row | {"step": "Massage", "done": 0, "declined": 1, "impossible": 1, "open": 1, "share": 0.0, "answered": 0.6667},
            row | {"step": "Offer the drink", "done": 2, "open": 1, "share": 0.6667, "answered": 0.6667},
            row | {"step": "Aroma", "due": 0, "done": 0, "open": 0, "share": None, "answered": None, "optional_done": 1},
            row | {"step": "Greet", "done": 3, "open": 0, "share": 1.0, "answered": 1.0},
        ],
        "by_reason": [
            {"reason": "declined", "steps": 1}, {"reason": "impossible", "steps": 1}, {"reason": "open", "steps": 2},
        ],
    }  # fmt: skip
    # what a client declined is none to her harm
    assert [(each["master"], each["steps_due"], each["standards_kept"]) for each in report("motivation")] == [
        (cast.anna.code, 6, 0.8333),
        (cast.boris.code, 3, 0.6667),
    ]


def test_moments_of_care_are_counted_by_what_and_by_whom(cast):
    umbrella, taxi = (HelpKind.objects.create(text_en=text) for text in ("Umbrella", "Taxi"))
    anna = cast.user_of(cast.anna)
    for kind, client, days_ago in (
        (umbrella, cast.vera, 1),
        (umbrella, cast.vera, 2),
        (taxi, None, 3),
        (taxi, None, 60),
    ):
        help_out(
            branch=cast.branch, kind=kind, client=client, now=NOW - timedelta(days=days_ago),
            user=cast.receptionist if kind == taxi else anna,
        )  # fmt: skip

    assert report("moments") == {
        "moments": 3,
        "clients": 1,
        "by_what": [{"what": "Umbrella", "moments": 2}, {"what": "Taxi", "moments": 1}],
        "by_user": [
            {"user": anna.username, "moments": 2},
            {"user": cast.receptionist.username, "moments": 1},
        ],
    }


def scored(client, days_ago, score, branch):
    Feedback.objects.create(
        client=client, branch=branch, visit_on=TODAY - timedelta(days=days_ago), score=score, answered_at=NOW
    )


def test_who_ticks_all_at_once_and_has_low_scores_is_shown(cast):
    make_standard("Greet", "Drink", "Mirror", "Door", branch=cast.branch)
    clients = [make_client(branch=cast.branch) for _number in range(5)]
    for days_ago, client in enumerate(clients, start=1):
        # Anna in the last five seconds, Boris while he works
        tick(visit_of(cast, cast.anna, days_ago, client), "done", "done", "done", "done", apart=5 / 3)
        tick(visit_of(cast, cast.boris, days_ago + 10, client), "done", "done", "done", "done", apart=6)
    for days_ago, client, score in ((1, clients[0], 5), (2, clients[1], 7), (3, clients[2], 6)):
        scored(client, days_ago, score, cast.branch)
        scored(client, days_ago + 10, score, cast.branch)

    anna, boris = report("glasses")
    assert anna == {
        "branch": "Harbour", "master": cast.anna.code, "name": cast.anna.name, "visits_with_steps": 5, "hurried": 5, "hurried_share": 1.0,
        "complaints": 0, "scores": 3, "average_score": 6.0, "looks": True,
    }  # fmt: skip
    assert boris == {
        "branch": "Harbour", "master": cast.boris.code, "name": cast.boris.name, "visits_with_steps": 5, "hurried": 0, "hurried_share": 0.0,
        "complaints": 0, "scores": 3, "average_score": 6.0, "looks": False,
    }  # fmt: skip

    # who logs what went wrong has nothing to hide
    make_complaint(
        clients[0],
        opened_at=NOW - timedelta(days=1),
        appointment=Appointment.objects.get(client=clients[0], master=cast.anna),
    )
    assert [(row["complaints"], row["looks"]) for row in report("glasses")] == [(1, False), (0, False)]
