"""Campaigns: their conditions, their codes in one go, and what they brought (practices.md, P26)."""

from datetime import time, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from loyalty.vouchers.codes import read_code
from loyalty.vouchers.models import Campaign, Voucher, VoucherEvent, WrongCode
from loyalty.vouchers.selectors import (
    CampaignFigures,
    Occasion,
    campaign_figures,
    guess_suspicions,
    unmet,
    voucher_by_code,
    why_not,
)
from loyalty.vouchers.services import (
    AlreadyIssued,
    CampaignRefused,
    Guesser,
    TooManyCodes,
    VoucherRefused,
    give_from_campaign,
    issue_codes,
    may_try_code,
    note_wrong_code,
    reserve_voucher,
    revoke_unused,
)
from tests.factories import NOW, SARAJEVO, TODAY, local, make_appointment, make_cast, make_visit
from tests.loyalty.till import give_back, pay

DAY = timedelta(days=1)
# a Wednesday, 11:00
AT = NOW.astimezone(SARAJEVO)
HERE, ELSEWHERE = 1, 2


@pytest.fixture
def cast(db):
    return make_cast()


def make_campaign(cast, **terms) -> Campaign:
    terms = {"percent": 20, "valid_from": TODAY, "valid_until": TODAY + 30 * DAY} | terms
    return Campaign.objects.create(name="Quiet mornings", branch=cast.branch, **terms)


def codes_of(campaign, count: int) -> list[Voucher]:
    issue_codes(campaign=campaign, count=count, expected=0, now=NOW)
    return list(campaign.vouchers.order_by("pk"))


@pytest.mark.parametrize(
    ("terms", "occasion", "reason"),
    [
        ({"weekdays": [2, 3]}, {}, ""),
        ({"weekdays": [1, 3]}, {}, "weekday"),
        # half-open: 11:00 begins, 12:00 is over
        ({"from_time": time(11), "to_time": time(12)}, {}, ""),
        ({"from_time": time(11, 1), "to_time": time(12)}, {}, "hour"),
        ({"from_time": time(10), "to_time": time(11)}, {}, "hour"),
        ({"minimum": Decimal(60)}, {"total": Decimal(60)}, ""),
        ({"minimum": Decimal(60)}, {"total": Decimal("59.99")}, "too_little"),
        # a price that is agreed on the day is asked for at the checkout
        ({"minimum": Decimal(60)}, {"total": None}, ""),
        ({"here_only": True}, {"branch_id": HERE}, ""),
        ({"here_only": True}, {"branch_id": ELSEWHERE}, "other_branch"),
        ({}, {"branch_id": ELSEWHERE}, ""),
    ],
)
def test_each_condition_on_both_sides_of_its_bound(terms, occasion, reason):
    campaign = Campaign(branch_id=HERE, **terms)

    assert unmet(campaign, Occasion(**({"branch_id": HERE, "at": AT} | occasion)), client_id=7) == reason


def test_first_visit_is_one_with_none_on_an_earlier_day(cast):
    voucher = codes_of(make_campaign(cast, first_visit_only=True), 1)[0]
    occasion = Occasion(cast.branch.pk, AT)

    def reason(client) -> str:
        client_id = client.pk if client else None
        return why_not(voucher, client_id=client_id, today=TODAY, booked_on=TODAY, occasion=occasion)

    make_visit(cast.dina, TODAY - DAY)
    make_visit(cast.leila, TODAY)
    assert [reason(each) for each in (cast.vera, cast.dina, cast.leila, None)] == ["", "not_first", "", "not_first"]


def test_what_it_is_not_good_for_keeps_its_price(cast):
    campaign = make_campaign(cast, minimum=Decimal(100))
    campaign.except_services.add(cast.colour)
    first, second = codes_of(campaign, 2)

    colour = pay(cast.vera, 100, service=cast.colour, typed=first.code)
    lashes = pay(cast.vera, 100, service=cast.lashes, typed=second.code)

    assert (colour.total, lashes.total) == (Decimal(100), Decimal(80))
    first.refresh_from_db()
    assert first.redeemed_at is None


def test_the_visits_own_hour_counts_not_that_of_the_receipt(cast):
    campaign = make_campaign(cast, from_time=time(9), to_time=time(11))
    code = codes_of(campaign, 1)[0].code
    # it is 11:00: who walks in is too late, who was booked for 9:30 pays now
    assert pay(cast.dina, 100, typed=code).total == Decimal(100)
    visit = make_appointment(
        client=cast.vera, master=cast.anna, starts_at=local(TODAY, 9, 30), services=[cast.lashes], status="done"
    )

    assert pay(cast.vera, 100, typed=code, appointment=visit).total == Decimal(80)


def test_codes_are_made_in_as_many_queries_however_many(cast):
    campaign = make_campaign(cast)
    campaign.services.add(cast.lashes)
    with CaptureQueriesContext(connection) as two:
        issue_codes(campaign=campaign, count=2, expected=0, now=NOW)
    with CaptureQueriesContext(connection) as thirty:
        issue_codes(campaign=campaign, count=30, expected=2, now=NOW)

    assert len(two) == len(thirty)
    codes = list(Voucher.objects.values_list("code", flat=True))
    assert len(set(codes)) == 32
    assert all(read_code(code) == code for code in codes)
    assert {tuple(each.services.all()) for each in Voucher.objects.all()} == {(cast.lashes,)}
    assert VoucherEvent.objects.filter(kind="issued").count() == 32


def test_a_form_sent_twice_makes_them_once(cast):
    campaign = make_campaign(cast)
    codes_of(campaign, 3)

    for count, expected, refusal in ((3, 0, AlreadyIssued), (9_998, 3, TooManyCodes), (0, 3, TooManyCodes)):
        with pytest.raises(refusal):
            issue_codes(campaign=campaign, count=count, expected=expected, now=NOW)
    with pytest.raises(CampaignRefused):
        issue_codes(campaign=campaign, count=1, expected=3, now=NOW + 31 * DAY)

    assert campaign.vouchers.count() == 3


def test_what_became_of_them_and_what_they_brought(cast):
    campaign = make_campaign(cast, percent=20)
    used, returned, kept, open_one, _over = codes_of(campaign, 5)
    # 100 - 20, and 50 - 10, of which all comes back: the code is hers again
    pay(cast.vera, 100, typed=used.code)
    give_back(pay(cast.dina, 50, typed=returned.code))
    visit = make_appointment(
        client=cast.leila, master=cast.anna, starts_at=local(TODAY + DAY, 10), services=[cast.lashes]
    )
    reserve_voucher(voucher=kept, appointment=visit, now=NOW)

    assert campaign_figures([campaign], TODAY)[campaign.pk] == CampaignFigures(
        issued=5, redeemed=1, kept=1, expired=0, revoked=0, paid=Decimal(80), saved=Decimal(20)
    )
    assert campaign_figures([campaign], TODAY + 31 * DAY)[campaign.pk].expired == 3

    # what hangs on a booking was promised
    assert revoke_unused(campaign=campaign, now=NOW) == 3
    assert revoke_unused(campaign=campaign, now=NOW) == 0
    figures = campaign_figures([campaign], TODAY)[campaign.pk]
    assert (figures.revoked, figures.kept, figures.open) == (3, 1, 0)
    assert why_not(voucher_by_code(open_one.code), client_id=cast.vera.pk, today=TODAY, booked_on=TODAY) == "voided"


def test_one_in_a_clients_own_name_is_given_once(cast):
    campaign = make_campaign(cast)

    voucher = give_from_campaign(campaign=campaign, client=cast.vera, now=NOW)

    assert give_from_campaign(campaign=campaign, client=cast.vera, now=NOW) == voucher
    assert pay(cast.dina, 100, typed=voucher.code).total == Decimal(100)
    # it comes off by itself
    assert pay(cast.vera, 100).total == Decimal(80)


def test_a_booking_at_another_hour_does_not_keep_it(cast):
    voucher = codes_of(make_campaign(cast, weekdays=[2]), 1)[0]
    thursday = make_appointment(
        client=cast.vera, master=cast.anna, starts_at=local(TODAY + DAY, 10), services=[cast.lashes]
    )

    with pytest.raises(VoucherRefused, match="other days of the week"):
        reserve_voucher(voucher=voucher, appointment=thursday, now=NOW)


def test_wrong_codes_are_counted_by_person_and_by_connection(cast):
    desk = Guesser(WrongCode.Door.DESK, "192.0.2.1", user=cast.receptionist)
    colleague = Guesser(WrongCode.Door.DESK, "192.0.2.1", user=cast.owner)
    stranger = Guesser(WrongCode.Door.BOOK, "192.0.2.1")
    vera = Guesser(WrongCode.Door.MY, "192.0.2.9", client=cast.vera)
    for _guess in range(20):
        assert may_try_code(desk, now=NOW)
        note_wrong_code(desk, now=NOW)
        note_wrong_code(vera, now=NOW)

    assert not may_try_code(desk, now=NOW)
    # one at the desk shuts out neither her colleagues nor whoever books over the salon's wireless
    assert may_try_code(colleague, now=NOW)
    assert may_try_code(stranger, now=NOW)
    # a client has her count wherever she goes, and so has a connection whoever it says it is
    assert not may_try_code(Guesser(WrongCode.Door.MY, "192.0.2.8", client=cast.vera), now=NOW)
    assert not may_try_code(Guesser(WrongCode.Door.MY, "192.0.2.9", client=cast.dina), now=NOW)
    assert may_try_code(desk, now=NOW + timedelta(hours=1))
    seen = guess_suspicions(NOW - DAY)
    assert {(each.door, each.user_id, each.client_id, each.times) for each in seen} == {
        ("desk", cast.receptionist.pk, None, 20),
        ("my", None, cast.vera.pk, 20),
    }
    assert not WrongCode.objects.filter(connection__contains="192.0.2").exists()


@pytest.mark.walk
def test_of_10_000_guesses_in_an_hour_twenty_are_looked_at(cast):
    """trust.md, S8"""
    codes_of(make_campaign(cast), 1)
    stranger, looked_at = Guesser(WrongCode.Door.BOOK, "192.0.2.1"), 0

    for number in range(10_000):
        at = NOW + timedelta(milliseconds=300 * number)
        if may_try_code(stranger, now=at):
            looked_at += 1
            assert voucher_by_code(f"{number:010d}") is None
            note_wrong_code(stranger, now=at)

    assert looked_at == WrongCode.objects.count() == 20
