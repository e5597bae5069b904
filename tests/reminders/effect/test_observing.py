"""What counts of a client's 30 days, worked by hand on one who was written to."""

from datetime import datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from crm.booking.models import Appointment
from crm.catalogue.models import Product
from crm.sales.models import Sale, SaleLine
from loyalty.gifts.models import Gift, GiftGiven
from loyalty.vouchers.models import Voucher
from reminders.effect.selectors.effects import effect_of, expected
from reminders.effect.selectors.observing import Series, observe
from reminders.messages.models import Kind
from tests.factories import NOW, TODAY, local, make_appointment, make_client, make_hours, make_master, make_visit
from tests.reminders.cast import give_win_back, make_message

pytestmark = pytest.mark.django_db

HERE = ZoneInfo("Europe/Sarajevo")
# 11:00 in Sarajevo, forty days ago
WENT = NOW - timedelta(days=40)
SINCE = NOW - timedelta(days=90)


def written_to(cast, **fields):
    client = make_client(branch=cast.branch)
    return client, make_message(
        client, Kind.WIN_BACK, now=WENT, **{"state": "sent", "sent_at": WENT, "cost": Decimal("0.10")} | fields
    )


def paid(client, at: datetime, amount: int, **fields) -> Sale:
    on = at.astimezone(HERE).date()
    make_visit(client, on)
    return Sale.objects.create(
        branch=client.branch,
        client=client,
        code=f"r{Sale.objects.count()}",
        on=on,
        sold_at=at,
        total=amount,
        paid=amount,
        **fields,
    )


def line(sale, full: int, **fields) -> SaleLine:
    fields = {"discount_amount": 0, "position": sale.lines.count(), "quantity": 1} | fields
    return SaleLine.objects.create(
        sale=sale, full_amount=full, amount=Decimal(full) - Decimal(fields["discount_amount"]), **fields
    )


def of_one(cast):
    (one,) = observe(Series(Kind.WIN_BACK), since=SINCE, until=NOW, zone=HERE)
    return one


def test_her_thirty_days_begin_with_her_own_hour_and_end_with_it(cast):
    client, _message = written_to(cast)
    minute = timedelta(minutes=1)
    paid(client, WENT - minute, 1)
    paid(client, WENT + timedelta(days=12), 2)
    paid(client, WENT + timedelta(days=30) - minute, 4)
    late, _message = written_to(cast)
    paid(late, WENT + timedelta(days=30), 16)

    found = observe(Series(Kind.WIN_BACK), since=SINCE, until=NOW, zone=HERE)

    assert [(each.paid, each.visits) for each in found] == [(6, 2), (0, 0)]


def test_margin_is_paid_less_goods_gifts_and_messages(cast):
    client, _message = written_to(cast)
    at = WENT + timedelta(days=3)
    sale = paid(client, at, 100)
    cream = Product.objects.create(branch=cast.branch, code="C", name="Cream", price=20, cost=Decimal("7.50"))
    line(sale, 60, service=cast.lashes)
    line(sale, 40, product=cream, quantity=2)
    gift = Gift.objects.create(branch=cast.branch, name="Soap", cost=3, stock=2)
    for taken_back_at in (None, at):
        GiftGiven.objects.create(
            gift=gift,
            kind="gift",
            client=client,
            branch=cast.branch,
            cost=3,
            given_at=at,
            on=at.date(),
            taken_back_at=taken_back_at,
        )
    # a return a week later counts on its own day: 20 back, and a pot of cream with it
    back = Sale.objects.create(
        branch=cast.branch, client=client, code="back", on=at.date() + timedelta(days=7),
        sold_at=at + timedelta(days=7), total=-20, paid=-20, refund_of=sale,
    )  # fmt: skip
    line(back, -20, product=cream, quantity=-1)

    one = of_one(cast)

    # 80 paid, one pot at 7.50, one soap at 3, one letter at 0.10
    assert (one.paid, one.goods, one.gifts, one.messages) == (80, Decimal("7.50"), 3, Decimal("0.10"))
    assert (one.margin, one.visits) == (Decimal("69.40"), 1)


def test_imported_and_dropped_ones_and_a_second_of_hers_are_not_compared(cast):
    client, _message = written_to(cast)
    make_message(client, Kind.WIN_BACK, now=WENT + timedelta(days=9), state="sent", sent_at=WENT + timedelta(days=9))
    written_to(cast, is_imported=True)
    written_to(cast, state="dropped", sent_at=None)

    assert [(each.client, each.at) for each in observe(Series(Kind.WIN_BACK), since=SINCE, until=NOW, zone=HERE)] == [
        (client.pk, WENT)
    ]


def test_a_journey_is_compared_only_on_days_between_those_held_back(cast):
    def at(day: int, *, held: bool = False) -> int:
        when = WENT + timedelta(days=day)
        client, _message = written_to(
            cast, send_at=when, state="control" if held else "sent", sent_at=None if held else when
        )
        return client.pk

    at(-5)
    first, inside, last = at(0, held=True), at(3), at(5, held=True)
    at(6)

    found = observe(Series(Kind.WIN_BACK), since=SINCE, until=NOW, zone=HERE)

    assert [each.client for each in found] == [first, inside, last]


@pytest.mark.parametrize(("hour", "price"), [(9, 80), (11, 0)])
def test_a_voucher_in_an_hour_that_fills_up_is_charged_at_full_price(cast, hour, price):
    # a chair of its own: Mondays 9 to 12, of which 9 o'clock was always taken
    monday = TODAY - timedelta(days=2)
    boss = make_master(branch=cast.branch, hours=None)
    make_hours(boss, time(9), time(12), weekdays=[0])
    cast.anna.working_hours.all().delete()
    cast.boris.working_hours.all().delete()
    for week in range(12):
        make_appointment(
            client=cast.vera, master=boss, starts_at=local(monday - timedelta(weeks=week), 9), minutes=60, status="done"
        )
    client, message = written_to(cast)
    at = local(monday - timedelta(weeks=4), hour)
    visit = make_appointment(
        client=client,
        master=cast.anna,
        starts_at=at,
        minutes=60,
        status=Appointment.Status.DONE,
        services=[cast.lashes],
    )
    sale = paid(client, at, 40, appointment=visit)
    line(sale, 80, service=cast.lashes, discount_kind="voucher", discount_amount=40)
    voucher = give_win_back(cast, message)
    Voucher.objects.filter(pk=voucher.pk).update(redeemed_sale=sale, redeemed_at=at, redeemed_on=at.date())

    effect, _observed = effect_of(Series(Kind.WIN_BACK), since=SINCE, until=NOW, now=NOW)

    assert (effect.discounts, effect.displaced_price, effect.displaced) == (40, price, bool(price))


def test_too_few_let_nothing_be_expected(cast):
    written_to(cast)

    assert expected(Kind.WIN_BACK, now=NOW) is None
