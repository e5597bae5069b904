"""What a client hears of her order, of what was not there, and of what may be running out (rules.md, When; P34 to P36)."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from crm.orders.models import OrderEvent
from crm.orders.services import advance, book_in, call_off, promise_anew, tell_now, undo_step
from crm.sales.models import Payment
from crm.sales.services import LineFact, PaymentFact, ReturnFact, complete_sale, refund_sale
from reminders.consent.models import ContactPermission
from reminders.journeys.models import Journey
from reminders.journeys.services.planning import plan_due, watch_everybody
from reminders.messages.models import Kind, Message
from tests.factories import NOW, TODAY, make_product, make_visit
from tests.reminders.cast import make_order, make_stock_help

pytestmark = pytest.mark.django_db
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
SARAJEVO = ZoneInfo("Europe/Sarajevo")


def at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=SARAJEVO).astimezone(ZoneInfo("UTC"))


def planned(now: datetime) -> list[tuple[str, str, str]]:
    """What was planned up to now: kind, state, and the reason of its state."""
    plan_due(now=now)
    return list(Message.objects.order_by("send_at", "pk").values_list("kind", "state", "state_reason"))


def test_each_stage_is_told_and_a_slip_with_its_reason(cast):
    order, _accepted = make_order(cast, cast.vera)
    assert planned(NOW) == [("order_stage", "planned", "")]
    order.refresh_from_db()
    Message.objects.update(state="sent", sent_at=NOW, sent_on=TODAY)

    promise_anew(order=order, promised_on=TODAY + 9 * DAY, reason="Wrong shade.", now=NOW + MINUTE, user=None)
    # held for ten minutes, so that it can be taken back
    assert len(planned(NOW + 10 * MINUTE)) == 1
    assert planned(NOW + 11 * MINUTE)[1:] == [("order_late", "planned", "")]


def test_step_taken_back_is_not_told_and_one_let_go_is_told_at_once(cast):
    order, _accepted = make_order(cast, cast.vera)
    plan_due(now=NOW)
    Message.objects.update(state="sent", sent_at=NOW, sent_on=TODAY)
    slip = advance(order=order, stage="on_the_way", now=NOW + MINUTE, user=None)
    undo_step(event=slip, now=NOW + 2 * MINUTE, user=None)
    assert len(planned(NOW + 20 * MINUTE)) == 1

    arrived = advance(order=order, stage="arrived", now=NOW + 30 * MINUTE, user=None)
    tell_now(event=arrived, now=NOW + 31 * MINUTE)

    assert planned(NOW + 31 * MINUTE)[1:] == [("order_stage", "planned", "")]


def test_stage_that_was_passed_meanwhile_is_not_told(cast):
    order, _accepted = make_order(cast, cast.vera)
    plan_due(now=NOW)
    Message.objects.update(state="sent", sent_at=NOW, sent_on=TODAY)
    advance(order=order, stage="ordered", now=NOW + MINUTE, user=None)
    call_off(order=order, reason="She found it herself", now=NOW + 5 * MINUTE, user=None)

    plan_due(now=NOW + 20 * MINUTE)

    step = OrderEvent.objects.get(kind="called_off")
    assert list(Message.objects.filter(state="planned").values_list("occasion", flat=True)) == [f"{order.pk}/{step.pk}"]


def test_orders_are_told_at_night_and_what_is_back_waits_for_the_morning(cast):
    night = at(TODAY, 22)
    given = make_stock_help(cast, cast.dina, now=night - DAY)
    assert planned(night - DAY) == [("other_places", "planned", "")]
    make_order(cast, cast.vera, now=night)
    book_in(branch=cast.branch, quantities={given.product_id: 2}, now=night, user=None)

    assert [kind for kind, *_rest in planned(night)] == ["other_places", "order_stage"]
    assert [kind for kind, *_rest in planned(at(TODAY + DAY, 9))] == ["other_places", "order_stage", "back_in_stock"]
    # a second delivery is no second message
    book_in(branch=cast.branch, quantities={given.product_id: 2}, now=at(TODAY + DAY, 10), user=None)
    assert len(planned(at(TODAY + DAY, 10))) == 3


def test_what_is_sold_out_again_is_not_said_to_be_back(cast):
    given = make_stock_help(cast, cast.dina, now=at(TODAY, 20))
    book_in(branch=cast.branch, quantities={given.product_id: 1}, now=at(TODAY, 21), user=None)
    buy(cast.vera, given.product, at(TODAY, 21, 30))

    assert [kind for kind, *_rest in planned(at(TODAY + DAY, 9))] == ["other_places"]


def buy(client, product, now: datetime, number: int = 1):
    return complete_sale(
        branch=client.branch,
        client=client,
        lines=[LineFact(full_amount=Decimal(20) * number, product=product, quantity=Decimal(number))],
        payments=[PaymentFact(Payment.Method.CASH, Decimal(20) * number)],
        now=now,
    )


@pytest.fixture
def oil(cast):
    """Lasts sixty days; the journeys are on, and Vera has agreed to offers by e-mail."""
    for kind in (Kind.USED_UP, Kind.DUE_SOON):
        Journey.objects.update_or_create(kind=kind, defaults={"is_on": True, "on_since": NOW - 400 * DAY})
    ContactPermission.objects.update_or_create(client=cast.vera, defaults={"marketing_email": True})
    return make_product(branch=cast.branch, name="Oil", price=20, lasts_days=60)


def used_up() -> list[tuple[str, datetime]]:
    rows = Message.objects.filter(kind=Kind.USED_UP, state="planned").order_by("send_at")
    return list(rows.values_list("occasion", "send_at"))


def look(*moments: datetime) -> None:
    for moment in moments:
        watch_everybody(now=moment)
        plan_due(now=moment)


def test_used_up_goes_at_noon_sixty_days_after_the_sale(cast, oil):
    buy(cast.vera, oil, NOW)
    day = TODAY + 60 * DAY
    look(NOW)

    look(at(day, 11, 59))
    assert used_up() == []
    look(at(day, 12))

    assert used_up() == [(day.isoformat(), at(day, 12))]


def test_bought_again_or_brought_back_it_is_not_asked_about(cast, oil):
    brush = make_product(branch=cast.branch, name="Brush", price=20, lasts_days=60)
    buy(cast.vera, oil, NOW)
    sale = buy(cast.vera, brush, NOW)
    refund_sale(sale=sale, returns=[ReturnFact(sale.lines.get(), Decimal(1))], now=NOW + DAY)
    buy(cast.vera, oil, NOW + 20 * DAY)
    look(NOW + 20 * DAY, at(TODAY + 60 * DAY, 12))
    assert used_up() == []

    look(at(TODAY + 80 * DAY, 12))

    assert [occasion for occasion, _at in used_up()] == [(TODAY + 80 * DAY).isoformat()]


def test_used_up_without_consent_to_offers_is_not_said(cast, oil):
    ContactPermission.objects.filter(client=cast.vera).update(marketing_email=False)
    buy(cast.vera, oil, NOW)

    look(NOW, at(TODAY + 60 * DAY, 12), at(TODAY + 74 * DAY, 12, 1))

    assert used_up() == []
    assert Message.objects.get(kind=Kind.USED_UP).state_reason == "no_channel"


def test_used_up_goes_with_the_invitation_of_that_day(cast, oil):
    # her rhythm is 30 days for want of another, so she is invited 25 days after it
    last = TODAY + 35 * DAY
    buy(cast.vera, oil, NOW)
    make_visit(cast.vera, last, services=[cast.lashes])
    day = TODAY + 60 * DAY
    look(NOW, at(last, 12))

    look(at(day, 11))

    invitation = Message.objects.get(kind=Kind.DUE_SOON, state="planned")
    assert used_up() == [(day.isoformat(), at(day, 11))]
    assert Message.objects.get(kind=Kind.USED_UP).sent_with == invitation
