"""From the order to the hand-over with a slip in between; and out of stock, still helped (practices.md, P34 to P36)."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client as Browser

from crm.catalogue.services import rebuild_stock
from crm.orders.models import Order, OrderEvent, StockHelp
from crm.orders.services import accept_order
from crm.reports.selectors.shop import shop_report
from crm.reports.selectors.standing import On
from crm.sales.models import Sale
from reminders.journeys.services.planning import plan_due
from reminders.messages.destinations import link_of
from reminders.messages.models import Kind, Message
from reminders.messages.rendering import render
from tests.crm.desk.test_orders import hidden
from tests.factories import NOW, TODAY, make_product

pytestmark = pytest.mark.django_db
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)


def heard(now) -> Message:
    """The last message planned up to now; it counts as sent."""
    plan_due(now=now)
    (message,) = Message.objects.filter(state="planned")
    Message.objects.filter(pk=message.pk).update(state="sent", sent_at=now, sent_on=now.date())
    return message


def post(user, now, url: str, sent: dict):
    browser = Browser()
    browser.force_login(user)
    with time_machine.travel(now, tick=False):
        return browser.post(url, sent)


def her_page(message: Message, now) -> str:
    with time_machine.travel(now, tick=False):
        link = link_of(message, today=now.date()).removeprefix("http://testserver")
        page = Browser().get(link, follow=True)
        assert page.status_code == 200
        return " ".join(page.content.decode().split())


def test_an_order_slips_once_and_is_handed_over(cast):
    serum = make_product(branch=cast.branch, name="Serum", price=20, stock=0, cost=8)
    front = cast.receptionist
    promised = TODAY + 7 * DAY
    post(front, NOW, "/orders/new/", {"client": cast.vera.pk, "product": serum.pk, "quantity": "1",
                                      "promised_on": promised.isoformat(), "key": "k"})  # fmt: skip
    order = Order.objects.get()
    accepted = heard(NOW)
    assert "We have written your order down." in render(accepted, now=NOW).text
    assert "17 June" in her_page(accepted, NOW)

    post(front, NOW + 2 * DAY, f"/orders/{order.pk}/stage/", {"stage": "ordered"})
    assert "It is ordered from the supplier." in render(heard(NOW + 2 * DAY + 10 * MINUTE), now=NOW + 2 * DAY).text
    slipped = NOW + 4 * DAY
    post(front, slipped, f"/orders/{order.pk}/late/",
         {"promised_on": (TODAY + 12 * DAY).isoformat(), "reason": "The supplier sent the wrong shade."})  # fmt: skip
    assert Message.objects.filter(kind=Kind.ORDER_LATE).count() == 0
    post(front, slipped + MINUTE, f"/orders/steps/{OrderEvent.objects.get(kind='late').pk}/tell/", {})
    late = heard(slipped + MINUTE)
    text = render(late, now=slipped).text
    assert ("Monday, 22 June" in text, "Wednesday, 17 June" in text, "wrong shade" in text) == (True, True, True)
    assert "wrong shade" in her_page(late, slipped + MINUTE)

    here = NOW + 11 * DAY
    post(front, here, f"/orders/{order.pk}/stage/", {"stage": "arrived"})
    assert "waits for you" in render(heard(here + 10 * MINUTE), now=here).text
    till = f"/checkout/new/?client={cast.vera.pk}&order={order.pk}"
    browser = Browser()
    browser.force_login(front)
    with time_machine.travel(here + DAY, tick=False):
        sent = hidden(browser.get(till).content.decode())
        browser.post(till, sent | {"step": "complete"})
    assert "It is yours now." in render(heard(here + DAY), now=here + DAY).text

    order.refresh_from_db()
    serum.refresh_from_db()
    assert (order.stage, order.sale, serum.stock, rebuild_stock()) == ("handed_over", Sale.objects.get(), 0, [])
    report = shop_report(On.of(None, here + 2 * DAY), TODAY, TODAY + 30 * DAY)
    assert {name: report[name] for name in ("orders", "handed_over", "in_time", "late", "open_now")} == {
        "orders": 1, "handed_over": 1, "in_time": 0, "late": 1, "open_now": 0,
    }  # fmt: skip
    # 20 less the 8 that it cost
    assert [(row["product"], row["sold"], row["brought"], row["margin"]) for row in report["products"]] == [
        (serum.code, 1, 20, 12)
    ]


def test_what_is_not_here_is_found_elsewhere_and_she_hears_when_it_is_back(cast):
    serum = make_product(branch=cast.branch, name="Serum", price=20, stock=0)
    front = cast.user_of(cast.anna)
    post(front, NOW, "/orders/elsewhere/", {"client": cast.vera.pk, "product": serum.pk, "wants_word": "on",
         "place": ["Petal", "Iris", "Corner"], "address": ["Example Street 2", "", ""], "price": ["19", "", ""]})  # fmt: skip
    told = render(heard(NOW), now=NOW).text
    assert all(name in told for name in ("Petal, Example Street 2", "Iris", "Corner"))

    post(cast.receptionist, NOW + 3 * DAY, "/supply/delivery/", {f"number-{serum.pk}": "4", "key": "d"})

    assert "Serum is back on our shelf" in render(heard(NOW + 3 * DAY), now=NOW + 3 * DAY).text
    post(cast.receptionist, NOW + 5 * DAY, "/supply/delivery/", {f"number-{serum.pk}": "4", "key": "e"})
    plan_due(now=NOW + 5 * DAY)
    assert Message.objects.filter(kind=Kind.BACK_IN_STOCK).count() == 1
    report = shop_report(On.of(None, NOW + 6 * DAY), TODAY, TODAY + 30 * DAY)
    assert (report["helped"], report["sent"], report["wishes"]) == (1, 1, 1)
    assert StockHelp.objects.get().client == cast.vera


def test_report_counts_what_is_overdue_and_what_was_called_off(cast):
    serum = make_product(branch=cast.branch, price=20)
    for key in ("a", "b"):
        accept_order(client=cast.vera, product=serum, branch=cast.branch, quantity=1, price=serum.price,
                     promised_on=TODAY + 2 * DAY, now=NOW, user=None, key=key)  # fmt: skip
    first = Order.objects.order_by("pk").first()
    post(cast.receptionist, NOW + DAY, f"/orders/{first.pk}/call-off/", {"reason": "Found it"})

    report = shop_report(On.of(None, NOW + 5 * DAY), TODAY, TODAY + 30 * DAY)

    assert {name: report[name] for name in ("orders", "called_off", "late", "open_now", "overdue", "share")} == {
        "orders": 2, "called_off": 1, "late": 1, "open_now": 1, "overdue": 1, "share": None,
    }  # fmt: skip
