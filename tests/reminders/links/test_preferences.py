"""What she gets: stopping with one press or none at all, and choosing (trust.md, D5)."""

import re

import pytest
from django.test import Client as Browser

from reminders.consent.models import ConsentEvent, ContactPermission
from reminders.consent.selectors import permission_of
from reminders.consent.services import grant, withdraw
from reminders.messages.models import Kind
from reminders.messages.rendering import render
from tests.factories import NOW
from tests.reminders.cast import make_told
from tests.reminders.links.conftest import follow, text_of

STOP = re.compile(r"<http://testserver(/my/stop/[\w.-]+/)>")
QUIT = re.compile(r"http://testserver(/my/o/u[\w.-]+/)")
CHOOSE = re.compile(r"http://testserver(/my/o/p[\w.-]+/)")


@pytest.fixture
def offer(cast):
    for purpose in ("care", "marketing"):
        for channel in ("email", "sms"):
            grant(client=cast.vera, purpose=purpose, channel=channel, where="desk", now=NOW)
    return make_told(cast, cast.vera, Kind.WIN_BACK)


def allowed(client):
    row = permission_of(client)
    return {
        f"{purpose}_{channel}"
        for purpose in ("service", "care", "marketing")
        for channel in ("email", "sms")
        if getattr(row, f"{purpose}_{channel}")
    }


def ticked(page):
    """The consents that are ticked on the page."""
    boxes = re.findall(r'<input class="form-check-input"[^>]*name="(\w+_\w+)"[^>]*>', page.content.decode())
    html = page.content.decode()
    return {name for name in boxes if re.search(rf'name="{name}" checked', html)}


ALL = {f"{purpose}_{channel}" for purpose in ("service", "care", "marketing") for channel in ("email", "sms")}


def test_a_mail_program_stops_it_by_one_post_without_cookie(cast, offer):
    path = STOP.search(render(offer, now=NOW).headers["List-Unsubscribe"]).group(1)

    for _ in range(3):
        response = Browser(enforce_csrf_checks=True).post(path, {"List-Unsubscribe": "One-Click"})
        assert response.status_code == 200

    assert allowed(cast.vera) == ALL - {"marketing_email"}
    (event,) = ConsentEvent.objects.filter(is_given=False)
    assert (event.where, event.purpose, event.channel) == ("one_click", "marketing", "email")


@pytest.mark.parametrize("body", [{}, {"List-Unsubscribe": "no"}, {"other": "One-Click"}])
def test_anything_but_one_click_stops_nothing(cast, offer, body):
    path = STOP.search(render(offer, now=NOW).headers["List-Unsubscribe"]).group(1)

    response = Browser(enforce_csrf_checks=True).post(path, body)

    assert response.status_code == 302
    assert allowed(cast.vera) == ALL


def test_opening_the_header_link_only_asks(cast, offer):
    path = STOP.search(render(offer, now=NOW).headers["List-Unsubscribe"]).group(1)

    page = Browser().get(path, follow=True)

    assert "No more invitations and offers?" in text_of(page)
    assert allowed(cast.vera) == ALL


def test_the_link_in_the_letter_asks_once_and_stops(cast, visitor, offer):
    page = visitor.get(QUIT.search(render(offer, now=NOW).text).group(1), follow=True)
    assert allowed(cast.vera) == ALL

    done = visitor.post(page.redirect_chain[-1][0])

    assert "Done" in text_of(done)
    assert allowed(cast.vera) == ALL - {"marketing_email"}


def test_everything_but_appointments_can_be_stopped_there(cast, visitor, offer):
    page = visitor.get(QUIT.search(render(offer, now=NOW).text).group(1), follow=True)

    visitor.post(page.redirect_chain[-1][0], {"all": "1"})

    assert allowed(cast.vera) == ALL - {"marketing_email", "care_email"}


def test_what_ended_and_what_goes_on_is_said_whenever_the_link_is_opened(cast, visitor, offer):
    page = visitor.get(QUIT.search(render(offer, now=NOW).text).group(1), follow=True)
    path = page.redirect_chain[-1][0]

    visitor.post(path)

    again = visitor.get(path)
    words = text_of(again)
    assert "No more invitations and offers?" not in words
    assert "Invitations and offers no longer reach you by e-mail." in words
    assert "Invitations and offers still reach you by SMS." in words
    assert "Questions after a visit still reach you by e-mail." in words
    assert "only about your appointments" not in words
    assert CHOOSE.search(again.content.decode())


def test_only_appointments_is_said_where_nothing_else_is_left(cast, visitor, offer):
    for channel in ("email", "sms"):
        withdraw(client=cast.vera, purpose="care", channel=channel, where="desk", now=NOW)
    withdraw(client=cast.vera, purpose="marketing", channel="sms", where="desk", now=NOW)
    page = visitor.get(QUIT.search(render(offer, now=NOW).text).group(1), follow=True)

    words = text_of(visitor.post(page.redirect_chain[-1][0]))

    assert "From now on we write to you only about your appointments." in words
    assert "still reach" not in words


def test_a_letter_of_care_stops_care(cast, offer):
    letter = render(make_told(cast, cast.vera, Kind.FEEDBACK), now=NOW)

    Browser().post(STOP.search(letter.headers["List-Unsubscribe"]).group(1), {"List-Unsubscribe": "One-Click"})

    assert allowed(cast.vera) == ALL - {"care_email"}


def test_preferences_show_and_keep_what_she_chooses(cast, visitor, offer):
    page = visitor.get(CHOOSE.search(render(offer, now=NOW).text).group(1), follow=True)
    path = page.redirect_chain[-1][0]
    assert ticked(page) == ALL

    visitor.post(path, {"service_email": "on", "marketing_sms": "on", "language": "bs"})

    cast.vera.refresh_from_db()
    assert allowed(cast.vera) == {"service_email", "marketing_sms"}
    assert cast.vera.language == "bs"
    withdrawn = ConsentEvent.objects.filter(is_given=False)
    assert {(event.where, bool(event.text_shown)) for event in withdrawn} == {("link", True)}
    assert withdrawn.count() == 4
    assert 'lang="bs"' in visitor.get(path).content.decode()


def test_preferences_sent_twice_are_written_once(cast, visitor, offer):
    page = visitor.get(CHOOSE.search(render(offer, now=NOW).text).group(1), follow=True)
    before = ConsentEvent.objects.count()

    for _ in range(3):
        visitor.post(page.redirect_chain[-1][0], {"service_email": "on", "service_sms": "on"})

    assert ConsentEvent.objects.count() - before == 4


def test_preferences_of_an_unknown_language_keep_hers(cast, visitor, offer):
    page = visitor.get(CHOOSE.search(render(offer, now=NOW).text).group(1), follow=True)

    visitor.post(page.redirect_chain[-1][0], {"language": "xx"})

    cast.vera.refresh_from_db()
    assert cast.vera.language == ""


def test_only_ways_that_she_has_are_asked_about(cast, visitor):
    # Dina has a telephone and no e-mail
    message = make_told(cast, cast.dina, Kind.OPT_OUT, channel="sms")

    page = follow(visitor, message)

    assert set(re.findall(r'name="((?:service|care|marketing)_\w+)"', page.content.decode())) == {
        "service_sms", "care_sms", "marketing_sms",
    }  # fmt: skip
    visitor.post(page.redirect_chain[-1][0], {})
    assert ContactPermission.objects.get(client=cast.dina).care_email


def test_her_page_shows_what_she_has(cast, visitor):
    message = make_told(cast, cast.vera, Kind.REASSURANCE)
    appointment = make_told(cast, cast.vera, Kind.REMINDER_24H).appointment

    page = follow(visitor, message)

    text = text_of(page)
    assert page.redirect_chain[-1][0] == "/my/"
    assert "Vera Example" in text
    assert "Thursday, 11 June" in text
    link = re.search(r"http://testserver(/my/o/a[\w.-]+/)", page.content.decode()).group(1)
    assert visitor.get(link)["Location"] == f"/my/visit/{appointment.pk}/"


def test_nothing_but_appointments_is_one_press_whatever_is_ticked(cast, visitor, offer):
    page = visitor.get(CHOOSE.search(render(offer, now=NOW).text).group(1), follow=True)

    visitor.post(page.redirect_chain[-1][0], {"only_appointments": "1", "care_email": "on", "language": "en"})

    assert allowed(cast.vera) == {"service_email", "service_sms"}
    said = ConsentEvent.objects.filter(is_given=False)
    assert {event.where for event in said} == {"link"}
    assert all(event.text_shown for event in said)
