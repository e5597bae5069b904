"""A client's page that is not there leads to the booking page and to the telephone, never to the team's login."""

import pytest
from django.test import Client as Browser

from tests.reminders.links.conftest import text_of


@pytest.fixture
def strict():
    """A browser that brings no CSRF cookie."""
    return Browser(enforce_csrf_checks=True)


@pytest.mark.parametrize("path", ["/book/nothing/", "/my/nothing/", "/book/?branch=99999"])
def test_what_is_not_there_leads_to_booking_and_to_the_telephone(visitor, cast, path):
    page = visitor.get(path)

    assert (page.status_code, "Nothing is lost." in text_of(page)) == (404, True)
    assert 'href="/book/"' in page.content.decode()
    assert 'href="tel:+38761100100"' in page.content.decode()
    assert 'href="/"' not in page.content.decode()


@pytest.mark.parametrize(
    ("path", "back"),
    [
        ("/book/details/?branch=1&service=2&slot=x", "/book/details/?branch=1&amp;service=2&amp;slot=x"),
        ("/book/code/", "/book/"),
        ("/my/visit/7/cancel/", "/my/visit/7/"),
        ("/my/preferences/3/", "/my/preferences/3/"),
    ],
)
def test_without_its_cookie_she_goes_back_to_what_she_had_chosen(strict, cast, path, back):
    page = strict.post(path)

    assert (page.status_code, "Please try once more" in text_of(page)) == (403, True)
    assert f'href="{back}"' in page.content.decode()
    assert 'href="tel:+38761100100"' in page.content.decode()


def test_the_teams_pages_keep_their_own(visitor, strict, cast):
    assert "To the first page" in text_of(visitor.get("/nothing/"))
    assert "To the first page" in text_of(strict.post("/accounts/login/"))
