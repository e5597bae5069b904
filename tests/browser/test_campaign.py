"""News on a phone: built with the count beside it, tried on oneself, released, held and let go, stopped (practices.md, P21)."""

from datetime import timedelta

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from reminders.campaigns.models import Campaign
from tests.browser.looking import still
from tests.reminders.playing_salon import turn
from tests.reminders.salon_day import allow

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def readers(morning):
    """Three who have agreed to offers by e-mail, two of them in English."""
    cast = morning.cast
    for client in (cast.vera, cast.dina, cast.leila):
        client.email = f"{client.name.split()[0].lower()}@example.test"
        client.save()
        allow(client)
    return cast


def test_built_tried_released_held_let_go_and_stopped(page, live_server, morning, readers, post, come_in, is_sound):
    come_in(readers.owner)
    page.goto(live_server.url + reverse("campaigns"))
    is_sound(page)
    page.get_by_role("link", name="New: news").tap()
    page.get_by_label("Title").fill("Autumn")
    page.get_by_role("button", name="Keep and go on").tap()

    # whom it would reach is said as the ticks are set
    expect(page.locator("#reach")).to_contain_text("3 clients get it")
    still(page).get_by_label("English").check()
    expect(page.locator("#reach")).to_contain_text("2 clients get it")
    is_sound(page)
    page.get_by_role("button", name="Keep and go on").tap()

    page.get_by_role("link", name="Write", exact=True).first.tap()
    page.get_by_label("Subject").fill("Tea in the afternoon")
    page.get_by_label("Letter").fill("There is tea with us now.")
    page.get_by_label("SMS").fill("{hello} There is tea with us now. {salon}")
    page.get_by_role("button", name="Look at it").tap()
    letter = page.frame_locator("iframe.office-mail")
    expect(letter.locator("p", has_text="There is tea with us now.")).to_be_visible()
    page.get_by_role("button", name="Send the mail to me").tap()
    expect(page.get_by_text("on its way to your own address")).to_be_visible()
    [test] = post.letters
    assert (test["To"], test["Subject"]) == ("owner@example.test", "[Test] Tea in the afternoon")
    is_sound(page)
    page.get_by_role("button", name="Keep and go on").tap()

    page.get_by_role("link", name="When?").tap()
    page.get_by_label("Goes on").fill(morning.today.isoformat())
    page.get_by_label("At most a day").fill("1")
    page.get_by_role("button", name="Keep and go on").tap()
    expect(page.get_by_text("1 client a day")).to_be_visible()
    is_sound(page)
    page.get_by_role("button", name="Release it").tap()
    expect(page.get_by_text("It is released.")).to_be_visible()
    is_sound(page)
    followed = page.url

    # held by the salon's one switch: its hour comes and nothing leaves
    page.goto(live_server.url + reverse("sending"))
    page.get_by_role("button", name="Stop all messages").tap()
    expect(page.get_by_role("heading", name="All messages are stopped")).to_be_visible()
    turn(morning.eleven)
    assert len(post.letters) == 1
    page.get_by_role("button", name="Let them go").tap()
    expect(page.get_by_role("heading", name="Messages go out")).to_be_visible()
    turn(morning.eleven)
    assert [letter["To"] for letter in post.letters[1:]] == ["vera@example.test"]

    page.goto(followed)
    expect(page.locator("dl").first).to_contain_text("Still to come 1", use_inner_text=True)
    page.get_by_role("button", name="Stop it at once").tap()
    expect(page.get_by_role("button", name="Stop it at once")).to_have_count(0)
    turn(morning.eleven + timedelta(days=1))
    assert len(post.letters) == 2
    assert Campaign.objects.get().state == "stopped"
