"""One code and many bookings, one lost card and two desks, one form and two presses: each counts once (trust.md, L3)."""

from datetime import timedelta

import pytest

from crm.booking.models import Appointment
from loyalty.cards.models import Card
from loyalty.cards.services import issue_card, replace_card
from loyalty.vouchers.models import Campaign, Voucher
from loyalty.vouchers.services import AlreadyIssued, VoucherRefused, issue_codes, reserve_voucher, using
from tests.factories import NOW, TODAY, local, make_appointment, make_cast
from tests.loyalty.crowd import all_at_once
from tests.loyalty.till import rules

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
MANY = 8


def campaign_of(cast) -> Campaign:
    return Campaign.objects.create(
        name="Once", branch=cast.branch, percent=20, valid_from=TODAY, valid_until=TODAY + timedelta(days=30)
    )


def visits_of(cast) -> list[Appointment]:
    return [
        make_appointment(client=cast.vera, master=cast.anna, starts_at=local(TODAY + timedelta(days=1 + number), 10))
        for number in range(MANY)
    ]


def reserve_at_once(voucher: Voucher, visits: list[Appointment]) -> list[BaseException | None]:
    return all_at_once(lambda number: reserve_voucher(voucher=voucher, appointment=visits[number], now=NOW), many=MANY)


def test_one_code_is_kept_for_one_of_many_bookings():
    cast = make_cast()
    campaign, visits = campaign_of(cast), visits_of(cast)
    issue_codes(campaign=campaign, count=3, expected=0, now=NOW)

    for voucher in campaign.vouchers.all():
        outcomes = reserve_at_once(voucher, visits)

        assert outcomes.count(None) == 1
        assert {(type(each), each.reason) for each in outcomes if each} == {(VoucherRefused, "reserved")}


@pytest.mark.postgres
def test_control_without_the_lock_it_is_kept_for_several(monkeypatch):
    monkeypatch.setattr(using, "lock_with_terms", lambda voucher: Voucher.objects.get(pk=voucher.pk))
    cast = make_cast()
    campaign, visits = campaign_of(cast), visits_of(cast)
    issue_codes(campaign=campaign, count=20, expected=0, now=NOW)

    for voucher in campaign.vouchers.all():
        if reserve_at_once(voucher, visits).count(None) > 1:
            return
    pytest.fail("with the guard off nothing went wrong: the race above proves nothing")


def test_a_lost_card_is_issued_anew_once_and_a_form_makes_its_codes_once():
    cast = make_cast()
    campaign, lost = campaign_of(cast), issue_card(client=cast.vera, now=NOW, rules=rules())
    got: list[int] = []

    assert all_at_once(lambda _number: got.append(replace_card(card=lost, now=NOW).pk), many=MANY) == [None] * MANY
    outcomes = all_at_once(lambda _number: issue_codes(campaign=campaign, count=5, expected=0, now=NOW), many=MANY)

    assert (len(set(got)), Card.objects.filter(closed_at=None).count()) == (1, 1)
    assert [type(each) for each in outcomes if each] == [AlreadyIssued] * (MANY - 1)
    assert campaign.vouchers.count() == 5
