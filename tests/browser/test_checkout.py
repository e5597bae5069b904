"""Checkout on a phone, by taps: a usual visit with points and the next one booked (look.md, Speed of use)."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from crm.booking.models import Appointment
from crm.booking.services import refresh_pulses
from crm.sales.models import Sale
from loyalty.cards.services import issue_card
from loyalty.gifts.models import Gift, GiftGiven, GiftPot
from tests.browser.looking import too_small, too_wide
from tests.factories import make_appointment, make_cast
from tests.loyalty.till import held, pay, rules

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def salon():
    now = timezone.now()
    # where it is about two in the afternoon now: a visit that began 80 minutes ago is of today at any hour
    cast = make_cast()
    cast.branch.time_zone = f"Etc/GMT{now.hour - 14:+d}"
    cast.branch.save()
    pay(cast.vera, 400, now=now - timedelta(days=28), service=cast.lashes)
    visit = make_appointment(
        client=cast.vera,
        master=cast.anna,
        starts_at=now - timedelta(minutes=80),
        services=[cast.lashes],
        status=Appointment.Status.IN_PROGRESS,
    )
    refresh_pulses(client_ids=[cast.vera.pk], now=now)
    return cast, visit


@pytest.fixture
def as_anna(page, live_server, client, salon):
    cast, _visit = salon
    client.force_login(cast.user_of(cast.anna))
    page.context.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}]
    )
    return page


def test_usual_visit_with_card_points_gift_and_next_visit_takes_four_taps(as_anna, live_server, salon):
    page, (cast, visit) = as_anna, salon
    issue_card(client=cast.vera, now=timezone.now(), rules=rules(gifts_on=True))
    brush = Gift.objects.create(branch=cast.branch, name="Lash brush", cost=Decimal(3), stock=5)
    GiftPot.objects.create(branch=cast.branch, balance=Decimal(10))
    errors = []
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    page.goto(live_server.url + reverse("desk:today"))
    taps = 0

    page.locator(f"a[href='{reverse('desk:checkout', args=[visit.pk])}']").first.tap()
    taps += 1
    page.get_by_role("button", name="Use 20").tap()
    taps += 1
    # 60 less the card's 5 % and 20 points
    expect(page.locator("#checkout-bar")).to_contain_text("37.00")
    # the next visit takes two: the slot, and the button that takes the payment with it and gives what is proposed
    page.locator("#next input[name=next]").first.tap()
    taps += 1
    page.get_by_role("button", name="Take the payment and give it").tap()
    taps += 1

    expect(page.get_by_text("is written")).to_be_visible()
    assert taps == 4
    assert errors == []
    sale = Sale.objects.get(appointment=visit)
    assert dict(sale.payments.values_list("method", "points")) == {"cash": None, "points": 20}
    assert Appointment.objects.filter(client=cast.vera, status=Appointment.Status.BOOKED).count() == 1
    assert GiftGiven.objects.get(sale=sale).gift == brush
    # 20 points before; floor(437 x 5 / 100) = 21 in all, 20 spent
    assert held(cast.vera) == (1, 0)


def test_sum_follows_a_typed_price(as_anna, live_server, salon):
    page, (_cast, visit) = as_anna, salon
    page.goto(live_server.url + reverse("desk:checkout", args=[visit.pk]))

    page.get_by_label("Price: Lashes").fill("72,50")
    page.get_by_label("Price: Lashes").blur()

    expect(page.locator("#checkout-bar")).to_contain_text("72.50")


@pytest.mark.parametrize("language", ["en", "ar"])
def test_page_is_sound_on_a_phone(as_anna, live_server, salon, axe_finds_nothing, language):
    page, (_cast, visit) = as_anna, salon
    page.context.add_cookies([{"name": "django_language", "value": language, "url": live_server.url}])
    page.goto(live_server.url + reverse("desk:checkout", args=[visit.pk]))
    expect(page.locator("#next .slot").first).to_be_visible()

    assert too_wide(page) <= 0
    assert too_small(page) == []
    axe_finds_nothing(page)


def test_receipt_and_refund_are_sound(page, live_server, client, salon, axe_finds_nothing):
    cast, _visit = salon
    client.force_login(cast.receptionist)
    page.context.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}]
    )
    sale = Sale.objects.get(client=cast.vera)
    page.goto(live_server.url + reverse("desk:receipt", args=[sale.pk]))
    axe_finds_nothing(page)

    page.get_by_role("link", name="Return something").tap()
    expect(page.get_by_label("Lashes")).to_be_visible()
    assert too_small(page) == []
    axe_finds_nothing(page)
    page.get_by_label("Lashes").check()
    page.get_by_role("button", name="Give it back").tap()

    expect(page.get_by_text("Returned. Receipt")).to_be_visible()
    assert held(cast.vera) == (0, 0)


def test_without_javascript_it_is_done_by_buttons(browser, browser_context_args, live_server, client, salon):
    cast, visit = salon
    client.force_login(cast.user_of(cast.anna))
    context = browser.new_context(**browser_context_args, java_script_enabled=False)
    context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}])
    page = context.new_page()
    page.goto(live_server.url + reverse("desk:checkout", args=[visit.pk]))

    page.get_by_role("button", name="Show free times").tap()
    page.locator("#next input[name=next]").first.tap()
    page.get_by_role("button", name="Use 20").tap()
    # what was tapped is still tapped after the round
    expect(page.locator("#next input:checked")).to_have_count(1)
    page.get_by_role("button", name="Take the payment").tap()

    expect(page.get_by_text("is written")).to_be_visible()
    assert Sale.objects.filter(appointment=visit).count() == 1
    context.close()
