"""Her wishes on one page: saved by one button, told, taken back; refused with what was typed (practices.md, P53, P58)."""

import re
from datetime import date, time, timedelta

import pytest
from django.test import override_settings

from crm.people.models import Client
from reminders.consent.models import ConsentEvent, MessageSettings
from reminders.consent.selectors import permission_of
from reminders.consent.services import choose_hours, grant, mark_dead
from reminders.links.models import ContactCode
from reminders.links.services import proving
from reminders.messages.models import Kind
from reminders.messages.rendering import render
from reminders.transports.services import Accepted
from tests.factories import NOW
from tests.reminders.cast import make_told
from tests.reminders.links.conftest import text_of

CHOOSE = re.compile(r"http://testserver(/my/o/p[\w.-]+/)")


@pytest.fixture
def path(cast, visitor):
    letter = render(make_told(cast, cast.vera, Kind.FEEDBACK), now=NOW)
    return visitor.get(CHOOSE.search(letter.text).group(1), follow=True).redirect_chain[-1][0]


def whole(**fields):
    """The form as it stands, with what she changes."""
    as_it_is = {
        "whole": "1",
        "service_email": "on",
        "service_sms": "on",
        "care_email": "on",
        "care_sms": "on",
        "language": "en",
    }
    return as_it_is | fields


def hers(cast) -> Client:
    return Client.objects.get(pk=cast.vera.pk)


WISHES = {
    "called": "Verica",
    "address_form": "familiar",
    "gender": "f",
    "language": "bs",
    "preferred_channel": "sms",
    "holidays": ["womens_day", "eid_al_fitr"],
    "other_holidays": "Slava",
    "time_zone": "America/New_York",
    "hours_from": "17:00",
    "hours_until": "19:30",
    "pause": "2026-07-01",
}


def test_everything_is_kept_by_one_button_and_told(cast, visitor, path):
    page = visitor.post(path, whole(**WISHES, marketing_email="on"), follow=True)

    vera = hers(cast)
    assert (vera.called, vera.address_form, vera.gender, vera.language) == ("Verica", "familiar", "f", "bs")
    assert (vera.preferred_channel, vera.time_zone) == ("sms", "America/New_York")
    assert len(vera.holidays.split("; ")) == 3
    assert (vera.status, vera.break_until) == ("break", date(2026, 7, 1))
    permission = permission_of(vera)
    assert (permission.hours_from, permission.hours_until) == (time(17), time(19, 30))
    assert permission.marketing_email
    event = ConsentEvent.objects.get()
    assert (event.where, bool(event.text_shown)) == ("link", True)
    assert "notice-good" in page.content.decode()
    # told once, and shown as it stands when the page is opened again
    html = visitor.get(path).content.decode()
    for shown in ('value="Verica"', 'value="womens_day" checked', 'value="17:00" selected', 'value="2026-07-01"'):
        assert shown in html
    assert 'value="Slava"' in html


def test_slip_is_taken_back_with_all_of_it(cast, visitor, path):
    Client.objects.filter(pk=cast.vera.pk).update(holidays="Slava", called="V.")
    choose_hours(client=cast.vera, hours=(time(10), time(12)))
    visitor.post(path, whole(**WISHES, marketing_email="on"))

    page = visitor.post(f"{path}undo/", follow=True)

    vera, permission = hers(cast), permission_of(cast.vera)
    assert (vera.called, vera.holidays, vera.language, vera.time_zone, vera.status) == ("V.", "Slava", "", "", "active")
    assert (permission.hours_from, permission.hours_until, permission.marketing_email) == (time(10), time(12), False)
    assert "It is as it was before." in text_of(page)
    # once
    visitor.post(path, whole(called="Vera"))
    visitor.cookies["wishes_before"] = "forged"
    visitor.post(f"{path}undo/")
    assert hers(cast).called == "Vera"


def test_undo_leaves_what_the_desk_has_written_since(cast, visitor, path):
    visitor.post(path, whole(gender="f", marketing_email="on"))
    Client.objects.filter(pk=cast.vera.pk).update(called="Verica", time_zone="Europe/Berlin")
    # pressed once more, nothing changes, and the slip can still be taken back
    assert "Nothing has changed." in text_of(
        visitor.post(
            path, whole(gender="f", called="Verica", time_zone="Europe/Berlin", marketing_email="on"), follow=True
        )
    )

    visitor.post(f"{path}undo/")

    vera = hers(cast)
    assert (vera.called, vera.time_zone, vera.gender) == ("Verica", "Europe/Berlin", "")
    assert not permission_of(vera).marketing_email


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"pause": "2026-06-10"}, "Choose a day that is still to come."),
        ({"pause": "2030-01-01"}, "Two years at most."),
        ({"pause": "soon"}, "Enter a valid date."),
        ({"hours_from": "18:00", "hours_until": "10:00"}, "This lies before the hour at which we may begin."),
        ({"other_holidays": "x" * 201}, "at most 200 characters"),
        ({"called": "y" * 101}, "at most 100 characters"),
    ],
)
def test_refused_form_comes_back_as_it_was_typed_and_nothing_is_kept(cast, visitor, path, wrong, said):
    page = visitor.post(path, whole(drink="tea", marketing_sms="on", **{"gender": "m", **wrong}))

    assert page.status_code == 422
    html = page.content.decode()
    assert said in html
    for value in wrong.values():
        assert f'value="{value}"' in html
    assert 'name="marketing_sms" checked' in html
    assert hers(cast).gender == ""
    assert not ConsentEvent.objects.exists()


def test_what_an_old_page_did_not_ask_about_stays(cast, visitor, path):
    Client.objects.filter(pk=cast.vera.pk).update(called="Verica", holidays="Bajram", address_form="formal")

    visitor.post(path, {"service_email": "on", "service_sms": "on", "language": "ru"})

    vera = hers(cast)
    assert (vera.called, vera.holidays, vera.address_form, vera.language) == ("Verica", "Bajram", "formal", "ru")
    assert not permission_of(vera).care_email


def test_holidays_keep_her_own_words_and_lose_what_is_unticked(cast, visitor, path):
    Client.objects.filter(pk=cast.vera.pk).update(holidays="Bajram; 8. mart, Name day")
    html = visitor.get(path).content.decode()
    assert re.findall(r'value="(\w+)" checked>\s*<label class="form-check-label" for="holiday', html) == [
        "womens_day", "eid_al_fitr",
    ]  # fmt: skip

    visitor.post(path, whole(holidays=["eid_al_fitr", "new_year"], other_holidays="Name day"))

    assert hers(cast).holidays == "Bajram; New Year; Name day"


def test_pause_ends_when_its_day_is_taken_out(cast, visitor, path):
    visitor.post(path, whole(pause="2026-07-01"))
    assert hers(cast).status == "break"

    visitor.post(path, whole(pause=""))

    assert hers(cast).status == "active"


def test_who_has_moved_away_has_no_pause(cast, visitor, path):
    Client.objects.filter(pk=cast.vera.pk).update(status="moved")

    visitor.post(path, whole(pause="2026-07-01"))

    assert hers(cast).status == "moved"
    assert 'name="pause"' not in visitor.get(path).content.decode()


def test_yes_that_ends_is_asked_for_there_and_given_anew_with_one_press(cast, visitor, path):
    MessageSettings.objects.create(pk=1, marketing_months=12)
    grant(client=cast.vera, purpose="marketing", channel="email", where="desk", now=NOW - timedelta(days=340))
    assert "Your yes holds until" in text_of(visitor.get(path))

    visitor.post(path, {"again": "marketing_email"})
    visitor.post(path, {"again": "marketing_sms"})

    permission = permission_of(cast.vera)
    assert (permission.marketing_email_at, permission.marketing_sms) == (NOW, False)
    assert "Your yes holds until" not in text_of(visitor.get(path))
    event = ConsentEvent.objects.order_by("pk").last()
    assert (event.where, bool(event.text_shown)) == ("link", True)


def test_yes_that_has_ended_is_no_longer_ticked_and_saving_the_rest_says_nothing_of_it(cast, visitor, path):
    MessageSettings.objects.create(pk=1, marketing_months=12)
    grant(client=cast.vera, purpose="marketing", channel="email", where="desk", now=NOW - timedelta(days=400))
    page = visitor.get(path)
    assert "Your yes ended on" in text_of(page)
    assert 'name="marketing_email" checked' not in page.content.decode()

    visitor.post(path, whole(called="Vera"))
    assert ConsentEvent.objects.count() == 1

    visitor.post(path, whole(marketing_email="on"))
    assert permission_of(cast.vera).marketing_email_at == NOW


def test_dead_address_is_shown_and_a_new_one_takes_its_place_once_a_code_has_come(cast, visitor, path, monkeypatch):
    sent = []
    monkeypatch.setattr(
        proving, "send", lambda outgoing: sent.append(outgoing) or Accepted(provider="test", provider_id="1")
    )
    mark_dead(client=cast.vera, channel="email", now=NOW)
    assert "come back" in text_of(visitor.get(path))
    with override_settings(EMAIL_URL="smtp://localhost", SMS_URL=""):
        assert visitor.post(f"{path}reach/", {"email": "nothing"}).status_code == 422

        page = visitor.post(f"{path}reach/", {"email": "Vera.New@example.test"}, follow=True)

    assert "vera.new@example.test" in text_of(page)
    assert hers(cast).email != "vera.new@example.test"
    code = re.search(r"\b(\d{6})\b", sent[0].text).group(1)
    wrong = "000000" if code != "000000" else "111111"
    assert visitor.post(f"{path}reach/code/", {"code": wrong}).status_code == 422
    assert hers(cast).email != "vera.new@example.test"

    visitor.post(f"{path}reach/code/", {"code": code})

    assert hers(cast).email == "vera.new@example.test"
    assert permission_of(cast.vera).email_dead_at is None
    assert "come back" not in text_of(visitor.get(path))
    assert ContactCode.objects.count() == 1


def test_code_page_without_a_code_leads_to_the_question(visitor, path):
    assert visitor.get(f"{path}reach/code/").url == f"{path}reach/"
