"""Many want one slot at once (trust.md, B1 and B4). Each has a control: without the guard it must fail."""

import threading
from collections import Counter
from contextlib import contextmanager
from datetime import timedelta
from itertools import pairwise

import pytest
from django.db import connection

from crm.booking.models import Appointment, AppointmentEvent, Stretch
from crm.booking.services import SlotTaken, book_appointment, holding, move_appointment
from tests.factories import NOW, TODAY, local, make_appointment, make_branch, make_client, make_master, make_service

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]

TOMORROW = TODAY + timedelta(days=1)
ROUNDS = 20
# Monday to Saturday are worked
WORKDAYS = [day for n in range(30) if (day := TOMORROW + timedelta(days=n)).weekday() < 6]
By, Via = Appointment.By, AppointmentEvent.Via


def at_once(*deeds) -> Counter:
    """Runs all of them at the same moment, each on its own connection; counts how they ended."""
    ready = threading.Barrier(len(deeds))
    ends: list[str] = []

    def run(deed):
        try:
            connection.ensure_connection()
            ready.wait(timeout=60)
            deed()
            ends.append("done")
        except SlotTaken as refusal:
            ends.append("taken" if refusal.nearest else "taken without other slots")
        except Exception as error:
            ends.append(f"{type(error).__name__}: {error}")
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(deed,)) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    return Counter(ends)


@pytest.fixture
def salon():
    branch = make_branch()
    return branch, make_master(branch=branch), make_service(branch=branch, minutes=60)


def booking(salon, client, minute, on=TOMORROW):
    branch, master, service = salon

    def deed():
        book_appointment(
            client=client,
            master=master,
            services=[service],
            # starts differ, every two of them overlap
            starts_at=local(on, 10) + timedelta(minutes=minute),
            branch=branch,
            now=NOW,
            by=By.CLIENT,
            via=Via.LINK,
        )

    return deed


def overlaps() -> int:
    held = sorted(Stretch.objects.filter(holds=True).values_list("starts_at", "ends_at"))
    return sum(later[0] < earlier[1] for earlier, later in pairwise(held))


@contextmanager
def constraint_off():
    """The exclusion constraint is taken away inside this test and put back."""
    constraint = next(c for c in Stretch._meta.constraints if c.name == holding.NO_OVERLAP)
    with connection.schema_editor() as editor:
        editor.remove_constraint(Stretch, constraint)
    try:
        yield
    finally:
        Stretch.objects.all().delete()
        with connection.schema_editor() as editor:
            editor.add_constraint(Stretch, constraint)


@pytest.mark.postgres
def test_of_64_who_want_overlapping_slots_exactly_one_gets_it(salon):
    clients = [make_client(branch=salon[0]) for _ in range(64)]
    for number in range(ROUNDS):
        on = WORKDAYS[number]
        ends = at_once(*[booking(salon, client, 15 * (n % 4), on) for n, client in enumerate(clients)])
        assert ends == {"done": 1, "taken": 63}
        assert (Appointment.objects.count(), overlaps()) == (number + 1, 0)


@pytest.mark.postgres
def test_the_constraint_alone_lets_exactly_one_through(salon, monkeypatch):
    monkeypatch.setattr("crm.booking.services.appointments.lock_masters", lambda master_ids: None)
    monkeypatch.setattr(holding, "is_taken", lambda stretches, **kwargs: False)
    clients = [make_client(branch=salon[0]) for _ in range(32)]
    ends = at_once(*[booking(salon, client, 15 * (n % 4)) for n, client in enumerate(clients)])
    assert ends == {"done": 1, "taken": 31}


@pytest.mark.postgres
def test_control_without_lock_and_constraint_two_get_the_same_time(salon, monkeypatch):
    monkeypatch.setattr("crm.booking.services.appointments.lock_masters", lambda master_ids: None)
    with constraint_off():
        for _ in range(20):
            clients = [make_client(branch=salon[0]) for _ in range(32)]
            at_once(*[booking(salon, client, 15 * (n % 4)) for n, client in enumerate(clients)])
            if overlaps():
                return
            Appointment.objects.update(status=Appointment.Status.CANCELLED)
            Stretch.objects.update(holds=False)
    pytest.fail("the guard was off and nobody was booked twice: the race test proves nothing")


@pytest.mark.postgres
def test_of_many_moves_onto_one_slot_exactly_one_succeeds(salon):
    branch, master, service = salon
    appointments = [
        make_appointment(
            client=make_client(branch=branch),
            master=master,
            starts_at=local(WORKDAYS[4 + n // 8], 9 + n % 8),
            services=[service],
        )
        for n in range(40)
    ]

    def moving(appointment, minute, on):
        return lambda: move_appointment(
            appointment=appointment,
            starts_at=local(on, 10) + timedelta(minutes=minute),
            now=NOW,
            by=By.CLIENT,
            via=Via.LINK,
        )

    for number in range(3):
        ends = at_once(
            *[moving(appointment, 15 * (n % 4), WORKDAYS[number]) for n, appointment in enumerate(appointments)]
        )
        assert ends == {"done": 1, "taken": 39}
        assert overlaps() == 0


@pytest.mark.sqlite(only=True)
def test_on_sqlite_16_writers_make_exactly_one_booking_and_nobody_finds_it_locked(salon):
    clients = [make_client(branch=salon[0]) for _ in range(16)]
    for on in WORKDAYS[:5]:
        ends = at_once(*[booking(salon, client, 15 * (n % 4), on) for n, client in enumerate(clients)])
        assert ends == {"done": 1, "taken": 15}
        assert overlaps() == 0


@pytest.mark.sqlite(only=True)
def test_control_on_sqlite_without_the_check_all_are_booked(salon, monkeypatch):
    monkeypatch.setattr(holding, "is_taken", lambda stretches, **kwargs: False)
    monkeypatch.setattr(holding, "is_within_hours", lambda **kwargs: True)
    clients = [make_client(branch=salon[0]) for _ in range(4)]
    ends = at_once(*[booking(salon, client, 15 * n) for n, client in enumerate(clients)])
    assert (ends, overlaps() > 0) == ({"done": 4}, True)
