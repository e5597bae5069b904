"""The cast itself stands."""

import pytest

from tests import factories
from tests.factories import NOW, make_appointment, make_cast, make_visit

pytestmark = pytest.mark.django_db


def test_cast_can_be_put_down_and_meet():
    cast = make_cast()
    appointment = make_appointment(client=cast.vera, master=cast.anna, starts_at=NOW, services=[cast.lashes])
    visit = make_visit(cast.dina, factories.TODAY, services=[cast.removal], master=cast.boris)
    assert (appointment.minutes, appointment.on) == (90, factories.TODAY)
    assert (visit.has_service, visit.counts) == (True, False)
