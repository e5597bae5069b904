"""The door: the first page anybody sees."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tests.browser.looking import too_wide

pytestmark = pytest.mark.django_db(transaction=True)


def test_door_has_a_form_that_a_thumb_can_use(page, live_server, axe_finds_nothing):
    complaints = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)

    page.goto(live_server.url + reverse("account_login"))

    expect(page.locator("input[type=password]")).to_be_visible()
    heights = page.locator("button:visible").evaluate_all("all => all.map(one => one.getBoundingClientRect().height)")
    assert heights
    assert min(heights) >= 44
    assert too_wide(page) <= 0
    assert complaints == []
    axe_finds_nothing(page)
