"""A voucher for hours that stay empty: told, judged when the visit is booked, and the same at the till (P57)."""

from datetime import UTC, date, datetime, timedelta

import pytest

from crm.reports.selectors.chairs import Chairs, Filled
from loyalty.vouchers import selectors
from loyalty.vouchers.models import Voucher
from loyalty.vouchers.selectors import occasion_of, why_not
from loyalty.vouchers.services import VoucherRefused, issue_voucher, reserve_voucher
from reminders.messages.filling import about_voucher
from reminders.messages.speech import Speech
from tests.factories import make_appointment, make_branch, make_client, make_master, make_service

pytestmark = pytest.mark.django_db

# a Wednesday; Thursdays at ten fill by themselves
NOW = datetime(2026, 6, 10, 9, 0, tzinfo=UTC)
TODAY = date(2026, 6, 10)
FULL = datetime(2026, 6, 11, 10, 30, tzinfo=UTC)
EMPTY = datetime(2026, 6, 11, 11, 0, tzinfo=UTC)


@pytest.fixture
def branch():
    return make_branch(time_zone="UTC")


@pytest.fixture
def looked_at(monkeypatch):
    """Before which days the weeks were looked at."""
    days = []

    def chairs(branch, *, today):
        days.append(today)
        return Chairs({(3, 10): Filled(60, 42, 70), (3, 11): Filled(60, 41, 70)}, weeks=12)

    monkeypatch.setattr(selectors, "chairs_of", chairs)
    return days


@pytest.fixture
def voucher(branch):
    return issue_voucher(
        client=make_client(branch=branch),
        branch=branch,
        kind=Voucher.Kind.WIN_BACK,
        key="quiet",
        percent=50,
        quiet_only=True,
        valid_from=TODAY,
        valid_until=TODAY + timedelta(days=60),
        now=NOW,
    )


def judged(voucher, at, *, booked_on=TODAY):
    occasion = occasion_of(branch=voucher.branch, now=at)
    return why_not(voucher, client_id=voucher.client_id, today=at.date(), booked_on=booked_on, occasion=occasion)


def test_full_hour_is_refused_by_how_it_was_when_the_visit_was_booked(voucher, looked_at):
    assert [judged(voucher, FULL), judged(voucher, EMPTY, booked_on=date(2026, 6, 4))] == ["full_hour", ""]
    assert looked_at == [TODAY, date(2026, 6, 4)]


def test_other_vouchers_ask_nothing_about_hours(voucher, looked_at):
    voucher.quiet_only = False

    assert (judged(voucher, FULL), looked_at) == ("", [])


def test_it_hangs_on_a_booking_of_an_empty_hour_only(voucher, looked_at):
    master, service = make_master(branch=voucher.branch), make_service(branch=voucher.branch, minutes=30)
    booked = {
        at: make_appointment(client=voucher.client, master=master, services=[service], starts_at=at)
        for at in (FULL, EMPTY)
    }

    with pytest.raises(VoucherRefused) as refusal:
        reserve_voucher(voucher=voucher, appointment=booked[FULL], now=NOW)
    kept = reserve_voucher(voucher=voucher, appointment=booked[EMPTY], now=NOW)

    assert refusal.value.reason == "full_hour"
    assert kept.reserved_for == booked[EMPTY]


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "usually quiet"), ("ru", "обычно свободно"), ("bs", "mirnije"), ("ar", "الهادئة")],
)
def test_letter_says_so_and_for_what(voucher, language, words):
    speech = Speech(language, "formal", "f")
    free = about_voucher(voucher, speech)
    voucher.services.add(make_service(branch=voucher.branch, name="Brows"))
    voucher.quiet_only = False

    limited = about_voucher(voucher, speech)

    assert words in free["limits"]
    assert ("limits" in limited, "Brows" in limited["for_what"], "Brows" in free["for_what"]) == (False, True, False)
