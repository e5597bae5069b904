"""A client's own pages in a real browser without a script: the way from a letter to a booked visit."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from crm.booking.models import Appointment
from reminders.messages.destinations import link_of
from reminders.messages.models import Kind
from tests.browser.looking import too_wide
from tests.factories import make_appointment, make_cast, make_visit
from tests.reminders.cast import make_message, make_words

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def cast():
    cast = make_cast()
    for language in ("en", "ar"):
        make_words(cast.lashes, language)
    return cast


@pytest.fixture
def phone(browser, browser_context_args):
    """A phone that runs no script."""
    context = browser.new_context(**browser_context_args, java_script_enabled=False)
    yield context.new_page()
    context.close()


def told(cast, kind, language="en"):
    """A message of today about a visit two weeks ago."""
    cast.vera.language = language
    cast.vera.save()
    now = timezone.now()
    on = now.date() - timedelta(days=15)
    if not cast.vera.visits.exists():
        make_visit(cast.vera, on, services=[cast.lashes], master=cast.anna)
    appointment = None
    if kind == Kind.REMINDER_24H:
        appointment = make_appointment(
            client=cast.vera, master=cast.anna, starts_at=now + timedelta(hours=20), services=[cast.lashes]
        )
    return make_message(cast.vera, kind, now=now, visit_on=on, occasion=f"{kind} {on}", appointment=appointment)


def path_of(message) -> str:
    return link_of(message, today=timezone.now().date()).removeprefix("http://testserver")


def test_from_a_letter_to_a_booked_visit_without_a_script(phone, live_server, cast):
    asked = []
    phone.on("request", lambda request: asked.append((request.url, request.headers.get("referer", ""))))
    link = path_of(told(cast, Kind.DUE_SOON))
    token = link.split("/")[3]

    phone.goto(live_server.url + link)
    assert token not in phone.url
    phone.locator("button.slot").first.tap()

    expect(phone.get_by_role("heading", level=1)).to_have_text("You are booked")
    assert re.search(r"/my/visit/\d+/$", phone.url)
    expect(phone.get_by_role("link", name="Put it into my calendar")).to_be_visible()
    appointment = Appointment.objects.get()
    assert (appointment.status, appointment.booked_by) == ("booked", "client")
    # no token went anywhere but into the one address that takes it
    assert [url for url, _referer in asked if token in url] == [live_server.url + link]
    assert not any(token in referer for _url, referer in asked)


def test_moving_and_cancelling_without_a_script(phone, live_server, cast):
    phone.goto(live_server.url + path_of(told(cast, Kind.REMINDER_24H)))
    phone.get_by_role("link", name="Another time").tap()
    phone.locator("nav a").last.tap()
    phone.locator("button.slot").first.tap()
    expect(phone.get_by_role("status")).to_contain_text("Moved.")

    phone.get_by_role("link", name="I cannot come").tap()
    phone.get_by_role("button", name="Yes, cancel it").tap()

    expect(phone.get_by_role("heading", level=1)).to_have_text("This appointment is cancelled")


@pytest.mark.parametrize(("language", "theme"), [("en", "light"), ("ar", "dark")])
def test_every_page_of_a_client_is_sound(page, live_server, axe_finds_nothing, cast, language, theme):
    page.emulate_media(color_scheme=theme)
    complaints = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    for kind, more in (
        (Kind.DUE_SOON, ["more/", "stop/"]),
        (Kind.FEEDBACK, []),
        (Kind.LASHES, []),
        (Kind.OPT_OUT, []),
        (Kind.REMINDER_24H, ["move/", "cancel/"]),
        (Kind.REASSURANCE, []),
    ):
        page.goto(live_server.url + path_of(told(cast, kind, language)))
        own = page.url
        for path in ["", *more]:
            page.goto(own + path)
            assert page.locator("html").get_attribute("dir") == ("rtl" if language == "ar" else "ltr")
            assert too_wide(page) <= 0, page.url
            axe_finds_nothing(page)
    assert complaints == []


def test_a_broken_link_is_a_sound_page(page, live_server, axe_finds_nothing, cast):
    page.goto(live_server.url + "/my/o/broken/")

    expect(page.get_by_role("heading", level=1)).to_have_text("This link does not open")
    axe_finds_nothing(page)
