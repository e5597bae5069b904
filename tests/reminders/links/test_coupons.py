"""A coupon typed at self-booking: its price is shown, it is kept for the visit, and nobody learns what is known (P26, S8)."""

from datetime import timedelta
from decimal import Decimal

import pytest

from crm.booking.models import Appointment
from loyalty.points.models import RefusedBenefit
from loyalty.vouchers.models import Campaign, Voucher, WrongCode
from loyalty.vouchers.services import give_from_campaign, issue_codes
from loyalty.vouchers.services.certificates import sell_certificate
from reminders.messages.tokens import Door, open_url, slot_code
from tests.factories import NOW, TODAY
from tests.loyalty.till import rules
from tests.reminders.links.conftest import text_of
from tests.reminders.links.test_booking_page import AT_TEN, ask, book, sms

__all__ = ["sms"]


@pytest.fixture
def campaign(cast):
    """20 % off everything, on Fridays."""
    return Campaign.objects.create(
        name="Fridays",
        branch=cast.branch,
        percent=20,
        weekdays=[4],
        valid_from=TODAY,
        valid_until=TODAY + timedelta(30),
    )


@pytest.fixture
def code(campaign) -> str:
    issue_codes(campaign=campaign, count=1, expected=0, now=NOW)
    return Voucher.objects.get().code


def hers(visitor, cast) -> str:
    """Vera's own page is open; gives the address of the last step."""
    visitor.get(open_url(door=Door.HOME, client_id=cast.vera.pk, today=TODAY).removeprefix("http://testserver"))
    query = f"?branch={cast.branch.pk}&service={cast.lashes.pk}&slot={slot_code(AT_TEN, cast.anna.pk)}"
    return f"/my/book/details/{query}"


def test_a_stranger_sees_the_price_with_it_and_it_is_kept_for_her_visit(visitor, cast, code):
    seen = ask(visitor, cast, name="", coupon=f" {code[:5].lower()}-{code[5:]} ", look="1")

    # lashes cost 60: 12 less
    assert "BAM 48.00" in text_of(seen).replace("\xa0", " ")
    # only looked at: nothing is asked of her and nothing is booked
    assert "How may we call you?" not in text_of(seen)
    assert not Appointment.objects.exists()

    end = book(visitor, cast, coupon=code)

    assert Voucher.objects.get().reserved_for == Appointment.objects.get()
    assert "20%" in text_of(end)


def test_behind_her_link_it_is_kept_and_a_second_press_keeps_it(visitor, cast, code):
    address = hers(visitor, cast)
    for _press in range(2):
        assert visitor.post(address, {"coupon": code}).status_code == 302

    assert Voucher.objects.get().reserved_for == Appointment.objects.get()


def test_a_code_for_another_day_says_so_and_books_nothing(visitor, cast, campaign, code):
    Campaign.objects.update(weekdays=[0])

    page = visitor.post(hers(visitor, cast), {"coupon": code})

    assert "holds on other days of the week" in text_of(page)
    assert not Appointment.objects.exists()
    refused = RefusedBenefit.objects.get()
    assert (refused.reason, refused.place, refused.client) == ("weekday", "booking", cast.vera)
    assert not WrongCode.objects.exists()


def test_unknown_used_and_another_clients_code_get_one_answer(visitor, cast, campaign, code):
    used = Voucher.objects.get()
    others = give_from_campaign(campaign=campaign, client=cast.dina, now=NOW)
    Voucher.objects.filter(pk=used.pk).update(voided_at=NOW)

    said = [
        (answer.status_code, text_of(answer).replace(typed, ""))
        for typed in ("0000000000", "NOCODE", used.code, others.code)
        for answer in [ask(visitor, cast, coupon=typed, look="1")]
    ]

    assert "This code gives nothing here." in said[0][1]
    assert said == [said[0]] * 4
    assert set(WrongCode.objects.values_list("door", flat=True)) == {"book"}


@pytest.mark.walk
def test_twenty_guesses_an_hour_are_looked_at(visitor, cast, code, today):
    answers = [ask(visitor, cast, coupon=f"{number:010d}", look="1") for number in range(30)]

    assert sum("gives nothing here" in text_of(answer) for answer in answers) == WrongCode.objects.count() == 20
    # from then on the right one is not looked at either
    assert "many wrong codes" in text_of(ask(visitor, cast, coupon=code, look="1"))
    today.shift(timedelta(minutes=61))
    assert "BAM 48.00" in text_of(ask(visitor, cast, coupon=code, look="1")).replace("\xa0", " ")


def test_first_visit_only_is_found_out_once_she_is_known(visitor, cast, code):
    Campaign.objects.update(first_visit_only=True)

    # a stranger: her number is new, so it is her first visit
    book(visitor, cast, coupon=code)

    assert Voucher.objects.get().reserved_for is not None


def test_a_gift_certificate_is_no_coupon_and_no_guess(visitor, cast):
    certificate = sell_certificate(
        branch=cast.branch, amount=Decimal(50), method="cash", key="gift", now=NOW, rules=rules()
    )

    page = text_of(ask(visitor, cast, coupon=certificate.code, look="1"))

    assert "This is a gift certificate." in page
    assert not WrongCode.objects.exists()
