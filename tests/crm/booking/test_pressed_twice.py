"""Two presses at once for somebody whom nobody knows yet, with whoever is free: one client, one visit."""

from datetime import timedelta
from itertools import pairwise

import pytest

from crm.booking.models import Appointment
from crm.people.models import Client
from reminders.links.models import ContactCode
from reminders.links.services import proving
from reminders.links.services.booking import Applicant, Wanted, book_proved
from reminders.links.services.proving import digest
from tests.crm.booking.crowd import Deed, crowd
from tests.crm.booking.test_races import WORKDAYS
from tests.factories import NOW, local, make_branch, make_master, make_service

pytestmark = [pytest.mark.race, pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

PHONE = "+38761100777"
ROUNDS = 6


@pytest.fixture
def salon():
    branch = make_branch()
    return {
        "branch": branch,
        "masters": [make_master(branch=branch, weekdays=range(7)) for _ in range(2)],
        "service": make_service(branch=branch),
    }


def by_herself(salon, number: int, day: int) -> Deed:
    """In two browsers she has proved the same number; each shows another master as free, at hours that overlap."""
    phone = f"{PHONE[:-2]}{day:02}"
    proof = ContactCode.objects.create(
        key=f"{number}-{day}",
        address_digest=digest("address", f"sms {phone}"),
        visitor_digest="",
        code_digest="",
        sent_at=NOW,
        good_until=NOW,
        proved_at=NOW,
    )
    applicant = Applicant(name="Nova Example", channel="sms", address=phone, key=proof.key, language="en")
    starts_at = local(WORKDAYS[day], 10) + timedelta(minutes=15 * number)
    slot = Wanted(salon["branch"], [salon["service"]], salon["masters"][number], starts_at, is_with_anyone=True)
    return lambda: book_proved(applicant=applicant, wanted=slot, now=NOW)


def overlapping() -> int:
    """How many visits of one number begin before another one of it is over."""
    rows = Appointment.objects.order_by("client__phone", "starts_at").values_list(
        "client__phone", "starts_at", "ends_at"
    )
    return sum(one[0] == other[0] and other[1] < one[2] for one, other in pairwise(rows))


def test_a_newcomer_with_anyone_is_written_down_and_booked_once(salon):
    with crowd(2) as both:
        for day in range(ROUNDS):
            both.all_at_once([by_herself(salon, number, day) for number in range(2)])
            assert (Client.objects.count(), Appointment.objects.count()) == (day + 1, day + 1)
    assert overlapping() == 0


def test_control_without_the_line_she_sits_with_two_masters_at_once(salon, monkeypatch):
    monkeypatch.setattr(proving, "_wait_in_line", lambda address_digest: None)
    with crowd(2) as both:
        for day in range(4 * ROUNDS):
            both.all_at_once([by_herself(salon, number, day) for number in range(2)])
            if overlapping():
                return
    pytest.fail("the line was gone and nobody was booked twice: the race test proves nothing")
