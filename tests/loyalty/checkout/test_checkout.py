"""A checkout is one step: all of it or nothing, and its visit is told once."""

from datetime import timedelta
from decimal import Decimal

import pytest

from crm.booking.models import Appointment, AppointmentEvent, Visit, VisitItem
from crm.booking.services import NotToday, SlotTaken, finish_visit
from crm.sales.models import Sale
from loyalty.checkout.offers import CheckoutLine
from loyalty.checkout.services import NextVisit, SumChanged, complete_checkout
from loyalty.partners.models import Partner, PartnerEvent
from loyalty.partners.services import make_batch
from loyalty.points.models import LedgerEntry
from loyalty.vouchers.services import issue_voucher
from tests.factories import NOW, TODAY, Cast, local, make_appointment, make_product
from tests.loyalty.till import give_back, held, pay, rules

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def visit(cast: Cast, starts_at=NOW, **fields) -> Appointment:
    return make_appointment(client=cast.vera, master=cast.anna, starts_at=starts_at, services=[cast.lashes], **fields)


def check_out(cast: Cast, appointment: Appointment, *extra: CheckoutLine, **options) -> Sale:
    options.setdefault("key", f"k {appointment.pk}")
    return complete_checkout(
        branch=cast.branch,
        client=cast.vera,
        lines=[CheckoutLine(price=Decimal(60), service=cast.lashes, master=cast.anna), *extra],
        now=NOW,
        user=cast.user_of(cast.anna),
        appointment=appointment,
        **options,
    )


@pytest.mark.parametrize("finished_before", [False, True])
def test_visit_is_told_once_with_what_was_sold(cast, finished_before):
    appointment, serum = visit(cast), make_product(branch=cast.branch)
    if finished_before:
        finish_visit(appointment=appointment, now=NOW, via=AppointmentEvent.Via.DESK)

    check_out(cast, appointment, CheckoutLine(price=Decimal(20), product=serum))

    items = VisitItem.objects.order_by("pk").values_list("service", "product", "master")
    assert list(items) == [(cast.lashes.pk, None, cast.anna.pk), (None, serum.pk, None)]
    day = Visit.objects.get()
    assert (day.on, day.is_paid, day.counts) == (TODAY, True, True)
    cast.vera.refresh_from_db()
    assert (cast.vera.pulse.visit_days, cast.vera.pulse.last_counting_on) == (1, TODAY)


def test_what_is_paid_a_day_later_makes_two_days(cast):
    check_out(cast, visit(cast, NOW - DAY))

    assert sorted(Visit.objects.values_list("on", flat=True)) == [TODAY - DAY, TODAY]


def test_taken_slot_leaves_nothing_behind(cast):
    rules()
    pay(cast.vera, 1000, now=NOW - 30 * DAY)
    voucher = issue_voucher(
        client=cast.vera, branch=cast.branch, kind="offer", percent=10, key="v", now=NOW,
        valid_from=TODAY, valid_until=TODAY,
    )  # fmt: skip
    appointment, wanted = visit(cast), local(TODAY + 28 * DAY, 10)
    make_appointment(client=cast.dina, master=cast.anna, starts_at=wanted, services=[cast.lashes])
    entries = LedgerEntry.objects.count()

    with pytest.raises(SlotTaken):
        check_out(cast, appointment, points_to_pay=20, next_visit=NextVisit(wanted, cast.anna, [cast.lashes]))

    appointment.refresh_from_db()
    voucher.refresh_from_db()
    assert (appointment.status, voucher.redeemed_at) == (Appointment.Status.BOOKED, None)
    assert (held(cast.vera), LedgerEntry.objects.count()) == ((50, 0), entries)
    assert not Sale.objects.filter(appointment=appointment).exists()


def test_visit_of_another_day_is_not_taken_yet(cast):
    with pytest.raises(NotToday):
        check_out(cast, visit(cast, NOW + DAY))

    assert not Sale.objects.exists()


def test_sum_that_was_not_shown_is_not_taken(cast):
    with pytest.raises(SumChanged) as changed:
        check_out(cast, visit(cast), expected_due=Decimal(54))

    assert changed.value.quote.due == Decimal(60)
    # money as people write it
    assert "BAM\u00a060.00" in str(changed.value)
    assert not Sale.objects.exists()


def test_voucher_reserved_for_this_visit_is_used_with_it(cast):
    appointment = visit(cast)
    voucher = issue_voucher(
        client=cast.vera, branch=cast.branch, kind="win_back", percent=50, services_only=True, key="v", now=NOW,
        book_until=TODAY - DAY, valid_from=TODAY - 30 * DAY, valid_until=TODAY,
    )  # fmt: skip
    type(voucher).objects.filter(pk=voucher.pk).update(reserved_for=appointment)

    sale = check_out(cast, appointment)

    assert (sale.total, sale.lines.get().discount_kind) == (Decimal(30), "voucher")
    voucher.refresh_from_db()
    assert voucher.redeemed_sale == sale


def test_code_of_a_partners_client_makes_a_visit_cheaper_once(cast):
    rules()
    petal = Partner.objects.create(
        branch=cast.branch, name="Flower shop Petal (made up)", slug="petal", percent_here=10, from_on=TODAY
    )
    code = make_batch(partner=petal, count=1, valid_until=TODAY, now=NOW).codes.get()

    first = check_out(cast, visit(cast), typed=code.code.lower())
    second = pay(cast.dina, 60, typed=code.code)

    # 60 less 10 %; shown again it gives nothing
    assert (first.total, second.total) == (Decimal(54), Decimal(60))
    assert first.lines.get().discount_label == "Flower shop Petal (made up) 10 %"
    assert list(PartnerEvent.objects.values_list("sale", "saved")) == [(first.pk, Decimal(6))]

    give_back(first)

    assert list(PartnerEvent.objects.order_by("pk").values_list("kind", "saved"))[1] == ("returned", Decimal(-6))
