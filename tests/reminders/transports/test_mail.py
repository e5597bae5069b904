"""Mail by a real SMTP conversation with a server in this process."""

import pytest

from reminders.transports.mail import DJANGOS_SMTP
from reminders.transports.services import (
    Attachment,
    Outgoing,
    PermanentFailure,
    TemporaryFailure,
    UnknownFate,
    connection_held,
    send,
)
from tests.reminders.servers import post_office


@pytest.fixture(params=["word by word", "in one go"])
def office(settings, request):
    """A server that wants to be spoken to word by word, and one that takes an envelope in one go (RFC 2920)."""
    with post_office() as (office, port):
        office.takes_all_at_once = request.param == "in one go"
        settings.EMAIL_BACKEND = DJANGOS_SMTP
        settings.EMAIL_URL = f"smtp://127.0.0.1:{port}"
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", port, 5
        settings.DEFAULT_FROM_EMAIL = "salon@example.test"
        yield office


def letter(**fields) -> Outgoing:
    given = {
        "channel": "email",
        "to": "vera@example.test",
        "subject": "Before tomorrow",
        "text": "See you tomorrow.",
        "html": "<p>See you tomorrow.</p>",
        "idempotency_key": "message 12",
        "sender_name": "Salon Примavera",
    }
    return Outgoing(**{**given, **fields})


def test_mail_arrives_whole(office):
    accepted = send(
        letter(
            headers={"List-Unsubscribe": "<http://testserver/my/stop/x/>"},
            attachments=(
                Attachment(
                    name="visit.ics",
                    content=b"BEGIN:VCALENDAR",
                    content_type="text/calendar",
                    parameters={"method": "REQUEST"},
                ),
            ),
        )
    )

    (mail,) = office.letters
    assert mail["To"] == "vera@example.test"
    assert mail["From"] == "Salon Примavera <salon@example.test>"
    assert mail["Subject"] == "Before tomorrow"
    assert mail["List-Unsubscribe"] == "<http://testserver/my/stop/x/>"
    assert mail["Message-ID"] == accepted.provider_id
    assert mail.get_body(("plain",)).get_content().strip() == "See you tomorrow."
    assert mail.get_body(("html",)).get_content().strip() == "<p>See you tomorrow.</p>"
    (file,) = mail.iter_attachments()
    assert (file.get_filename(), file.get_content_type(), file.get_param("method")) == (
        "visit.ics",
        "text/calendar",
        "REQUEST",
    )
    assert file.get_content().strip() == "BEGIN:VCALENDAR"


def test_line_that_is_a_dot_does_not_end_a_letter(office):
    send(letter(text="One\n.\n..two\n", html=""))

    (mail,) = office.letters
    assert mail.get_content().replace("\r\n", "\n").strip() == "One\n.\n..two"


def test_mail_is_answered_where_answers_are_taken_in(office, settings):
    send(letter())
    settings.REPLY_TO_EMAIL = "reply@in.salon.test"
    send(letter())

    assert [mail["Reply-To"] for mail in office.letters] == [None, "reply@in.salon.test"]


def test_mail_has_one_number_for_all_tries_of_a_message(office):
    first, second, other = send(letter()), send(letter()), send(letter(idempotency_key="message 13"))

    assert first.provider_id == second.provider_id
    assert first.provider_id != other.provider_id


def test_mail_headers_cannot_be_injected(office):
    send(
        letter(
            subject="Hello\r\nBcc: all@example.test",
            sender_name="Salon\nX-Evil: yes",
            headers={"X-Note": "one\r\nX-Evil: yes"},
        )
    )

    (mail,) = office.letters
    assert mail["Bcc"] is None
    assert mail["X-Evil"] is None
    assert mail["Subject"] == "Hello Bcc: all@example.test"
    assert mail["X-Note"] == "one X-Evil: yes"


def test_batch_shares_one_conversation(office):
    with connection_held():
        for number in range(5):
            send(letter(idempotency_key=f"message {number}"))
    send(letter())

    assert len(office.letters) == 6
    assert office.conversations == 2


@pytest.mark.parametrize(
    ("at", "words", "failure", "is_dead"),
    [
        ("rcpt", "450 4.2.0 busy", TemporaryFailure, None),
        ("rcpt", "451 greylisted", TemporaryFailure, None),
        ("rcpt", "550 5.1.1 no such user", PermanentFailure, True),
        ("rcpt", "550 no such user", PermanentFailure, True),
        ("rcpt", "552 5.2.2 mailbox full", PermanentFailure, False),
        ("rcpt", "550 5.2.1 mailbox closed", PermanentFailure, True),
        ("rcpt", "554 5.7.1 we do not like you", PermanentFailure, False),
        ("mail", "550 5.7.1 not from you", PermanentFailure, False),
        ("mail", "421 4.3.2 going down", TemporaryFailure, None),
        ("data", "554 5.6.0 bad content", PermanentFailure, False),
        ("data", "452 4.3.1 no room", TemporaryFailure, None),
    ],
)
def test_mail_answers_are_put_into_their_class(office, at, words, failure, is_dead):
    setattr(office, at, words)

    with pytest.raises(failure) as caught:
        send(letter())

    assert getattr(caught.value, "address_is_dead", None) is is_dead
    assert office.letters == []


def test_mail_without_an_answer_after_the_body_has_an_unknown_fate(office):
    office.hangs_up_after_body = True

    with pytest.raises(UnknownFate):
        send(letter())

    assert len(office.letters) == 1


def test_mail_whose_server_is_silent_after_the_body_has_an_unknown_fate(office, settings):
    settings.EMAIL_TIMEOUT = 0.3
    office.thinks = 1

    with pytest.raises(UnknownFate):
        send(letter())

    assert len(office.letters) == 1


def test_mail_to_a_slow_server_arrives(office):
    office.thinks = 0.3

    send(letter())

    assert len(office.letters) == 1


@pytest.mark.parametrize("at", ["mail", "rcpt"])
def test_mail_answered_with_garbage_is_tried_later(office, at):
    setattr(office, at, "hello there")

    with pytest.raises(TemporaryFailure):
        send(letter())

    assert office.letters == []


def test_mail_answered_with_garbage_after_the_body_has_an_unknown_fate(office):
    office.data = "hello there"

    with pytest.raises(UnknownFate):
        send(letter())


def test_mail_goes_again_by_a_new_conversation_where_the_old_one_was_closed(office):
    with connection_held():
        send(letter())
        office.mail = None
        # what a server does with those who are silent for too long
        import reminders.transports.mail as mail

        mail._held.backend.connection.sock.close()
        send(letter(idempotency_key="message 13"))

    assert len(office.letters) == 2


def test_mail_is_tried_later_where_nobody_listens(settings):
    settings.EMAIL_BACKEND = DJANGOS_SMTP
    settings.EMAIL_URL, settings.EMAIL_HOST, settings.EMAIL_PORT = "smtp://127.0.0.1:1", "127.0.0.1", 1

    with pytest.raises(TemporaryFailure, match="cannot be reached"):
        send(letter())


def test_mail_waits_until_a_server_is_set_up(settings):
    settings.EMAIL_BACKEND, settings.EMAIL_URL = DJANGOS_SMTP, ""

    with pytest.raises(TemporaryFailure, match="EMAIL_URL"):
        send(letter())


def test_one_refused_address_leaves_the_batch_alone(office):
    with connection_held():
        office.rcpt = "550 5.1.1 no such user"
        with pytest.raises(PermanentFailure):
            send(letter(to="gone@example.test"))
        office.rcpt = None
        send(letter())

    assert [mail["To"] for mail in office.letters] == ["vera@example.test"]
