"""The demo's mailbox takes real mail and keeps it readable."""

import smtplib
import socket
from datetime import UTC, datetime

import pytest
from django.core.mail import EmailMessage
from django.core.management import CommandError, call_command

from reminders.transports.mailbox import attachments, headers, keep_mail, mailbox_server
from reminders.transports.models import MailboxLetter
from reminders.transports.services import Attachment, Outgoing, send

NOW = datetime(2026, 6, 10, 9, 0, tzinfo=UTC)


@pytest.fixture
def port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.mark.django_db(transaction=True)
def test_mail_sent_to_the_mailbox_is_kept(settings, port):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    server = mailbox_server(port)
    server.start()
    try:
        accepted = send(
            Outgoing(
                channel="email",
                to="leila@example.test",
                subject="موعدك",
                text="نراك غدًا",
                html="<p dir=rtl>نراك غدًا</p>",
                idempotency_key="message 1",
                attachments=(Attachment(name="visit.ics", content=b"BEGIN", content_type="text/calendar"),),
            )
        )
    finally:
        server.stop()

    letter = MailboxLetter.objects.get()
    assert (letter.channel, letter.recipient, letter.subject) == ("email", "leila@example.test", "موعدك")
    assert letter.text == "نراك غدًا"
    assert letter.html.strip() == "<p dir=rtl>نراك غدًا</p>"
    assert letter.message_id == accepted.provider_id
    assert attachments(letter) == [("visit.ics", "text/calendar", b"BEGIN")]
    assert ("To", "leila@example.test") in headers(letter)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\xff\xfe\x00",
        b"Subject: =?utf-8?b?!!!?=\r\n\r\nx",
        b"Content-Type: text/plain; charset=nonsense\r\n\r\nx",
    ],
)
def test_a_broken_letter_is_kept_too(raw):
    (letter,) = keep_mail(raw, sender="a@example.test", recipients=["b@example.test"], now=NOW)

    assert letter.recipient == "b@example.test"
    assert attachments(letter) == []


@pytest.mark.django_db
def test_a_folded_subject_is_shown_without_the_blank_of_its_folding():
    # Django folds a long subject that is not ASCII right after its name
    raw = EmailMessage("Vaš termin je potvrđen: ponedjeljak, 23. novembra, 17:45, trepavice", "x").message().as_bytes()

    (letter,) = keep_mail(raw, sender="a@example.test", recipients=["b@example.test"], now=NOW)

    assert b"Subject: \n =?utf-8?" in raw
    assert letter.subject == "Vaš termin je potvrđen: ponedjeljak, 23. novembra, 17:45, trepavice"


def test_the_mailbox_is_for_the_demo_only(settings):
    settings.DEMO = False

    with pytest.raises(CommandError, match="DEMO=1"):
        call_command("demo_mailbox")


@pytest.mark.django_db(transaction=True)
def test_the_mailbox_refuses_nobody(port):
    server = mailbox_server(port)
    server.start()
    try:
        with smtplib.SMTP("127.0.0.1", port) as line:
            line.sendmail("a@example.test", ["b@example.test", "c@example.test"], b"Subject: x\r\n\r\ny")
    finally:
        server.stop()

    assert sorted(MailboxLetter.objects.values_list("recipient", flat=True)) == ["b@example.test", "c@example.test"]
