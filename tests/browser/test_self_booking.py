"""A stranger books on a phone without a script: by touch in English, by keyboard in Arabic (practices.md, P47)."""

import re

import pytest
from playwright.sync_api import expect

from crm.booking.models import Appointment
from crm.people.models import Client
from reminders.transports.models import MailboxLetter
from tests.browser.looking import too_wide
from tests.factories import make_cast
from tests.reminders.cast import make_words

pytestmark = pytest.mark.django_db(transaction=True)
PHONE = "+38761100777"


@pytest.fixture
def cast():
    cast = make_cast()
    for language in ("en", "ar"):
        make_words(cast.lashes, language)
    return cast


@pytest.fixture
def phone(browser, browser_context_args):
    """`phone(language)` is a page of a phone that runs no script."""
    contexts = []

    def opened(language):
        contexts.append(browser.new_context(**{**browser_context_args, "locale": language}, java_script_enabled=False))
        return contexts[-1].new_page()

    yield opened
    for context in contexts:
        context.close()


def code_sent() -> str:
    return re.match(r"\d{6}", MailboxLetter.objects.order_by("-pk")[0].text).group()


def test_by_touch_from_the_first_page_to_a_booked_visit_moved_and_cancelled(phone, live_server, cast):
    page = phone("en-GB")

    page.goto(live_server.url + "/book/")
    page.get_by_role("link", name="Lashes").tap()
    page.locator("nav.days a").last.tap()
    page.locator("button.slot").first.tap()
    page.get_by_label("Your name").fill("Mia Example")
    page.get_by_label("Telephone").fill(PHONE)
    page.get_by_role("button", name="Send me a code").tap()
    page.wait_for_url("**/book/code/")
    page.get_by_label("Code").fill(code_sent())
    page.get_by_role("button", name="Book this time").tap()

    expect(page.get_by_role("heading", level=1)).to_have_text("You are booked")
    appointment = Appointment.objects.get()
    assert (appointment.client.name, appointment.client.phone) == ("Mia Example", PHONE)
    page.get_by_role("link", name="Another time").tap()
    page.locator("nav.days a").first.tap()
    page.locator("button.slot").last.tap()
    expect(page.get_by_role("status")).to_contain_text("Moved.")
    page.get_by_role("link", name="I cannot come").tap()
    page.get_by_role("button", name="Yes, cancel it").tap()
    expect(page.get_by_role("heading", level=1)).to_have_text("This appointment is cancelled")


def to(page, selector) -> None:
    """Goes on with Tab until the focus stands there, at most as often as a page has stops."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.locator(f"{selector}:focus").count():
            return
    pytest.fail(f"Tab never comes to {selector}")


def test_by_keyboard_in_arabic(phone, live_server, cast):
    page = phone("ar")

    page.goto(live_server.url + "/book/")
    assert page.locator("html").get_attribute("dir") == "rtl"
    to(page, "a.list-row")
    page.keyboard.press("Enter")
    to(page, "button.slot")
    page.keyboard.press("Enter")
    to(page, "#id_name")
    page.keyboard.type("ميا")
    to(page, "#id_phone")
    page.keyboard.type(PHONE)
    # Enter in a field sends the form
    page.keyboard.press("Enter")
    page.wait_for_url("**/book/code/")
    page.locator("#code").focus()
    page.keyboard.type(code_sent())
    page.keyboard.press("Enter")
    page.wait_for_url("**/my/visit/**")

    assert page.locator("html").get_attribute("lang") == "ar"
    client = Client.objects.get(phone=PHONE)
    assert (client.name, client.language, Appointment.objects.get().client) == ("ميا", "ar", client)


@pytest.mark.parametrize(("language", "theme"), [("en", "light"), ("ar", "dark")])
def test_every_step_is_sound_on_a_phone(page, live_server, axe_finds_nothing, cast, language, theme):
    page.emulate_media(color_scheme=theme)
    complaints = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.context.add_cookies([{"name": "django_language", "value": language, "url": live_server.url}])

    def look() -> None:
        assert too_wide(page) <= 0, page.url
        axe_finds_nothing(page)

    page.goto(live_server.url + "/book/")
    look()
    page.locator("a.list-row").first.tap()
    page.wait_for_url("**/book/times/**")
    look()
    page.locator("button.slot").first.tap()
    page.wait_for_url("**/book/details/**")
    look()
    # a number that is none: what is wrong is said beside it
    page.locator("#id_name").fill("Mia Example")
    page.locator("#id_phone").fill("12")
    page.locator("button.btn-primary").tap()
    expect(page.locator(".invalid-feedback")).to_be_visible()
    look()
    page.locator("#id_phone").fill(PHONE)
    page.locator("button.btn-primary").tap()
    page.wait_for_url("**/book/code/")
    look()
    page.locator("#code").fill("x")
    page.locator("button.btn-primary").tap()
    expect(page.get_by_role("alert")).to_be_visible()
    look()
    # refusals are answered with 422, which the browser writes down; nothing else may be wrong
    assert [text for text in complaints if "422" not in text] == []
