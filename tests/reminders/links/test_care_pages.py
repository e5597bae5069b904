"""Feedback and the one-tap question: what a client answers and what follows (practices.md, P13 and P14)."""

import re

import pytest

from crm.booking.models import Appointment
from crm.care.models import AfterAnswer, Call, Complaint, Feedback
from crm.people.models import HealthNote
from loyalty.vouchers.models import Voucher
from reminders.messages.models import Kind
from tests.reminders.cast import VISIT_ON, make_told, make_words
from tests.reminders.links.conftest import follow, text_of

SLOT = re.compile(r'name="slot" value="([\w-]+)"')


@pytest.fixture
def feedback(cast, visitor):
    message = make_told(cast, cast.vera, Kind.FEEDBACK)
    follow(visitor, message)
    return message


@pytest.fixture
def question(cast, visitor):
    make_words(cast.lashes)
    message = make_told(cast, cast.vera, Kind.LASHES)
    follow(visitor, message)
    return message


@pytest.mark.parametrize(
    ("score", "complaints", "calls", "said"),
    [
        (0, 1, 0, "Thank you for telling us"),
        (4, 1, 0, "Thank you for telling us"),
        (5, 0, 1, "Thank you for your honesty"),
        (6, 0, 1, "Thank you for your honesty"),
        (7, 0, 0, "next time it shall be even better"),
        (8, 0, 0, "next time it shall be even better"),
        (9, 0, 0, "You make our day"),
        (10, 0, 0, "You make our day"),
    ],
)
def test_score_has_its_consequence(visitor, feedback, score, complaints, calls, said):
    page = visitor.post(f"/my/feedback/{feedback.pk}/", {"score": score, "pleased": "Anna"}, follow=True)

    given = Feedback.objects.get()
    assert (given.score, given.pleased, given.visit_on) == (score, "Anna", VISIT_ON)
    assert (Complaint.objects.filter(source="feedback").count(), Call.objects.count()) == (complaints, calls)
    assert said in text_of(page)


def test_score_is_given_once(visitor, feedback):
    for score in (9, 0, 3):
        visitor.post(f"/my/feedback/{feedback.pk}/", {"score": score})

    assert [given.score for given in Feedback.objects.all()] == [9]
    assert not Complaint.objects.exists()


@pytest.mark.parametrize("score", ["", "11", "-1", "x", "5.5"])
def test_what_was_typed_stays_where_the_number_is_missing(visitor, feedback, score):
    page = visitor.post(
        f"/my/feedback/{feedback.pk}/", {"score": score, "pleased": "<b>tea</b>", "displeased": "noise"}
    )

    assert page.status_code == 422
    assert not Feedback.objects.exists()
    assert "&lt;b&gt;tea&lt;/b&gt;" in page.content.decode()
    assert ">noise</textarea>" in page.content.decode()


def test_question_is_asked_in_the_services_own_words(visitor, question):
    text = text_of(visitor.get(f"/my/answer/{question.pk}/"))

    for words in ("How are your lashes?", "Perfect", "Some fell out", "Itching or swelling"):
        assert words in text


def test_all_is_well_brings_slots(visitor, question, cast):
    page = visitor.post(f"/my/answer/{question.pk}/", {"answer": "good"}, follow=True)
    slots = SLOT.findall(page.content.decode())
    assert "How good to hear" in text_of(page)
    assert len(slots) == 3

    visitor.post(f"/my/answer/{question.pk}/book/", {"slot": slots[0]})

    appointment = Appointment.objects.get()
    assert (appointment.client, appointment.booked_by) == (cast.vera, "client")
    assert not Voucher.objects.exists()


def test_what_fell_out_is_mended_free(visitor, question, cast):
    page = visitor.post(f"/my/answer/{question.pk}/", {"answer": "mend"}, follow=True)
    slots = SLOT.findall(page.content.decode())
    assert "It costs you nothing" in text_of(page)

    for _ in range(2):
        visitor.post(f"/my/answer/{question.pk}/book/", {"slot": slots[0]})

    appointment, voucher = Appointment.objects.get(), Voucher.objects.get()
    assert appointment.master == cast.anna
    assert (voucher.kind, voucher.benefit, voucher.reserved_for) == ("amends", "free_service", appointment)
    assert list(voucher.services.all()) == [cast.lashes]


def test_alarm_says_what_to_do_tells_the_master_and_sells_nothing(visitor, question, cast):
    page = visitor.post(f"/my/answer/{question.pk}/", {"answer": "alarm"}, follow=True)

    assert "Take nothing off by yourself. We call you." in text_of(page)
    assert not SLOT.findall(page.content.decode())
    (call,) = Call.objects.all()
    assert (call.kind, call.assignee) == ("alarm", cast.anna.user)
    (complaint,) = Complaint.objects.all()
    assert complaint.is_urgent
    assert HealthNote.objects.filter(client=cast.vera).count() == 1
    # nothing can be booked past it either
    visitor.post(f"/my/answer/{question.pk}/book/", {"slot": "abc-1"})
    assert not Appointment.objects.exists()


def test_an_alarm_is_heard_after_any_other_answer_and_only_once(visitor, question):
    for answer in ("good", "mend", "alarm", "alarm", "good"):
        visitor.post(f"/my/answer/{question.pk}/", {"answer": answer})

    assert [given.answer for given in AfterAnswer.objects.all()] == ["alarm"]
    assert (Call.objects.count(), Complaint.objects.count(), HealthNote.objects.count()) == (1, 1, 1)


def test_an_answer_that_is_none_changes_nothing(visitor, question):
    visitor.post(f"/my/answer/{question.pk}/", {"answer": "<script>"})

    assert not AfterAnswer.objects.exists()


def test_without_words_of_its_own_the_question_stands_in_every_language(visitor, cast):
    for language in ("en", "ru", "bs", "ar"):
        cast.dina.language = language
        cast.dina.save()
        message = make_told(cast, cast.dina, Kind.LASHES, channel="sms", occasion=f"visit {language}")

        page = follow(visitor, message)

        assert page.content.decode().count('name="answer"') == 3
