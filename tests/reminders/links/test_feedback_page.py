"""0 to 10 in one tap from the letter itself; what follows, and the invitation to all alike (practices.md, P14)."""

import re

import pytest

from crm.care.models import Complaint, Feedback, ReviewPlace
from crm.team.qr import qr_svg
from loyalty.points.models import LoyaltySettings
from loyalty.referrals.selectors import code_of
from reminders.messages.models import Kind
from reminders.messages.rendering import render
from reminders.messages.tokens import Door, open_url
from tests.factories import NOW, TODAY, make_visit
from tests.reminders.cast import VISIT_ON, make_told
from tests.reminders.links.conftest import text_of

TAPPED = re.compile(r'href="http://testserver(/my/o/[\w.-]+/\?n=(\d+))"')


@pytest.fixture
def message(cast):
    return make_told(cast, cast.vera, Kind.FEEDBACK)


def test_the_letter_carries_eleven_numbers_and_each_stands_ready_on_the_page(visitor, message):
    links = TAPPED.findall(render(message, now=NOW).html)
    assert [int(number) for _link, number in links] == list(range(11))

    for link, number in (links[0], links[10]):
        for _look in range(3):
            page = visitor.get(link, follow=True)
        assert f'value="{number}" required checked' in page.content.decode()
    assert (Feedback.objects.count(), Complaint.objects.count()) == (0, 0)

    # one tap on what stands there
    visitor.post(page.request["PATH_INFO"], {"score": 10})
    assert Feedback.objects.get().score == 10


@pytest.mark.parametrize("number", ["11", "-1", "x", "1000", "", "٣"])
def test_a_number_that_is_none_is_not_set(visitor, message, number):
    link = TAPPED.findall(render(message, now=NOW).html)[0][0].partition("?")[0]
    page = visitor.get(link, {"n": number}, follow=True)
    assert (page.status_code, " checked" in page.content.decode()) == (200, False)


@pytest.mark.parametrize("score", [0, 5, 8, 10])
def test_everybody_is_invited_to_write_in_public_alike(visitor, cast, message, score):
    ReviewPlace.objects.create(branch=cast.branch, name="Maps", url="https://maps.example.test/a")
    ReviewPlace.objects.create(branch=cast.branch, name="Gone", url="https://gone.example.test/", is_active=False)
    link = TAPPED.findall(render(message, now=NOW).html)[score][0]
    visitor.get(link)
    page = visitor.post(f"/my/feedback/{message.pk}/", {"score": score}, follow=True)
    assert re.findall(r'href="(https://[^"]+)"', page.content.decode()) == ["https://maps.example.test/a"]


def test_who_is_delighted_gets_her_own_link_and_nobody_else_does(visitor, cast, message):
    LoyaltySettings.objects.update_or_create(pk=1, defaults={"referral_on": True})
    other = make_told(cast, cast.dina, Kind.FEEDBACK)
    for each, score in ((message, 9), (other, 8)):
        visitor.get(TAPPED.findall(render(each, now=NOW).html)[0][0])
        page = visitor.post(f"/my/feedback/{each.pk}/", {"score": score}, follow=True)
        code = code_of(each.client)
        assert bool(code) == (score == 9)
        assert (f"/book/from/{code}" in page.content.decode()) == (score == 9)


def test_who_is_not_content_is_led_to_her_complaint(visitor, message):
    visitor.get(TAPPED.findall(render(message, now=NOW).html)[3][0])
    page = visitor.post(f"/my/feedback/{message.pk}/", {"score": 3, "displeased": "Too long"}, follow=True)
    link = re.search(r'href="http://testserver(/my/o/m[\w.-]+/)"', page.content.decode()).group(1)
    page = visitor.get(link, follow=True)
    complaint = Complaint.objects.get()
    assert complaint.number in text_of(page)
    assert "Too long" in text_of(page)


def test_the_code_at_the_till_opens_the_question_about_that_visit(visitor, cast):
    visit = make_visit(cast.vera, VISIT_ON, services=[cast.lashes], master=cast.anna)
    url = open_url(door=Door.SCORE, client_id=cast.vera.pk, subject=visit.pk, today=TODAY)
    assert "<svg" in qr_svg(url)
    page = visitor.get(url.removeprefix("http://testserver"), follow=True)
    assert "How was it, honestly?" in text_of(page)
    page = visitor.post(f"/my/score/{visit.pk}/", {"score": 8}, follow=True)
    given = Feedback.objects.get()
    assert (given.score, given.visit_on, given.written_by) == (8, VISIT_ON, None)
    # the message that asks later finds it answered
    message = make_told(cast, cast.vera, Kind.FEEDBACK)
    page = visitor.get(TAPPED.findall(render(message, now=NOW).html)[0][0], follow=True)
    assert "next time it shall be even better" in text_of(page)


def test_the_code_of_another_clients_visit_opens_nothing(visitor, cast):
    visit = make_visit(cast.dina, VISIT_ON, services=[cast.lashes], master=cast.anna)
    url = open_url(door=Door.SCORE, client_id=cast.vera.pk, subject=visit.pk, today=TODAY)
    assert visitor.get(url.removeprefix("http://testserver"), follow=True).status_code == 404
