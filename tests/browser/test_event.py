"""An event on phones: the owner invites, a guest answers by her letter, the desk ticks who came (practices.md, P20)."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from reminders.campaigns.models import Guest
from tests.browser.looking import too_small
from tests.reminders.playing_salon import turn
from tests.reminders.salon_day import allow

pytestmark = pytest.mark.django_db(transaction=True)


def test_invited_answered_by_the_letter_and_ticked_at_the_door(page, live_server, morning, post, come_in, is_sound):
    cast = morning.cast
    allow(cast.vera)
    come_in(cast.owner)
    page.goto(live_server.url + reverse("campaigns"))
    page.get_by_role("link", name="New: event").tap()
    page.get_by_label("Title").fill("An evening of tea")
    page.get_by_label("Day").fill((morning.today + timedelta(days=7)).isoformat())
    page.get_by_label("Begins").fill("18:00")
    page.get_by_label("Ends").fill("20:00")
    page.get_by_label("Place").fill("The garden")
    page.get_by_label("Seats").fill("2")
    is_sound(page)
    page.get_by_role("button", name="Keep and go on").tap()
    expect(page.locator("#reach")).to_contain_text("1 client gets it")
    page.get_by_role("button", name="Keep and go on").tap()
    page.get_by_role("link", name="Write", exact=True).first.tap()
    page.get_by_label("Subject").fill("An evening of tea")
    page.get_by_label("Letter").fill("Tea in the garden.\n\n{details}")
    page.get_by_label("Button").fill("Answer with one tap")
    page.get_by_label("SMS").fill("{hello} Tea in the garden. {link} {salon}")
    page.get_by_role("button", name="Keep and go on").tap()
    page.get_by_role("link", name="When?").tap()
    page.get_by_label("Goes on").fill(morning.today.isoformat())
    page.get_by_role("button", name="Keep and go on").tap()
    page.get_by_role("button", name="Release it").tap()
    expect(page.get_by_role("heading", name="Guests")).to_be_visible()

    turn(morning.eleven)
    [invitation] = post.letters
    words = invitation.get_body(("plain",)).get_content()
    assert "The garden" in words
    come_in(None)
    page.goto(live_server.url + re.search(r"Answer with one tap:\s+http://testserver(\S+)", words)[1])
    expect(page.get_by_text("Will you come?")).to_be_visible()
    is_sound(page)
    page.get_by_role("button", name="Yes, with a friend").tap()
    expect(page.get_by_text("Two seats are yours")).to_be_visible()
    is_sound(page)
    assert too_small(page) == []

    come_in(cast.receptionist)
    page.goto(live_server.url + reverse("desk:events"))
    expect(page.get_by_text("2 seats taken / 2")).to_be_visible()
    is_sound(page)
    page.get_by_role("link", name="An evening of tea").tap()
    expect(page.get_by_text("and a friend")).to_be_visible()
    is_sound(page)
    assert too_small(page) == []
    page.get_by_role("button", name="Is here").tap()
    expect(page.get_by_role("button", name="Came")).to_be_visible()
    assert Guest.objects.get().came_at is not None
