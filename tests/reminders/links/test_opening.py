"""Links: whoever opens them how often, nothing happens; changed or old ones open nothing (trust.md, S2 and S3)."""

from datetime import timedelta

import pytest
from django.test import Client as Browser

from crm.booking.models import Appointment, WaitingOffer
from crm.care.models import AfterAnswer, Feedback
from crm.office.merging.services import merge_clients
from reminders.consent.models import ConsentEvent
from reminders.consent.selectors import is_allowed, permission_of
from reminders.messages.models import NO_TEXT, Kind
from reminders.messages.tokens import Door, make_token, stop_subject
from tests.factories import NOW, TODAY
from tests.reminders.cast import give_win_back, make_told
from tests.reminders.links.conftest import follow, link_in, text_of

SHIPPED = [kind for kind in Kind.values if kind not in (*NO_TEXT, Kind.POINTS_EXPIRING)]
# one for each kind of page
ONE_A_DOOR = [
    Kind.REASSURANCE,
    Kind.FEEDBACK,
    Kind.LASHES,
    Kind.WIN_BACK,
    Kind.REMINDER_24H,
    Kind.WAITING_OFFER,
    Kind.OPT_OUT,
]


def state():
    """Everything that a link could change."""
    return (
        list(Appointment.objects.order_by("pk").values("pk", "status", "starts_at", "sequence")),
        Feedback.objects.count(),
        AfterAnswer.objects.count(),
        ConsentEvent.objects.count(),
        list(WaitingOffer.objects.order_by("pk").values("pk", "state", "until")),
    )


@pytest.mark.parametrize("kind", ONE_A_DOOR)
def test_opening_a_link_a_hundred_times_changes_nothing(cast, visitor, kind):
    link = link_in(make_told(cast, cast.vera, kind))
    before = state()

    for turn in range(100):
        scanner = Browser()
        response = scanner.head(link) if turn % 3 == 0 else scanner.get(link, headers={"Purpose": "prefetch"})
        assert response.status_code == 302
        if turn % 20 == 0:
            assert scanner.get(response["Location"]).status_code in (200, 302)
            assert scanner.head(response["Location"]).status_code in (200, 302)

    assert state() == before


@pytest.mark.parametrize("kind", SHIPPED)
def test_no_token_stays_in_the_address_or_on_the_page(cast, visitor, kind):
    link = link_in(make_told(cast, cast.vera, kind))
    token = link.split("/")[3]

    opened = visitor.get(link)
    page = visitor.get(opened["Location"], follow=True)

    assert token not in opened["Location"]
    assert opened["Referrer-Policy"] == "no-referrer"
    assert page.status_code == 200
    assert page["Referrer-Policy"] == "same-origin"
    assert page["Cache-Control"] == "no-store"
    assert token not in page.content.decode()
    (cookie,) = [cookie for name, cookie in opened.cookies.items() if name.startswith("my_") and cookie.value]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")
    assert cookie["path"].startswith("/my/")


def test_the_key_of_one_page_opens_no_other(cast, visitor):
    mine = make_told(cast, cast.vera, Kind.FEEDBACK)
    theirs = make_told(cast, cast.dina, Kind.FEEDBACK)
    appointment = make_told(cast, cast.dina, Kind.REMINDER_24H).appointment
    follow(visitor, mine)
    token = visitor.cookies["my_feedback"].value
    # even where somebody carries the cookie to another address by hand
    for name in ("my_feedback", "my_appointment", "my_offer", "my_answer", "my_preferences", "my_home"):
        visitor.cookies[name] = token

    assert visitor.get(f"/my/feedback/{mine.pk}/").status_code == 200
    for path in (
        f"/my/feedback/{theirs.pk}/",
        f"/my/visit/{appointment.pk}/",
        f"/my/visit/{appointment.pk}/appointment.ics",
        f"/my/offer/{mine.pk}/",
        f"/my/answer/{mine.pk}/",
        f"/my/preferences/{cast.vera.pk}/",
        f"/my/preferences/{cast.dina.pk}/",
        "/my/",
    ):
        response = visitor.get(path)
        assert response.status_code == 404, path
        assert "Vera" not in text_of(response)
        assert "Dina" not in text_of(response)


def test_a_page_without_its_link_says_so(cast, visitor):
    appointment = make_told(cast, cast.vera, Kind.REMINDER_24H).appointment

    response = visitor.get(f"/my/visit/{appointment.pk}/")

    assert response.status_code == 404
    assert "This link does not open" in text_of(response)
    assert "+387 61 100 100" in text_of(response)
    assert 'href="/book/">Book a visit<' in response.content.decode()


@pytest.mark.parametrize("language", ["en", "ru", "bs", "ar"])
def test_an_old_link_says_so_in_her_language(cast, visitor, language):
    cast.vera.language = language
    cast.vera.save()
    token = make_token(door=Door.OFFER, client_id=cast.vera.pk, subject=1, today=TODAY, until=TODAY - timedelta(days=1))

    response = visitor.get(f"/my/o/{token}/")

    assert response.status_code == 410
    assert response["Content-Language"] == language
    assert f'<html lang="{language}" dir="{"rtl" if language == "ar" else "ltr"}"' in response.content.decode()
    assert "Vera" not in text_of(response)


@pytest.mark.parametrize("token", ["x", "a1-1-1.aaaa", "%00", "o" * 300, "..", "a'or'1"])
def test_a_broken_link_gets_a_page_and_no_error(cast, visitor, token):
    for path in (f"/my/o/{token}/", f"/my/stop/{token}/"):
        for method in (visitor.get, visitor.head, visitor.post):
            assert method(path).status_code in (404, 405)


def test_a_link_of_somebody_erased_opens_nothing(cast, visitor):
    message = make_told(cast, cast.vera, Kind.REMINDER_24H)
    link = link_in(message)
    follow(visitor, message)
    cast.vera.email = cast.vera.phone = cast.vera.name = ""
    cast.vera.save()

    assert Browser().get(link).status_code == 404
    # and a page that stands open closes
    assert visitor.get(f"/my/visit/{message.appointment_id}/").status_code == 404


def test_a_cookie_is_looked_at_anew_on_every_request(cast, visitor, today):
    message = make_told(cast, cast.vera, Kind.FEEDBACK)
    follow(visitor, message)

    today.move_to(NOW + timedelta(days=61))

    assert visitor.get(f"/my/feedback/{message.pk}/").status_code == 410


@pytest.mark.parametrize(("language", "direction"), [("en", "ltr"), ("ru", "ltr"), ("bs", "ltr"), ("ar", "rtl")])
@pytest.mark.parametrize(
    "kind", [Kind.FEEDBACK, Kind.LASHES, Kind.WIN_BACK, Kind.REMINDER_24H, Kind.REASSURANCE, Kind.OPT_OUT]
)
def test_pages_are_in_the_clients_own_language(cast, visitor, kind, language, direction):
    cast.vera.language = language
    cast.vera.save()
    visitor.cookies["django_language"] = "en"

    page = follow(visitor, make_told(cast, cast.vera, kind))

    assert page.status_code == 200
    assert f'<html lang="{language}" dir="{direction}"' in page.content.decode()
    assert page["Content-Language"] == language


def test_she_may_choose_another_language_on_the_page(cast, visitor):
    message = make_told(cast, cast.vera, Kind.FEEDBACK)
    follow(visitor, message)

    page = visitor.post("/my/language/", {"language": "ar", "next": f"/my/feedback/{message.pk}/"}, follow=True)
    assert 'dir="rtl"' in page.content.decode()
    # another link begins in the language of its client
    assert 'dir="ltr"' in follow(visitor, message).content.decode()


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example.test/", "//evil.example.test/my/", "/admin/", "javascript:1", ""]
)
def test_the_language_leads_nowhere_else(cast, visitor, elsewhere):
    response = visitor.post("/my/language/", {"language": "ru", "next": elsewhere})

    assert response["Location"] == "/my/"


def test_a_tapped_slot_goes_along(cast, visitor):
    win_back = make_told(cast, cast.vera, Kind.WIN_BACK)
    give_win_back(cast, win_back)

    assert visitor.get(link_in(win_back) + "?s=abc-1&next=//evil")["Location"] == f"/my/offer/{win_back.pk}/?s=abc-1"
    assert visitor.get(link_in(win_back) + "?s=//evil.example.test")["Location"] == f"/my/offer/{win_back.pk}/"


def test_pages_need_the_token_of_their_form(cast):
    strict = Browser(enforce_csrf_checks=True)
    message = make_told(cast, cast.vera, Kind.FEEDBACK)
    follow(strict, message)

    assert strict.post(f"/my/feedback/{message.pk}/", {"score": "0"}).status_code == 403
    assert not Feedback.objects.exists()


def test_links_sent_to_a_card_put_aside_open_what_is_hers_now(cast, visitor):
    told = make_told(cast, cast.dina, Kind.REMINDER_24H)
    tokens = {
        door: make_token(door=door, client_id=cast.dina.pk, subject=subject, today=TODAY)
        for door, subject in ((Door.HOME, 0), (Door.PREFERENCES, 0), (Door.UNSUBSCRIBE, stop_subject("care", "sms")))
    }
    links = [link_in(told), *(f"/my/o/{token}/" for token in tokens.values())]
    merge_clients(kept=cast.vera, aside=cast.dina, taken=[], now=NOW, user=cast.owner)

    pages = [visitor.get(link, follow=True) for link in links]

    assert [page.status_code for page in pages] == [200, 200, 200, 200]
    assert pages[1].context["client"] == cast.vera
    # a mail program unsubscribes by an old letter: it is she who is left in peace
    gone = Browser().post(f"/my/stop/{tokens[Door.UNSUBSCRIBE]}/", {"List-Unsubscribe": "One-Click"})
    assert gone.status_code == 200
    assert not is_allowed(permission_of(cast.vera), "care", "sms")
