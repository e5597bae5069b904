"""Vouchers: once, in their window, for whom they are (rules.md, Vouchers)."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from crm.booking.models import Appointment, AppointmentEvent
from crm.booking.services import cancel_appointment
from loyalty.points.services import KeyReused
from loyalty.vouchers.models import Voucher, VoucherEvent
from loyalty.vouchers.selectors import had_voucher_since, open_vouchers, voucher_by_code, voucher_by_key, why_not
from loyalty.vouchers.services import (
    VoucherRefused,
    issue_voucher,
    prolong_voucher,
    redeem_voucher,
    reserve_voucher,
    settle_reservations,
    void_voucher,
)
from tests.factories import NOW, TODAY, Cast, local, make_appointment
from tests.loyalty.till import bare_sale, give_back, pay, rules

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def win_back(cast: Cast, key: str = "win-back", **changes) -> Voucher:
    terms = {
        "client": cast.vera,
        "branch": cast.branch,
        "kind": "win_back",
        "percent": 50,
        "services_only": True,
        "book_until": TODAY + 30 * DAY,
        "valid_from": TODAY,
        "valid_until": TODAY + 60 * DAY,
        "now": NOW,
    }
    return issue_voucher(key=key, **(terms | changes))


def visit(cast: Cast, on: date, **fields) -> Appointment:
    return make_appointment(
        client=cast.vera, master=cast.anna, starts_at=local(on, 10), services=[cast.lashes], **fields
    )


def refusal(voucher: Voucher, cast: Cast, *, today: date = TODAY, booked_on: date = TODAY, **who) -> str:
    voucher.refresh_from_db()
    return why_not(voucher, client_id=who.get("client_id", cast.vera.pk), today=today, booked_on=booked_on)


def test_same_fact_gives_the_same_voucher(cast):
    voucher = win_back(cast)

    assert win_back(cast) == voucher
    assert voucher_by_key("win-back") == voucher
    assert voucher_by_code(voucher.code.lower()) == voucher
    with pytest.raises(KeyReused):
        win_back(cast, client=cast.dina)
    assert Voucher.objects.count() == 1


def test_both_days_of_the_window_are_included(cast):
    voucher = win_back(cast, valid_from=TODAY + DAY, valid_until=TODAY + 2 * DAY)

    found = [refusal(voucher, cast, today=TODAY + days * DAY) for days in range(4)]

    assert found == ["too_early", "", "", "over"]


def test_last_day_for_booking_is_included(cast):
    voucher = win_back(cast)

    assert refusal(voucher, cast, today=TODAY + 50 * DAY, booked_on=TODAY + 30 * DAY) == ""
    assert refusal(voucher, cast, today=TODAY + 50 * DAY, booked_on=TODAY + 31 * DAY) == "booked_late"


def test_personal_voucher_serves_its_client_only(cast):
    voucher = win_back(cast)

    assert refusal(voucher, cast, client_id=cast.dina.pk) == "other_client"
    assert refusal(voucher, cast, client_id=None) == "other_client"
    anybody = win_back(cast, key="bearer", client=None)
    assert refusal(anybody, cast, client_id=cast.dina.pk) == ""


def test_voucher_is_redeemed_once(cast):
    voucher = win_back(cast)
    sale = bare_sale(cast.vera, 60)
    redeem_voucher(voucher=voucher, client=cast.vera, sale=sale, now=NOW)

    with pytest.raises(VoucherRefused) as refused:
        redeem_voucher(voucher=voucher, client=cast.vera, sale=bare_sale(cast.vera, 60), now=NOW)

    assert refused.value.reason == "used"
    assert "used already" in str(refused.value)
    voucher.refresh_from_db()
    assert (voucher.redeemed_sale, voucher.redeemed_on) == (sale, TODAY)


def test_reserved_voucher_is_kept_for_its_booking(cast):
    voucher = win_back(cast)
    booked, other = visit(cast, TODAY + 40 * DAY), visit(cast, TODAY + 41 * DAY)
    reserve_voucher(voucher=voucher, appointment=booked, now=NOW)

    with pytest.raises(VoucherRefused, match="another booking"):
        reserve_voucher(voucher=voucher, appointment=other, now=NOW)

    assert refusal(voucher, cast) == "reserved"
    # at the visit it was booked for, the last day for booking no longer matters
    voucher.refresh_from_db()
    on = booked.on
    assert why_not(voucher, client_id=cast.vera.pk, today=on, booked_on=on, appointment_id=booked.pk) == ""


@pytest.mark.parametrize(("days", "reason"), [(60, ""), (61, "over")])
def test_visit_has_to_lie_in_the_window(cast, days, reason):
    voucher, booked = win_back(cast), visit(cast, TODAY + days * DAY)

    if reason:
        with pytest.raises(VoucherRefused) as refused:
            reserve_voucher(voucher=voucher, appointment=booked, now=NOW)
        assert refused.value.reason == reason
    else:
        assert reserve_voucher(voucher=voucher, appointment=booked, now=NOW).reserved_for == booked


def test_reserving_after_the_last_day_for_booking_is_refused(cast):
    voucher, booked = win_back(cast), visit(cast, TODAY + 40 * DAY)

    with pytest.raises(VoucherRefused) as refused:
        reserve_voucher(voucher=voucher, appointment=booked, now=NOW + 31 * DAY)

    assert refused.value.reason == "booked_late"


def test_cancelled_by_her_it_is_free_again(cast):
    voucher, booked = win_back(cast), visit(cast, TODAY + 40 * DAY)
    reserve_voucher(voucher=voucher, appointment=booked, now=NOW)
    cancel_appointment(appointment=booked, now=NOW, by=Appointment.By.CLIENT, via=AppointmentEvent.Via.LINK)

    assert settle_reservations(now=NOW + DAY, rules=rules()) == 1

    assert refusal(voucher, cast) == ""
    assert voucher.valid_until == TODAY + 60 * DAY


def test_cancelled_by_the_salon_it_is_prolonged(cast):
    voucher, booked = win_back(cast), visit(cast, TODAY + 40 * DAY)
    reserve_voucher(voucher=voucher, appointment=booked, now=NOW)
    cancel_appointment(appointment=booked, now=NOW, by=Appointment.By.SALON, via=AppointmentEvent.Via.DESK)
    # the desk may still undo it
    assert settle_reservations(now=NOW + timedelta(minutes=9), rules=rules()) == 0

    assert settle_reservations(now=NOW + timedelta(minutes=10), rules=rules()) == 1
    assert settle_reservations(now=NOW + timedelta(minutes=15), rules=rules()) == 0

    voucher.refresh_from_db()
    assert (voucher.valid_until, voucher.book_until) == (TODAY + 90 * DAY, TODAY + 60 * DAY)
    assert list(VoucherEvent.objects.order_by("pk").values_list("kind", flat=True)) == [
        "issued", "reserved", "released", "prolonged",
    ]  # fmt: skip


def test_second_win_back_prolongs_the_same_voucher(cast):
    voucher = prolong_voucher(voucher=win_back(cast), days=30, now=NOW + 45 * DAY)

    assert (voucher.valid_until, voucher.book_until, voucher.prolonged_days) == (
        TODAY + 90 * DAY,
        TODAY + 60 * DAY,
        30,
    )


def test_used_voucher_is_not_prolonged(cast):
    voucher = win_back(cast)
    redeem_voucher(voucher=voucher, client=cast.vera, sale=bare_sale(cast.vera, 60), now=NOW)

    assert prolong_voucher(voucher=voucher, days=30, now=NOW).valid_until == TODAY + 60 * DAY


def test_withdrawn_voucher_is_refused(cast):
    voucher = win_back(cast)

    assert void_voucher(voucher=voucher, now=NOW)

    assert refusal(voucher, cast) == "voided"
    assert list(open_vouchers(cast.vera, TODAY)) == []


def test_refund_gives_the_voucher_back_with_its_days(cast):
    voucher = win_back(cast)
    used = NOW + 50 * DAY
    booked = visit(cast, TODAY + 50 * DAY, booked_on=TODAY)
    sale = pay(cast.vera, 60, service=cast.lashes, now=used, appointment=booked)
    assert sale.total == Decimal(30)

    give_back(sale, now=used + 20 * DAY)

    # ten days were left when it was used: ten days from the refund
    voucher.refresh_from_db()
    assert (voucher.redeemed_sale, voucher.valid_until) == (None, TODAY + 80 * DAY)


def test_voucher_stays_used_while_a_part_of_what_it_paid_is_kept(cast):
    voucher = win_back(cast)
    sale = pay(cast.vera, 60, 40, service=cast.lashes)

    give_back(sale, lines=[0])
    voucher.refresh_from_db()
    assert voucher.redeemed_sale == sale

    give_back(sale, lines=[1])
    voucher.refresh_from_db()
    assert voucher.redeemed_sale is None


def test_win_back_of_the_last_year_is_found(cast):
    win_back(cast)

    ids = [cast.vera.pk, cast.dina.pk]
    assert had_voucher_since(ids, "win_back", TODAY) == {cast.vera.pk}
    assert had_voucher_since(ids, "win_back", TODAY + DAY) == set()


def test_database_holds_one_benefit_each(cast):
    for changes in ({"percent": 101}, {"percent": 0}, {"percent": 10, "amount": Decimal(5)}):
        voucher = win_back(cast, key="fresh")
        for name, value in changes.items():
            setattr(voucher, name, value)
        with pytest.raises(IntegrityError), transaction.atomic():
            voucher.save()
