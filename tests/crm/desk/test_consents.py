"""What she allows at the desk, asked with evidence; when she answers the telephone; her calls on her card."""

from datetime import timedelta

import pytest
import time_machine

from crm.care.models import Call
from crm.care.services import ask_for_call, finish_call
from crm.desk.calls.reaching import BestHours, best_hours, best_of
from reminders.consent.models import ConsentEvent, MessageSettings
from reminders.consent.selectors import permission_of
from reminders.consent.services import grant, mark_wrong_number
from reminders.inbox.services import receive
from tests.factories import NOW, make_client

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def desk(cast, client):
    client.force_login(cast.receptionist)
    return client


def page_of(client, ending="") -> str:
    return f"/clients/{client.pk}/consents/{ending}"


def test_what_she_says_is_kept_with_who_asked_and_what(cast, desk):
    type(cast.vera).objects.filter(pk=cast.vera.pk).update(language="ru")

    answer = desk.post(page_of(cast.vera), {"service_email": "on", "service_sms": "on", "marketing_email": "on"})

    assert answer.status_code == 302
    permission = permission_of(cast.vera)
    assert (permission.marketing_email, permission.care_email, permission.care_call) == (True, False, False)
    said = ConsentEvent.objects.get(is_given=True)
    assert (said.where, said.user, said.user_name) == ("desk", cast.receptionist, str(cast.receptionist))
    assert said.text_shown
    html = desk.get(page_of(cast.vera)).content.decode()
    assert 'name="marketing_email" checked' in html
    assert str(cast.receptionist) in html


def test_slip_of_the_desk_is_taken_back(cast, desk):
    desk.post(page_of(cast.vera), {"service_email": "on", "service_sms": "on"})
    assert not permission_of(cast.vera).care_email
    event = ConsentEvent.objects.order_by("pk").first()

    desk.post(page_of(cast.vera, f"{event.pk}/undo/"))

    assert permission_of(cast.vera).care_email
    # nothing of another client's, and nothing that was said elsewhere
    assert desk.post(page_of(cast.dina, f"{event.pk}/undo/")).status_code == 404
    grant(client=cast.vera, purpose="marketing", channel="sms", where="link", now=NOW)
    hers = ConsentEvent.objects.get(where="link")
    assert desk.post(page_of(cast.vera, f"{hers.pk}/undo/")).status_code == 404


@pytest.mark.parametrize(("answer", "is_given"), [("yes", True), ("no", False)])
def test_yes_that_ends_is_asked_for_at_the_desk(cast, desk, answer, is_given):
    MessageSettings.objects.create(pk=1, marketing_months=12)
    grant(client=cast.vera, purpose="marketing", channel="email", where="book", now=NOW - timedelta(days=350))
    assert f"/clients/{cast.vera.pk}/asked/" in desk.get(f"/clients/{cast.vera.pk}/").content.decode()
    asked = desk.get(f"/clients/{cast.vera.pk}/asked/", headers={"HX-Request": "true"})
    assert "ask her whether it may go on" in asked.content.decode()
    assert "She says yes" in desk.get(page_of(cast.vera)).content.decode()

    desk.post(page_of(cast.vera), {"ending": "marketing_email", "answer": answer})

    permission = permission_of(cast.vera)
    assert permission.marketing_email is is_given
    assert (permission.marketing_email_at == NOW) is is_given
    assert "She says yes" not in desk.get(page_of(cast.vera)).content.decode()


def test_nothing_is_asked_of_who_was_asked_lately(cast, desk):
    MessageSettings.objects.create(pk=1, marketing_months=12)
    grant(client=cast.vera, purpose="marketing", channel="email", where="book", now=NOW - timedelta(days=200))

    desk.post(page_of(cast.vera), {"ending": "marketing_email", "answer": "no"})

    assert permission_of(cast.vera).marketing_email
    assert "She says yes" not in desk.get(page_of(cast.vera)).content.decode()


@pytest.mark.parametrize("many", [1, 30])
def test_page_asks_as_often_for_many_words_as_for_one(cast, desk, django_assert_num_queries, many):
    for number in range(many):
        grant(
            client=cast.vera, purpose="marketing", channel="sms", where="desk", now=NOW - timedelta(days=number),
            user=cast.owner,
        )  # fmt: skip
    desk.get(page_of(cast.vera))
    with django_assert_num_queries(8):
        desk.get(page_of(cast.vera))


@pytest.mark.parametrize(
    ("hours", "best"),
    [
        ([], None),
        ([17, 18], None),
        ([17, 18, 18], BestHours(17, 3, 3)),
        # two of four is half
        ([9, 12, 17, 18], BestHours(17, 2, 4)),
        ([9, 11, 13, 15, 17], None),
        # of equals the earlier
        ([10, 10, 15, 15], BestHours(10, 2, 4)),
        # what she does at night says nothing of calls
        ([23, 23, 23, 23, 10, 10], None),
        ([23, 10, 10, 11], BestHours(10, 3, 3)),
    ],
)
def test_best_hours_are_those_with_most_answers_or_none(hours, best):
    assert best_of(hours) == best


def called(client, branch, user, at, outcome):
    call = ask_for_call(client=client, branch=branch, kind="win_back", key=f"{client.pk} {at}", due_at=at, now=at)
    finish_call(call=call, outcome=outcome, now=at, user=user, remark="soon")
    return call


def test_call_list_says_when_she_answers_and_when_nobody_knows(cast, desk, django_assert_num_queries):
    # 17:10, 17:40 and 18:20 in Sarajevo; rung in vain at 10:00 says nothing of when she answers
    for number, (hour, minute, outcome) in enumerate(
        [(15, 10, "reached"), (15, 40, "booked"), (8, 0, "no_answer"), (8, 0, "no_answer")]
    ):
        at = (NOW - timedelta(days=number + 2)).replace(hour=hour, minute=minute)
        called(cast.dina, cast.branch, cast.receptionist, at, outcome)
    receive(
        channel="sms", sender=cast.dina.phone, text="Yes", provider="test", provider_id="1",
        at=(NOW - timedelta(days=9)).replace(hour=16, minute=20), now=NOW,
    )  # fmt: skip
    ask_for_call(client=cast.dina, branch=cast.branch, kind="win_back", key="one", due_at=NOW, now=NOW)
    with django_assert_num_queries(1):
        assert set(best_hours([cast.dina.pk, cast.vera.pk], now=NOW)) == {cast.dina.pk}

    html = desk.get("/calls/").content.decode()
    assert "Best between 17:00 and 19:00: 3 of 3 times she answered then." in html

    stranger = make_client(branch=cast.branch, phone="+38761100799")
    ask_for_call(client=stranger, branch=cast.branch, kind="win_back", key="two", due_at=NOW, now=NOW)
    assert "Nobody knows yet at which hour she answers." in desk.get("/calls/").content.decode()


def test_card_shows_her_calls_and_a_wrong_number(cast, desk):
    called(cast.dina, cast.branch, cast.receptionist, NOW - timedelta(days=3), "no_interest")
    mark_wrong_number(client=cast.dina, now=NOW)

    html = desk.get(f"/clients/{cast.dina.pk}/calls/").content.decode()
    fragment = desk.get(f"/clients/{cast.dina.pk}/calls/", headers={"HX-Request": "true"}).content.decode()
    top = desk.get(f"/clients/{cast.dina.pk}/asked/", headers={"HX-Request": "true"}).content.decode()

    assert "<html" not in fragment
    assert "Write the right one" in top
    assert str(Call.Outcome.NOT_INTERESTED.label) in html
    assert "soon" in html
    assert "Her number is a wrong one" in html
