"""The desk answers, takes over, hands on, and says who a stranger is (practices.md, P22)."""

from datetime import timedelta

import pytest

from crm.care.models import Complaint
from crm.care.services import ComplaintRefused, answer_complaint
from reminders.consent.models import ConsentEvent
from reminders.consent.selectors import permission_of
from reminders.consent.services import mark_dead, withdraw
from reminders.inbox.models import Conversation, Letter
from reminders.inbox.selectors import talk, with_waiting
from reminders.inbox.services import (
    AnswerRefused,
    OtherBranch,
    answer,
    finish,
    is_no_complaint,
    look_after,
    reopen,
    stop_for_her,
    tie,
    write_down,
)
from reminders.journeys.services.dispatch import send_due
from reminders.messages.models import Kind, Message
from reminders.messages.rendering import render
from reminders.transports.models import MailboxLetter
from tests.factories import NOW, make_branch, make_client
from tests.reminders.inbox.test_receiving import HOUR, comes, said

pytestmark = pytest.mark.django_db


@pytest.fixture
def wrote(cast):
    """Vera has written by SMS."""
    comes("Where do I park?", sender=cast.vera.phone)
    return Conversation.objects.get()


def test_answer_goes_at_once_at_night_by_the_channel_of_the_letter(cast, wrote, settings):
    settings.SMS_URL = "mailbox://"
    night = NOW.replace(hour=0)

    answer(conversation=wrote, text=" Behind the house. ", key="k1", now=night, user=cast.anna.user)
    send_due(now=night)

    letter = MailboxLetter.objects.get()
    assert (letter.recipient, letter.text) == (cast.vera.phone, "Behind the house.")
    message = Message.objects.get(kind=Kind.ANSWER)
    assert (message.state, message.body, message.purpose, message.written_by) == (
        "sent",
        "Behind the house.",
        "service",
        cast.anna.user,
    )
    wrote.refresh_from_db()
    assert (wrote.done_by, wrote.taken_by) == (cast.anna.user, cast.anna.user)


def test_answer_sent_twice_is_one_answer(cast, wrote):
    assert answer(conversation=wrote, text="Behind", key="k1", now=NOW, user=cast.anna.user) is not None
    assert answer(conversation=wrote, text="Behind", key="k1", now=NOW, user=cast.anna.user) is None

    assert Message.objects.filter(kind=Kind.ANSWER).count() == 1


@pytest.mark.parametrize("closed", ["refused", "dead", "no number"])
def test_closed_channel_is_not_answered_by(cast, wrote, closed):
    if closed == "refused":
        withdraw(client=cast.vera, purpose="service", channel="sms", where="link", now=NOW)
    elif closed == "dead":
        mark_dead(client=cast.vera, channel="sms", now=NOW)
    else:
        type(cast.vera).objects.filter(pk=cast.vera.pk).update(phone="")

    with pytest.raises(AnswerRefused):
        answer(conversation=wrote, text="Behind", key="k1", now=NOW, user=cast.anna.user)


def test_channel_refused_after_the_answer_was_written_takes_it_back(cast, wrote, settings):
    settings.SMS_URL = "mailbox://"
    answer(conversation=wrote, text="Behind", key="k1", now=NOW, user=cast.anna.user)
    withdraw(client=cast.vera, purpose="service", channel="sms", where="link", now=NOW)

    send_due(now=NOW)

    message = Message.objects.get(kind=Kind.ANSWER)
    assert (message.state, message.state_reason) == ("cancelled", "no_channel")
    assert not MailboxLetter.objects.exists()


def test_mail_stands_under_hers_and_keeps_its_words_however_often_it_is_tried(cast):
    comes("Where?", channel="email", sender=cast.vera.email, number="<her@example.test>", subject="Re: Your visit")
    message = answer(
        conversation=Conversation.objects.get(), text="Behind.\n\nAnna", key="k1", now=NOW, user=cast.anna.user
    )

    mail = render(message, now=NOW)

    assert mail.subject == "Re: Your visit"
    assert (mail.headers["In-Reply-To"], mail.headers["References"]) == ("<her@example.test>", "<her@example.test>")
    assert "List-Unsubscribe" not in mail.headers
    assert "Behind.\n\nAnna" in mail.text
    assert message.body == "Behind.\n\nAnna"


def test_colleague_takes_over_and_nobody_of_another_branch_can(cast, wrote):
    assert look_after(conversation=wrote, colleague=cast.anna.user) is None
    assert look_after(conversation=wrote, colleague=cast.receptionist) == cast.anna.user
    with pytest.raises(OtherBranch):
        look_after(conversation=wrote, colleague=cast.outsider.user)

    wrote.refresh_from_db()
    assert wrote.taken_by == cast.receptionist


def test_done_can_be_undone_and_waits_since_it_did(cast, wrote):
    assert finish(conversation=wrote, now=NOW + HOUR, user=cast.anna.user)
    assert not finish(conversation=wrote, now=NOW + HOUR, user=cast.anna.user)
    assert reopen(conversation=wrote)

    wrote.refresh_from_db()
    assert (wrote.done_at, wrote.done_by, wrote.waiting_since) == (None, None, NOW)


def test_branch_comes_with_what_waits_there_for_this_person(cast, wrote):
    comes(sender="+38761100099", number="p2")
    elsewhere = make_branch()

    def counted(user):
        return {branch: branch.inbox_waiting for branch in with_waiting(type(elsewhere).objects.all(), user)}

    assert counted(cast.anna.user)[cast.branch] == 2
    # a stranger waits everywhere
    assert counted(cast.anna.user)[elsewhere] == 1
    look_after(conversation=wrote, colleague=cast.anna.user)
    assert (counted(cast.anna.user)[cast.branch], counted(cast.receptionist)[cast.branch]) == (2, 1)


def test_talk_is_both_directions_by_time_without_what_never_went(cast, wrote):
    thanks = said(cast.vera, Kind.THANKS, ago=3 * HOUR)
    said(cast.vera, Kind.WIN_BACK, ago=2 * HOUR, channel="call")
    dropped = said(cast.vera, Kind.BIRTHDAY)
    Message.objects.filter(pk=dropped.pk).update(state="dropped", sent_at=None)
    written = answer(conversation=wrote, text="Behind", key="k1", now=NOW + HOUR, user=cast.anna.user)

    assert [each.message or each.letter for each in talk(wrote, last=50)] == [thanks, Letter.objects.get(), written]


def test_stranger_with_another_number_is_tied_and_answered_at_the_known_one(cast):
    comes("It is me, Vera", sender="+38761100099")
    stranger = Conversation.objects.get()

    hers = tie(conversation=stranger, client=cast.vera, now=NOW)

    cast.vera.refresh_from_db()
    assert (hers.client, hers.branch, cast.vera.phone) == (cast.vera, cast.branch, "+38761100101")
    assert Conversation.objects.count() == 1


def test_number_that_is_hers_now_is_written_on_her_card_and_joins_what_she_wrote(cast, wrote):
    mark_dead(client=cast.vera, channel="sms", now=NOW)
    comes("New number", sender="+38761100099", number="p2", at=NOW + HOUR, now=NOW + HOUR)

    hers = tie(conversation=Conversation.objects.get(client=None), client=cast.vera, now=NOW + HOUR, is_hers_now=True)

    cast.vera.refresh_from_db()
    assert (hers, cast.vera.phone, permission_of(cast.vera).sms_dead_at) == (wrote, "+38761100099", None)
    assert (hers.letters.count(), hers.waiting_since, hers.sender) == (2, NOW, "+38761100099")


def test_stop_of_a_stranger_counts_once_it_is_known_who_it_is(cast):
    comes("stop", sender="+38761100099")

    tie(conversation=Conversation.objects.get(), client=cast.vera, now=NOW)

    assert not permission_of(cast.vera).care_sms


def test_stranger_is_written_down_as_a_new_client(cast):
    comes("Do you have time on Friday?", channel="email", sender="mira@example.test")

    hers = write_down(conversation=Conversation.objects.get(), branch=cast.branch, name="Mira Example", now=NOW)

    assert (hers.client.name, hers.client.email, hers.branch) == ("Mira Example", "mira@example.test", cast.branch)


def test_sentence_that_wants_no_more_is_heeded_by_a_person_with_her_words_kept(cast):
    letter = comes("Please stop sending me these", sender=cast.vera.phone)

    stop_for_her(letter=letter, client=cast.vera, now=NOW, user=cast.anna.user)

    event = ConsentEvent.objects.get(purpose="care")
    assert (event.where, event.user, event.text_shown) == ("desk", cast.anna.user, "Please stop sending me these")


def test_words_that_are_no_complaint_leave_none_behind(cast):
    letter = comes("The weather is terrible, I will be late", sender=cast.vera.phone)
    assert Complaint.objects.exists()

    is_no_complaint(letter=letter)

    assert not Complaint.objects.exists()


def test_complaint_that_somebody_has_begun_with_stays(cast):
    letter = comes("I am very disappointed", sender=cast.vera.phone)
    answer_complaint(complaint=Complaint.objects.get(), text="Sorry", now=NOW, user=cast.receptionist)

    with pytest.raises(ComplaintRefused):
        is_no_complaint(letter=letter)


def test_two_clients_with_one_number_each_keep_their_conversation():
    branch = make_branch()
    mother, daughter = (make_client(branch=branch, phone="+38761100001") for _ in range(2))
    said(mother, Kind.THANKS, ago=5 * HOUR)
    comes(number="p1")
    said(daughter, Kind.THANKS, ago=timedelta(minutes=1))

    comes(number="p2")

    assert {conversation.client for conversation in Conversation.objects.all()} == {mother, daughter}
