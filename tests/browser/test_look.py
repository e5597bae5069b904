"""The look in a real browser: every component in both themes and both directions, over the style guide."""

import pytest
from django.urls import include, path
from playwright.sync_api import expect

from config.urls import urlpatterns as product
from crm.desk.styleguide.views import styleguide
from tests.browser.looking import too_small, too_wide

# the style guide is wired where DEBUG or DEMO is on; here it is added to the product's own addresses
urlpatterns = [path("look/", styleguide), path("", include(product))]

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.urls(__name__)]


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_component_is_sound(page, live_server, axe_finds_nothing, theme, language):
    complaints = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.emulate_media(color_scheme=theme)
    page.context.add_cookies([{"name": "django_language", "value": language, "url": live_server.url}])

    page.goto(live_server.url + "/look/")

    assert page.locator("html").get_attribute("dir") == ("rtl" if language == "ar" else "ltr")
    assert too_wide(page) <= 0
    assert too_small(page) == []
    assert complaints == []
    axe_finds_nothing(page)


def test_theme_chosen_by_hand_stays(page, live_server):
    page.goto(live_server.url + "/look/")
    page.get_by_role("button", name="You and your settings").tap()
    page.get_by_role("button", name="Dark", exact=True).tap()

    page.reload()

    # drawn dark by the server, before any script ran
    assert page.locator("html").get_attribute("data-theme") == "dark"
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(26, 23, 21)"


def test_sheet_opens_and_closes_without_a_script(browser, browser_context_args, live_server):
    context = browser.new_context(**browser_context_args, java_script_enabled=False)
    page = context.new_page()
    page.goto(live_server.url + "/look/")
    sheet = page.get_by_role("dialog", name="New")
    expect(sheet).to_be_hidden()

    page.locator(".bar-plus button").tap()
    expect(sheet).to_be_visible()

    sheet.get_by_role("button", name="Close").tap()
    expect(sheet).to_be_hidden()
    context.close()


def test_search_is_reached_by_a_key(page, live_server):
    page.goto(live_server.url + "/look/")
    # the sample of a refused form has taken the focus, as refused forms do
    page.evaluate("document.activeElement.blur()")

    page.keyboard.press("/")

    expect(page.get_by_role("searchbox")).to_be_focused()
