"""A letter comes in: kept once, in the conversation of whoever wrote it, and heeded (practices.md, P22)."""

from datetime import timedelta

import pytest

from crm.care.models import Complaint
from reminders.consent.models import ConsentEvent
from reminders.consent.selectors import permission_of
from reminders.consent.services import grant, stop_channel
from reminders.inbox.models import Conversation, Letter, Meaning
from reminders.inbox.services import receive
from reminders.journeys.services.dispatch import send_due
from reminders.messages.models import Kind, Message
from reminders.transports.models import MailboxLetter
from tests.factories import NOW, make_appointment, make_branch, make_client
from tests.reminders.cast import make_message

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def comes(text="Good evening", *, sender="+38761100001", channel="sms", number="p1", at=NOW, now=NOW, **fields):
    return receive(
        channel=channel, sender=sender, text=text, provider="sink", provider_id=number, at=at, now=now, **fields
    )


def said(client, kind, *, ago=HOUR, channel="sms", **fields):
    """A message that went out a while before NOW."""
    return make_message(client, kind, channel=channel, state="sent", sent_at=NOW - ago, now=NOW - ago, **fields)


@pytest.fixture
def vera(cast):
    grant(client=cast.vera, purpose="marketing", channel="sms", where="desk", now=NOW - 100 * HOUR)
    return cast.vera


def test_letter_told_twice_is_kept_once(cast):
    assert comes(sender=cast.vera.phone) is not None
    assert comes(sender=cast.vera.phone) is None

    assert Letter.objects.count() == 1


def test_number_without_plus_and_an_address_with_a_name_find_the_client():
    ana = make_client(branch=make_branch(), phone="+38761100001", email="ana@example.test")

    first = comes(sender="38761100001")
    second = comes(channel="email", sender="Ana <ANA@example.test>", number="p2")

    assert (first.sender, second.sender) == ("+38761100001", "ana@example.test")
    assert Conversation.objects.get().client == ana


def test_stranger_has_one_conversation_that_every_branch_sees():
    comes(sender="+38761100099")
    comes(sender="00387 61 100 099", number="p2", at=NOW - timedelta(minutes=5))

    conversation = Conversation.objects.get()
    assert (conversation.client, conversation.branch, conversation.sender) == (None, None, "+38761100099")
    assert (conversation.waiting_since, conversation.last_at) == (NOW, NOW)


def test_of_two_with_one_telephone_it_is_the_one_last_written_to():
    branch = make_branch()
    mother, daughter = (make_client(branch=branch, phone="+38761100001") for _ in range(2))
    said(mother, Kind.THANKS, ago=5 * HOUR)
    reminder = said(daughter, Kind.REMINDER_24H, ago=HOUR)

    letter = comes()

    assert (letter.conversation.client, letter.answers) == (daughter, reminder)


def test_mail_names_the_letter_that_it_answers():
    branch = make_branch()
    mother, daughter = (make_client(branch=branch, email="home@example.test") for _ in range(2))
    named = said(mother, Kind.THANKS, ago=5 * HOUR, channel="email", provider_id="<1@example.test>")
    said(daughter, Kind.REMINDER_24H, ago=HOUR, channel="email", provider_id="<2@example.test>")

    letter = comes(channel="email", sender="home@example.test", in_reply_to="<1@example.test>")

    assert (letter.conversation.client, letter.answers) == (mother, named)


def test_stop_word_stops_the_channel_with_evidence_and_is_confirmed_once_by_it(vera):
    comes("Стоп!", sender=vera.phone)
    comes("STOP", sender=vera.phone, number="p2", now=NOW + HOUR)

    allowed = permission_of(vera)
    assert (allowed.marketing_sms, allowed.care_sms, allowed.service_sms, allowed.care_email) == (
        False,
        False,
        True,
        True,
    )
    first = ConsentEvent.objects.filter(where="stop", at=NOW).order_by("purpose")
    assert list(first.values_list("purpose", "channel", "is_given", "text_shown")) == [
        ("care", "sms", False, "Стоп!"),
        ("marketing", "sms", False, "Стоп!"),
    ]
    confirmation = Message.objects.get(kind=Kind.OPT_OUT)
    assert (confirmation.channel, confirmation.purpose, confirmation.appointment) == ("sms", "service", None)
    # nobody at the desk has to look
    assert Conversation.objects.get().done_at == NOW


def test_stop_of_a_shared_telephone_stops_all_whom_it_reaches():
    branch = make_branch()
    both = [make_client(branch=branch, phone="+38761100001") for _ in range(2)]

    comes("stop")

    assert [permission_of(client).care_sms for client in both] == [False, False]
    assert Message.objects.filter(kind=Kind.OPT_OUT).count() == 1


def test_stop_soon_after_a_reminder_asks_whether_the_appointment_was_meant(cast, vera, settings):
    settings.SMS_URL = "mailbox://"
    appointment = make_appointment(client=vera, master=cast.anna, starts_at=NOW + 20 * HOUR, services=[cast.lashes])
    said(vera, Kind.REMINDER_24H, ago=71 * HOUR, appointment=appointment)

    letter = comes("cancel", sender=vera.phone)
    send_due(now=NOW)

    assert (letter.meaning, letter.appointment) == (Meaning.STOP, appointment)
    assert Conversation.objects.get().done_at is None
    assert appointment.status == "booked"
    words = MailboxLetter.objects.get(recipient=vera.phone).text
    assert "Did you mean your appointment" in words
    assert words.count("http://testserver/my/o/") == 2


def test_stop_long_after_a_reminder_is_about_messages_only(cast, vera):
    appointment = make_appointment(client=vera, master=cast.anna, starts_at=NOW + 20 * HOUR)
    said(vera, Kind.CONFIRMATION, ago=73 * HOUR, appointment=appointment)

    assert comes("cancel", sender=vera.phone).appointment is None


def test_word_inside_a_sentence_stops_nothing_and_waits(vera):
    comes("I will stop by at 5", sender=vera.phone)

    assert permission_of(vera).marketing_sms
    assert Conversation.objects.get().done_at is None
    assert not Message.objects.filter(kind=Kind.OPT_OUT).exists()


def test_start_brings_care_back_and_offers_only_with_consent(vera):
    stop_channel(client=vera, channel="sms", where="stop", now=NOW - HOUR)

    comes("START", sender=vera.phone)

    assert (permission_of(vera).care_sms, permission_of(vera).marketing_sms) == (True, False)


def test_letter_that_asks_to_cancel_names_the_appointment_of_the_message(cast, vera):
    sooner, later = (
        make_appointment(client=vera, master=cast.anna, starts_at=NOW + hours * HOUR) for hours in (20, 200)
    )
    said(vera, Kind.CHANGE, appointment=later)

    about_that = comes("Sorry, I can't make it", sender=vera.phone)
    Message.objects.update(appointment=None)
    about_next = comes("Можно в пятницу?", sender=vera.phone, number="p2")

    assert (about_that.meaning, about_that.appointment) == (Meaning.CANCEL, later)
    assert (about_next.meaning, about_next.appointment) == (Meaning.MOVE, sooner)


def test_words_that_complain_open_one_complaint(vera):
    first = comes("I am very disappointed", sender=vera.phone)
    second = comes("My eyes are swollen", sender=vera.phone, number="p2")

    complaint = Complaint.objects.get()
    assert (complaint.source, complaint.text, complaint.client) == ("reply", "I am very disappointed", vera)
    assert (first.complaint, second.complaint) == (complaint, complaint)


def test_next_letter_opens_what_was_done(vera):
    comes(sender=vera.phone)
    Conversation.objects.update(done_at=NOW)

    comes("One more thing", sender=vera.phone, number="p2", at=NOW + HOUR, now=NOW + HOUR)

    conversation = Conversation.objects.get()
    assert (conversation.done_at, conversation.waiting_since) == (None, NOW + HOUR)
