"""The inbox at the desk: who waits, both directions, one tap for what she asks (practices.md, P22)."""

from datetime import timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.urls import reverse

from crm.booking.models import Appointment
from crm.care.models import Complaint
from reminders.consent.models import ContactPermission, MessageSettings
from reminders.consent.selectors import permission_of
from reminders.consent.services import withdraw
from reminders.inbox.models import Conversation
from reminders.messages.models import Kind, Message
from tests.factories import NOW, make_appointment, make_client
from tests.reminders.inbox.test_receiving import HOUR, comes, said

pytestmark = pytest.mark.django_db
KEY = "6f1c2b1e-5d7e-4f39-9a43-0d8e0c1f2a3b"


@pytest.fixture
def wrote(cast):
    comes("Where do I park?", sender=cast.vera.phone)
    return Conversation.objects.get()


def page_of(conversation, step=""):
    return reverse(f"desk:conversation{step}", args=[conversation.pk])


@pytest.mark.parametrize("rows", [1, 30])
def test_list_takes_the_same_queries_however_many_wait(cast, desk, django_assert_num_queries, rows):
    for number in range(rows):
        client = make_client(branch=cast.branch, phone=f"+387611002{number:02}")
        comes(sender=client.phone, number=f"p{number}")
    browser = desk(cast.receptionist)

    # session, user, branch with its count, settings; how many, and they with their last words
    with django_assert_num_queries(6):
        page = browser.get("/inbox/").content.decode()

    assert page.count("Good evening") == rows
    assert f'<span class="badge-count">{rows}<' in page


@pytest.mark.parametrize("rows", [1, 30])
def test_conversation_takes_the_same_queries_however_long(cast, desk, django_assert_num_queries, rows):
    appointment = make_appointment(client=cast.vera, master=cast.anna, starts_at=NOW + 20 * HOUR)
    for number in range(rows):
        said(cast.vera, Kind.REMINDER_24H, ago=(rows - number) * HOUR, appointment=appointment, body="See you")
        comes("Can we do Thursday?", sender=cast.vera.phone, number=f"p{number}", at=NOW - (rows - number) * HOUR / 2)
    browser, here = desk(cast.receptionist), page_of(Conversation.objects.get())

    # session, user, branch, settings; the conversation with the branches of this person; letters, messages,
    # what she allows, and who else may look after it
    with django_assert_num_queries(9):
        page = browser.get(here).content.decode()

    assert page.count("Can we do Thursday?") == rows
    # one step, however often she asks
    assert page.count("Show free times") == 1


def test_nobody_waiting_says_what_comes_here(cast, desk):
    assert "Nobody waits for an answer" in desk(cast.receptionist).get("/inbox/").content.decode()


def test_outsider_sees_nothing_of_another_branch(cast, desk, wrote):
    browser = desk(cast.outsider.user)

    assert "park" not in browser.get("/inbox/").content.decode()
    assert browser.get(page_of(wrote)).status_code == 404
    assert browser.post(page_of(wrote, "_answer"), {"text": "x", "key": KEY}).status_code == 404


def test_answer_goes_out_once_however_often_the_form_is_sent(cast, desk, wrote):
    browser = desk(cast.receptionist)

    for _press in range(2):
        answer = browser.post(page_of(wrote, "_answer"), {"text": "Behind the house", "key": KEY})
        assert answer.status_code == 302

    page = browser.get(page_of(wrote)).content.decode()
    assert Message.objects.filter(kind=Kind.ANSWER).count() == 1
    assert page.count("Behind the house") == 1
    assert "on its way" in page
    assert "Done by" in page


@pytest.mark.parametrize(
    ("text", "why"), [("   ", "Write a few words first."), ("long " * 400, "1530")], ids=["empty", "too long"]
)
def test_answer_that_cannot_go_keeps_what_was_typed(cast, desk, wrote, text, why):
    answer = desk(cast.receptionist).post(page_of(wrote, "_answer"), {"text": text, "key": KEY})

    assert answer.status_code == 422
    assert why in answer.content.decode()
    assert text.strip() in answer.content.decode()
    assert not Message.objects.filter(kind=Kind.ANSWER).exists()


def test_refused_channel_offers_a_call_and_keeps_what_was_typed(cast, desk, wrote):
    withdraw(client=cast.vera, purpose="service", channel="sms", where="link", now=NOW)

    answer = desk(cast.receptionist).post(page_of(wrote, "_answer"), {"text": "Behind the house", "key": KEY})

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Ring her instead" in page
    assert "Behind the house" in page
    assert f"tel:{cast.vera.phone}" in page


def test_size_of_an_sms_is_counted_with_its_cost(cast, desk, wrote):
    MessageSettings.objects.create(pk=1, sms_price="0.10")

    answer = desk(cast.receptionist).post(page_of(wrote, "_size"), {"text": "Ж" * 71})

    assert "2 parts" in answer.content.decode()
    assert "0.20" in answer.content.decode()


def test_a_refused_form_still_says_how_many_wait(cast, desk, wrote):
    answer = desk(cast.receptionist).post(page_of(wrote, "_answer"), {"text": " "})

    assert answer.status_code == 422
    assert "badge-count" in answer.content.decode()


def test_colleague_takes_it_over_and_hands_it_on(cast, desk, wrote):
    browser = desk(cast.receptionist)

    browser.post(page_of(wrote, "_take"))
    wrote.refresh_from_db()
    assert wrote.taken_by == cast.receptionist

    browser.post(page_of(wrote, "_hand_over"), {"colleague": cast.anna.user.pk})
    wrote.refresh_from_db()
    assert wrote.taken_by == cast.anna.user
    # it waits for Anna now
    assert "badge-count" not in browser.get("/inbox/").content.decode()

    browser.post(page_of(wrote, "_hand_over"), {"colleague": cast.outsider.user.pk})
    wrote.refresh_from_db()
    assert wrote.taken_by == cast.anna.user


def test_done_leaves_the_list_and_comes_back_by_undo(cast, desk, wrote):
    browser = desk(cast.receptionist)

    done = browser.post(page_of(wrote, "_done"), follow=True).content.decode()
    assert page_of(wrote, "_again") in done
    assert "Where do I park?" in browser.get("/inbox/?done=1").content.decode()

    browser.post(page_of(wrote, "_again"))
    assert "Where do I park?" in browser.get("/inbox/").content.decode()


def test_cancellation_she_asks_for_is_one_tap_with_undo(cast, desk):
    appointment = make_appointment(client=cast.vera, master=cast.anna, starts_at=NOW + 20 * HOUR)
    letter = comes("Sorry, I can't make it", sender=cast.vera.phone)
    browser = desk(cast.receptionist)
    here = page_of(letter.conversation)
    assert "She would cancel her appointment." in browser.get(here).content.decode()

    answer = browser.post(reverse("desk:letter_cancel", args=[letter.pk]), follow=True)

    appointment.refresh_from_db()
    assert (appointment.status, appointment.cancelled_by) == (Appointment.Status.CANCELLED, Appointment.By.CLIENT)
    undo = answer.context["messages"]
    assert "/undo/?next=" in next(iter(undo)).extra_tags
    # there is nothing left to cancel
    assert "would cancel her appointment" not in answer.content.decode()


def test_answer_in_words_leaves_the_button_that_cancels(cast, desk):
    make_appointment(client=cast.vera, master=cast.anna, starts_at=NOW + 20 * HOUR)
    letter = comes("Sorry, I can't make it", sender=cast.vera.phone)
    browser, here = desk(cast.receptionist), page_of(letter.conversation)

    browser.post(page_of(letter.conversation, "_answer"), {"text": "Get well soon", "key": str(uuid4())})

    letter.conversation.refresh_from_db()
    assert letter.conversation.done_at is not None
    assert "She would cancel her appointment." in browser.get(here).content.decode()
    browser.post(reverse("desk:letter_cancel", args=[letter.pk]))
    assert "would cancel her appointment" not in browser.get(here).content.decode()


def test_stop_after_a_reminder_asks_about_the_appointment(cast, desk):
    appointment = make_appointment(client=cast.vera, master=cast.anna, starts_at=NOW + 20 * HOUR)
    said(cast.vera, Kind.REMINDER_24H, appointment=appointment)
    letter = comes("Стоп", sender=cast.vera.phone)

    page = desk(cast.receptionist).get(page_of(letter.conversation)).content.decode()

    assert "Cancel the appointment?" in page
    assert "Show free times" not in page


def test_words_of_trouble_lead_to_the_complaint_or_leave_none(cast, desk):
    letter = comes("Ovo je užasno", sender=cast.vera.phone)
    browser = desk(cast.receptionist)
    assert "She is not content." in browser.get(page_of(letter.conversation)).content.decode()

    browser.post(reverse("desk:letter_no_complaint", args=[letter.pk]))

    assert not Complaint.objects.exists()
    assert "She is not content." not in browser.get(page_of(letter.conversation)).content.decode()


def test_sentence_that_wants_no_more_is_heeded_by_one_tap(cast, desk):
    letter = comes("Please stop sending me these", sender=cast.vera.phone)

    desk(cast.receptionist).post(reverse("desk:letter_stop", args=[letter.pk]))

    assert not permission_of(cast.vera).care_sms


def test_stranger_becomes_a_client_or_is_found_among_them(cast, desk):
    comes("Do you have time?", sender="+38761100088", number="s1")
    comes("It is Vera", sender="+38761100099", number="s2")
    new, known = Conversation.objects.order_by("pk")
    browser = desk(cast.receptionist)
    assert "Who is this?" in browser.get(page_of(new)).content.decode()
    assert browser.post(page_of(new, "_who"), {"name": " "}).status_code == 422

    browser.post(page_of(new, "_who"), {"name": "Mira Example"})
    chosen = browser.get(page_of(known, "_who"), {"client": cast.vera.pk}).content.decode()
    browser.post(page_of(known, "_who"), {"client": cast.vera.pk, "hers_now": "on"})

    new.refresh_from_db()
    cast.vera.refresh_from_db()
    assert (new.client.name, new.client.phone) == ("Mira Example", "+38761100088")
    assert "is no longer hers" in chosen
    assert cast.vera.phone == "+38761100099"


def test_today_says_how_many_wait_for_an_answer(cast, desk, wrote):
    page = desk(cast.receptionist).get("/").content.decode()

    assert "1 waits for an answer" in page
    assert reverse("desk:inbox") in page


def test_desk_writes_first_by_the_way_that_she_allows_and_her_answer_comes_to_whoever_wrote(cast, desk):
    browser, here = desk(cast.receptionist), reverse("desk:client_write", args=[cast.vera.pk])
    form = browser.get(here).context["form"]
    words = {"channel": "sms", "text": "Your ring is here.", "key": form.initial["key"]}

    sent = browser.post(here, words)
    again = browser.post(here, words)

    conversation, message = Conversation.objects.get(), Message.objects.get(kind=Kind.ANSWER)
    assert sent["Location"] == again["Location"] == page_of(conversation)
    assert (message.body, message.channel, message.written_by) == ("Your ring is here.", "sms", cast.receptionist)
    assert (conversation.taken_by, conversation.done_at is None) == (cast.receptionist, False)
    comes("Thank you!", sender=cast.vera.phone)
    conversation.refresh_from_db()
    assert (conversation.done_at, conversation.taken_by) == (None, cast.receptionist)


def test_what_the_desk_writes_at_night_waits_for_the_morning(cast, desk):
    night = NOW.replace(hour=21)
    with time_machine.travel(night, tick=False):
        desk(cast.receptionist).post(
            reverse("desk:client_write", args=[cast.vera.pk]),
            {"channel": "sms", "text": "Your ring is here.", "key": KEY},
        )

    message = Message.objects.get(kind=Kind.ANSWER)
    assert message.send_at.astimezone(ZoneInfo(cast.branch.time_zone)).hour == 9
    assert message.not_after > message.send_at > night


def test_who_cannot_be_written_to_is_rung(cast, desk):
    ContactPermission.objects.create(client=cast.vera, service_sms=False, service_email=False)
    here = reverse("desk:client_write", args=[cast.vera.pk])

    page = desk(cast.receptionist).get(here)
    posted = desk(cast.receptionist).post(here, {"channel": "sms", "text": "x", "key": KEY})

    assert f"tel:{cast.vera.phone}" in page.text
    assert (posted.status_code, Message.objects.filter(kind=Kind.ANSWER).exists()) == (422, False)


def test_she_would_cancel_and_nothing_is_booked(cast, desk):
    comes("I have to cancel, sorry", sender=cast.vera.phone)

    page = desk(cast.receptionist).get(page_of(Conversation.objects.get())).text

    assert "nothing is booked in her name" in page
    assert "Cancel the appointment" not in page


def test_who_wrote_this_minute_waits_for_no_minutes(cast, desk, wrote):
    Conversation.objects.update(waiting_since=NOW)

    with time_machine.travel(NOW + timedelta(seconds=40), tick=False):
        assert "Wrote just now" in desk(cast.receptionist).get(page_of(wrote)).text
        assert "just now" in desk(cast.receptionist).get("/inbox/").text
