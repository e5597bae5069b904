"""First taps at once: a visit is laid out by one of them, and each is kept (practices.md, P5)."""

import pytest

from crm.care.models import StandardStep, VisitStep
from crm.care.services import standards, tick_step
from tests.factories import NOW, make_appointment, make_cast, make_standard
from tests.loyalty.crowd import all_at_once

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
MANY = 6


def ticked_at_once(cast) -> bool:
    """Whether every first tap of a visit was kept, and each step is there once."""
    visit = make_appointment(client=cast.vera, master=cast.anna, starts_at=NOW, services=[cast.lashes])
    steps = list(StandardStep.objects.filter(version__isnull=False).order_by("position").values_list("pk", flat=True))
    outcomes = all_at_once(
        lambda number: tick_step(appointment=visit, step_id=steps[number], now=NOW, user=cast.owner), many=MANY
    )
    kept = VisitStep.objects.filter(appointment=visit, state=VisitStep.State.DONE).count()
    visit.stretches.all().delete()
    return outcomes == [None] * MANY and kept == MANY


def test_first_taps_at_once_are_all_kept():
    cast = make_cast()
    make_standard(*(f"Step {number}" for number in range(MANY)), branch=cast.branch)

    assert all(ticked_at_once(cast) for _round in range(3))


@pytest.mark.postgres
def test_control_where_taps_do_not_wait_one_is_lost(monkeypatch):
    cast = make_cast()
    make_standard(*(f"Step {number}" for number in range(MANY)), branch=cast.branch)
    monkeypatch.setattr(standards, "_hold", lambda appointment: None)

    if all(ticked_at_once(cast) for _round in range(20)):
        pytest.fail("with the guard off nothing went wrong: the race above proves nothing")
