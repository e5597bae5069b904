"""How a message fared: told by its provider, or asked for; and what follows for her."""

from datetime import timedelta

import pytest

from reminders.consent.models import ContactPermission
from reminders.journeys.services import dispatch
from reminders.journeys.services.planning import plan_due
from reminders.messages.models import Message
from reminders.messages.reports import ask_providers, record_report
from reminders.transports.models import MailboxLetter
from reminders.transports.services import Fate, Report
from tests.factories import TODAY, make_branch
from tests.reminders.playing_salon import switch_everything_on
from tests.reminders.salon_day import ELEVEN, allow, days, known, make_regular
from tests.reminders.servers import sms_provider_server

pytestmark = pytest.mark.django_db

BEFORE = ELEVEN - timedelta(hours=2)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def branch():
    switch_everything_on(ELEVEN - days(200))
    return make_branch("Harbour")


@pytest.fixture
def invited(branch, settings):
    """Vera prefers SMS, may be written to by mail as well, and was just invited by SMS."""
    settings.SMS_URL = "mailbox://"
    vera = make_regular(
        branch, TODAY - days(25), phone="+38761100101", email="vera@example.test", preferred_channel="sms"
    )
    allow(vera, marketing_sms=True, marketing_email=True)
    known(vera, now=BEFORE)
    plan_due(now=BEFORE)
    plan_due(now=ELEVEN)
    assert dispatch.send_due(now=ELEVEN) == 1
    return Message.objects.get()


def dead(message: Message) -> Report:
    return Report(provider_id=message.provider_id, fate=Fate.FAILED, detail="no such number", address_is_dead=True)


def test_dead_number_is_tried_no_more_and_she_gets_it_by_mail(invited, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

    assert record_report(provider="mailbox", report=dead(invited), now=ELEVEN + MINUTE)

    invited.refresh_from_db()
    assert ContactPermission.objects.get().sms_dead_at == ELEVEN + MINUTE
    assert (invited.state, invited.send_at) == ("planned", ELEVEN + MINUTE)
    assert dispatch.send_due(now=ELEVEN + 2 * MINUTE) == 1
    invited.refresh_from_db()
    assert (invited.state, invited.channel, invited.address) == ("sent", "email", "vera@example.test")
    # told once more of the SMS that was: nothing of it is left
    report = Report(provider_id="1", fate=Fate.FAILED, address_is_dead=True)
    assert not record_report(provider="mailbox", report=report, now=ELEVEN + 3 * MINUTE)


def test_dead_number_of_a_message_that_is_over_ends_there(invited):
    late = invited.not_after + MINUTE

    assert record_report(provider="mailbox", report=dead(invited), now=late)

    invited.refresh_from_db()
    assert (invited.state, invited.state_reason) == ("failed", "no such number")
    assert [event.state for event in invited.events.order_by("pk")][-1] == "failed"


def test_number_that_she_has_changed_since_lives(invited):
    invited.client.phone = "+38761100102"
    invited.client.save()

    assert record_report(provider="mailbox", report=dead(invited), now=ELEVEN + MINUTE)

    assert ContactPermission.objects.get().sms_dead_at is None
    assert Message.objects.get().state == "failed"


def test_failure_that_is_not_the_numbers_leaves_the_number_alone(invited):
    report = Report(provider_id=invited.provider_id, fate=Fate.FAILED, detail="expired")

    assert record_report(provider="mailbox", report=report, now=ELEVEN + MINUTE)

    assert ContactPermission.objects.get().sms_dead_at is None
    invited.refresh_from_db()
    assert (invited.state, invited.state_reason) == ("failed", "expired")


# Asked for ------------------------------------------------------------------


def test_provider_that_tells_nothing_is_asked_until_it_knows(invited):
    assert invited.ask_at == ELEVEN + 2 * MINUTE
    assert ask_providers(now=ELEVEN + MINUTE) == 0
    # the mailbox forgets it for a while
    letter = MailboxLetter.objects.get()
    MailboxLetter.objects.update(channel="lost")
    waits, now = [], ELEVEN + 2 * MINUTE
    for _time in range(5):
        assert ask_providers(now=now) == 0
        asked_next = Message.objects.get().ask_at
        waits.append(round((asked_next - now).total_seconds() / 60))
        now = asked_next
    assert waits == [2, 4, 8, 16, 32]
    MailboxLetter.objects.filter(pk=letter.pk).update(channel="sms")

    assert ask_providers(now=now) == 1

    invited.refresh_from_db()
    assert (invited.state, invited.ask_at) == ("delivered", None)


def test_nobody_is_asked_for_longer_than_three_days(invited):
    MailboxLetter.objects.all().delete()
    Message.objects.update(ask_at=ELEVEN + days(2))

    assert ask_providers(now=ELEVEN + days(2)) == 0

    invited.refresh_from_db()
    assert (invited.state, invited.ask_at) == ("sent", None)


def test_provider_in_trouble_is_left_in_peace_until_the_next_turn(invited, settings):
    Message.objects.update(provider="twilio", provider_id="SM1")
    other = Message.objects.get()
    other.pk, other.occasion, other.provider_id = None, "another", "SM2"
    other.save()
    with sms_provider_server() as server:
        settings.SMS_URL = f"twilio://AC1:secret@?from=%2B1555&base={server.url}"
        server.answer = lambda asked: (503, {}, b"")
        now = ELEVEN + 2 * MINUTE

        assert ask_providers(now=now) == 0

        assert len(server.asked) == 1
        # asked once, it waits; the other one is asked at the next turn
        server.answer = lambda asked: (200, {}, {"status": "delivered"})
        assert ask_providers(now=now) == 1


def test_provider_that_reports_by_itself_is_not_asked(invited, settings):
    settings.SMS_URL = "smsru://API@?callback=https://salon.example.test/hooks/smsru/"
    Message.objects.update(state="sending", claim=None, ask_at=None)
    message = Message.objects.get()

    dispatch.record_sent(message=message, now=ELEVEN, sent_on=TODAY, provider="smsru", provider_id="1-1")

    assert Message.objects.get().ask_at is None
