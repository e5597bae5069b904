"""An order on a phone: taken, slipped, paid ahead, arrived, handed over at the till (practices.md, P35)."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from crm.orders.models import Order
from crm.sales.models import Sale
from crm.team.selectors import branch_day
from tests.browser.looking import look_for, too_small, too_wide
from tests.factories import make_cast, make_product

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def salon():
    """A serum at 20 that is not on the shelf; it is about noon."""
    cast = make_cast()
    cast.branch.time_zone = f"Etc/GMT{timezone.now().hour - 12:+d}"
    cast.branch.save()
    return cast, make_product(branch=cast.branch, name="Serum", price=20, stock=0)


def test_taken_slipped_paid_ahead_and_handed_over(page, live_server, client, salon, axe_finds_nothing):
    cast, serum = salon
    today = branch_day(cast.branch, timezone.now())
    client.force_login(cast.receptionist)
    cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}
    page.context.add_cookies([cookie])
    page.goto(live_server.url + reverse("desk:product", args=[serum.pk]))
    page.get_by_role("link", name="Order for somebody").tap()
    look_for(page, "Vera")
    page.locator("#found").get_by_text("Vera Example").tap()
    # what she was shown is still chosen
    expect(page.get_by_label("What does she want?")).to_have_value(str(serum.pk))
    page.get_by_label("Promised for").fill((today + timedelta(days=5)).isoformat())
    axe_finds_nothing(page)
    page.get_by_role("button", name="Take the order").tap()

    ordered = page.get_by_role("button", name="Ordered", exact=True)
    ordered.tap()
    expect(ordered).to_have_count(0)
    page.get_by_text("It takes longer").first.tap()
    page.get_by_label("The new day").fill((today + timedelta(days=9)).isoformat())
    page.get_by_label("Why does it take longer?").fill("The wrong shade came")
    page.get_by_role("button", name="Tell her", exact=True).tap()
    expect(page.get_by_text("The wrong shade came")).to_be_visible()
    page.get_by_role("link", name="Take money ahead").tap()
    page.get_by_label("How much?").fill("5")
    page.get_by_role("button", name="Take the money").tap()
    expect(page.get_by_text("is paid ahead and comes off at the till")).to_be_visible()
    page.get_by_role("button", name="Arrived", exact=True).tap()
    hand_over = page.get_by_role("link", name="Hand it over at the till")
    expect(hand_over).to_be_visible()
    axe_finds_nothing(page)
    assert too_small(page) == []

    hand_over.tap()
    expect(page.locator(".action-bar .sum")).to_contain_text("15.00")
    # the cross stands in the line of what it takes off
    name, cross = (
        page.locator(".receipt-line .grow").bounding_box(),
        page.locator(".receipt-line .btn-icon").bounding_box(),
    )
    assert cross["y"] < name["y"] + name["height"]
    page.get_by_role("button", name="Take the payment", exact=True).tap()
    expect(page.get_by_text("is written")).to_be_visible()
    assert too_wide(page) <= 0
    order = Order.objects.get()
    assert (order.stage, order.sale) == ("handed_over", Sale.objects.get())
