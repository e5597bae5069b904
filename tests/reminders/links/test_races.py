"""Two presses at once are one appointment (trust.md, S2). The control shows that without the lock they are more."""

import threading
from datetime import timedelta

import pytest
from django.db import connection

from crm.booking.models import Appointment
from crm.people.models import Client
from reminders.links import services
from reminders.messages.models import Kind
from tests.factories import NOW, TODAY, local, make_cast
from tests.reminders.cast import give_win_back, make_told

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
HANDS = 8


def press_at_once(cast, voucher) -> list[str]:
    """Eight hands take eight different slots of one invitation; how each ended."""
    ready, ends = threading.Barrier(HANDS), []

    def press(hour):
        try:
            connection.ensure_connection()
            ready.wait(timeout=60)
            taken = services.take_slot(
                client=cast.vera,
                branch=cast.branch,
                services=[cast.removal],
                master=cast.anna,
                starts_at=local(TODAY + timedelta(days=2), 9 + hour),
                now=NOW,
                voucher=voucher,
            )
            ends.append("booked" if taken.is_new else "kept")
        except Exception as error:
            ends.append(f"{type(error).__name__}: {error}")
        finally:
            connection.close()

    threads = [threading.Thread(target=press, args=(hour,)) for hour in range(HANDS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    return sorted(ends)


@pytest.fixture
def invited():
    cast = make_cast()
    return cast, give_win_back(cast, make_told(cast, cast.vera, Kind.WIN_BACK))


def test_many_hands_book_one_appointment(invited):
    cast, voucher = invited

    ends = press_at_once(cast, voucher)

    assert ends == ["booked"] + ["kept"] * (HANDS - 1)
    voucher.refresh_from_db()
    assert voucher.reserved_for == Appointment.objects.get()


@pytest.mark.postgres
def test_without_the_lock_there_would_be_more(invited, monkeypatch):
    cast, voucher = invited
    real = services.visits.booked_ahead
    looked = threading.Barrier(HANDS)

    def unlocked(client, now, **more):
        found = real(client, now, **more)
        looked.wait(timeout=60)
        return found

    monkeypatch.setattr(services.visits, "booked_ahead", unlocked)
    monkeypatch.setattr(Client.objects, "select_for_update", lambda *args, **kwargs: Client.objects.all())

    ends = press_at_once(cast, voucher)

    assert ends.count("booked") > 1
