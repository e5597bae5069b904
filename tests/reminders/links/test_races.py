"""Two presses at once are one appointment (trust.md, S2). The control shows that without the lock they are more."""

import threading
from datetime import timedelta

import pytest
from django.db import connection

from crm.booking.models import Appointment, WaitingEntry
from crm.people.models import Client
from reminders.links import services
from reminders.links.models import ContactCode
from reminders.links.services import waiting
from reminders.links.services.proving import digest
from reminders.links.services.recognising import Applicant
from reminders.links.services.waiting import Wish
from reminders.messages.models import Kind
from tests.factories import NOW, TODAY, local, make_cast
from tests.reminders.cast import give_win_back, make_told

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
HANDS = 8


def at_once(deed) -> list[str]:
    """Eight hands do it with their own number at the same moment; what each got, or what went wrong."""
    ready, ends = threading.Barrier(HANDS), []

    def press(number):
        try:
            connection.ensure_connection()
            ready.wait(timeout=60)
            ends.append(deed(number))
        except Exception as error:
            ends.append(f"{type(error).__name__}: {error}")
        finally:
            connection.close()

    threads = [threading.Thread(target=press, args=(number,)) for number in range(HANDS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    return sorted(ends)


def press_at_once(cast, voucher) -> list[str]:
    """Eight hands take eight different slots of one invitation; how each ended."""

    def take(hour):
        taken = services.take_slot(
            client=cast.vera,
            branch=cast.branch,
            services=[cast.removal],
            master=cast.anna,
            starts_at=local(TODAY + timedelta(days=2), 9 + hour),
            now=NOW,
            voucher=voucher,
        )
        return "booked" if taken.is_new else "kept"

    return at_once(take)


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


@pytest.fixture
def stranger():
    """Nobody's number, shown to be hers a moment ago, and what she waits for; pressing puts her on the list."""
    cast = make_cast()
    phone = "+38761100777"
    ContactCode.objects.create(
        key="key",
        address_digest=digest("address", f"sms {phone}"),
        visitor_digest="",
        code_digest="",
        sent_at=NOW,
        good_until=NOW,
        proved_at=NOW,
    )
    applicant = Applicant(name="Mia Example", channel="sms", address=phone, key="key", language="en")
    wish = Wish(branch=cast.branch, services=[cast.lashes], from_day=TODAY, to_day=TODAY + timedelta(days=14))
    return lambda _number: str(waiting.wait_proved(applicant=applicant, wish=wish, now=NOW).pk)


def test_many_hands_of_a_stranger_are_one_client_with_one_place(stranger):
    ends = at_once(stranger)

    entry = WaitingEntry.objects.get()
    assert ends == [str(entry.pk)] * HANDS
    assert Client.objects.get(phone="+38761100777") == entry.client


@pytest.mark.postgres
def test_without_the_proofs_lock_she_would_be_several(stranger, monkeypatch):
    together = threading.Barrier(HANDS)
    monkeypatch.setattr(waiting, "proof_of", lambda **known: together.wait(timeout=60))

    at_once(stranger)

    assert Client.objects.filter(phone="+38761100777").count() > 1
