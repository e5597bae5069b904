"""A card read by the phone's camera, shown on a client's phone without a network, and sound in both themes (P24)."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from loyalty.cards.services import issue_card
from reminders.messages.tokens import Door, open_url
from tests.browser.camera import film_of
from tests.browser.looking import too_wide
from tests.factories import PASSWORD, make_cast
from tests.loyalty.till import rules
from tests.poll import until

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def cast():
    return make_cast()


@pytest.fixture
def card(cast):
    return issue_card(client=cast.vera, now=timezone.now(), rules=rules())


def home_of(client) -> str:
    url = open_url(door=Door.HOME, client_id=client.pk, today=timezone.now().date())
    return url.removeprefix("http://testserver")


def log_in(page, live_server, user) -> None:
    page.goto(live_server.url + "/accounts/login/")
    page.fill("[name=login]", user.username)
    page.fill("[name=password]", PASSWORD)
    page.get_by_role("button", name="Log in").click()
    page.wait_for_url(live_server.url + "/")


@pytest.fixture
def filmed(browser_type, browser_type_launch_args, browser_context_args, tmp_path, card):
    """A phone before whose camera the card is held."""
    film = film_of(card.number, tmp_path / "card.y4m")
    options = [
        "--use-fake-device-for-media-stream",
        "--use-fake-ui-for-media-stream",
        f"--use-file-for-fake-video-capture={film}",
    ]
    args = [*browser_type_launch_args["args"], *options]
    browser = browser_type.launch(**{**browser_type_launch_args, "args": args})
    yield browser.new_context(**browser_context_args).new_page()
    browser.close()


def test_a_card_before_the_camera_opens_her_page(filmed, live_server, cast, card):
    complaints = []
    filmed.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    log_in(filmed, live_server, cast.receptionist)

    filmed.goto(live_server.url + "/scan/")

    filmed.wait_for_url(f"{live_server.url}/clients/{cast.vera.pk}/")
    expect(filmed.get_by_text("Look whether it is she.")).to_be_visible()
    assert complaints == []


def test_a_card_read_in_the_checkout_fills_its_field(filmed, live_server, cast, card):
    log_in(filmed, live_server, cast.receptionist)
    filmed.goto(f"{live_server.url}/checkout/new/?client={cast.dina.pk}")
    filmed.get_by_text("She shows a voucher, a card or a gift certificate").click()

    filmed.get_by_role("button", name="Scan a card").click()

    expect(filmed.locator("#code")).to_have_value(card.number)
    # recalculated by itself: the card is Vera's, and this is Dina's receipt
    expect(filmed.get_by_text("This card is in another client's name.")).to_be_visible()


def test_her_card_is_readable_without_a_network(page, live_server, cast, card):
    page.goto(live_server.url + home_of(cast.vera))
    page.goto(live_server.url + "/my/card/")
    # asked again and again from here: to the page's own waiting a promise is an answer already
    kept = "caches.open('regulars-card').then(kept => kept.match('/my/card/')).then(Boolean)"
    until(lambda: page.evaluate(kept), seconds=10, what="her card to be kept")
    files = "caches.open('regulars-files').then(kept => kept.keys()).then(all => all.length >= 4)"
    until(lambda: page.evaluate(files), seconds=10, what="what it is drawn with to be kept")

    page.context.set_offline(True)
    page.reload()

    expect(page.get_by_role("img", name="QR code of the card")).to_be_visible()
    expect(page.get_by_text("No network. This is how things stood")).to_be_visible()
    # drawn with its own sheet, not bare
    assert page.evaluate("getComputedStyle(document.querySelector('.card-face')).borderRadius") == "24px"


@pytest.mark.parametrize("language", ["en", "ar"])
def test_her_card_is_sound(page, live_server, cast, card, axe_finds_nothing, language):
    cast.vera.language = language
    cast.vera.save()
    page.emulate_media(color_scheme="dark" if language == "ar" else "light")
    page.goto(live_server.url + home_of(cast.vera))

    page.goto(live_server.url + "/my/card/")

    assert too_wide(page) <= 0
    # the code is large: half a phone's width at least
    assert page.locator(".card-qr svg").bounding_box()["width"] >= 195
    axe_finds_nothing(page)
    page.emulate_media(media="print")
    box = page.locator(".card-face").bounding_box()
    # ID-1, at 96 dots an inch
    assert (round(box["width"] / 96 * 25.4, 1), round(box["height"] / 96 * 25.4, 1)) == (85.6, 54.0)
