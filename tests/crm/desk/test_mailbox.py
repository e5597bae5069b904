"""The demo's mailbox in the browser."""

import pytest
from django.core import mail as mailing
from django.utils import timezone

from crm.desk.mailbox.answering import answer_as_client
from crm.office.management.commands.demo_mailbox import to_salon
from reminders.inbox.models import Letter
from reminders.inbox.plain import own_words
from reminders.transports.mailbox import MailboxHandler, keep_mail, keep_sms
from reminders.transports.models import MailboxLetter

pytestmark = pytest.mark.django_db
RAW = b"""From: Vesna <salon@example.test>\r
To: vera@example.test\r
Subject: =?utf-8?b?0JfQsNC/0LjRgdGM?=\r
Message-ID: <1@example.test>\r
MIME-Version: 1.0\r
Content-Type: multipart/mixed; boundary=b\r
\r
--b\r
Content-Type: multipart/alternative; boundary=c\r
\r
--c\r
Content-Type: text/plain; charset=utf-8\r
\r
Confirm: http://testserver/my/o/x/ <script>\r
--c\r
Content-Type: text/html; charset=utf-8\r
\r
<html><head><title>x</title></head><body><a href="http://testserver/my/o/x/">go</a><script>1</script></body></html>\r
--c--\r
--b\r
Content-Type: text/calendar; method=REQUEST\r
Content-Disposition: attachment; filename="../visit<>.ics"\r
\r
BEGIN:VCALENDAR\r
--b--\r
"""


@pytest.fixture
def demo(settings):
    settings.DEMO = True


@pytest.fixture
def mail():
    (letter,) = keep_mail(RAW, sender="salon@example.test", recipients=["vera@example.test"], now=timezone.now())
    return letter


def test_outside_the_demo_there_is_nothing(client, mail):
    for path in ("/mailbox/", f"/mailbox/{mail.pk}/", f"/mailbox/{mail.pk}/html/", f"/mailbox/{mail.pk}/file/0/"):
        assert client.get(path).status_code == 404


def test_anybody_reads_it_in_the_demo(client, demo, mail):
    keep_sms(
        recipient="+38761100102", sender="", text="До завтра: http://testserver/my/o/y/", key="1", now=timezone.now()
    )

    page = client.get("/mailbox/").content.decode()

    assert "Запись" in page
    assert 'href="http://testserver/my/o/y/"' in page
    # the newest first
    assert page.index("До завтра") < page.index("Запись")


def test_letters_are_found_by_recipient(client, demo, mail):
    assert "vera@example.test" in client.get("/mailbox/?q=VERA").content.decode()
    assert "Nothing found" in client.get("/mailbox/?q=nobody").content.decode()


def test_a_letter_shows_its_parts(client, demo, mail):
    page = client.get(f"/mailbox/{mail.pk}/").content.decode()

    assert f'src="/mailbox/{mail.pk}/html/"' in page
    assert '<a href="http://testserver/my/o/x/" rel="nofollow">' in page
    assert "&lt;script&gt;" in page
    assert "&lt;1@example.test&gt;" in page


def test_nothing_in_a_letter_runs(client, demo, mail):
    response = client.get(f"/mailbox/{mail.pk}/html/")

    policy = response["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "sandbox allow-popups allow-popups-to-escape-sandbox" in policy
    assert "frame-ancestors 'self'" in policy
    assert "script-src" not in policy
    assert response["X-Frame-Options"] == "SAMEORIGIN"
    assert '<head><base target="_blank">' in response.content.decode()


def test_a_file_is_a_download_with_a_harmless_name(client, demo, mail):
    response = client.get(f"/mailbox/{mail.pk}/file/0/")

    assert response.content.strip() == b"BEGIN:VCALENDAR"
    assert response["Content-Disposition"] == 'attachment; filename=".._visit__.ics"'
    assert response["Content-Type"] == "application/octet-stream"
    assert client.get(f"/mailbox/{mail.pk}/file/1/").status_code == 404


def test_an_empty_mailbox_says_what_to_do(client, demo):
    assert "No letters yet" in client.get("/mailbox/").content.decode()


def test_the_list_is_read_in_a_fixed_number_of_queries(client, demo, django_assert_num_queries):
    for number in range(30):
        keep_sms(recipient="+38761100102", sender="", text="x", key=str(number), now=timezone.now())

    with django_assert_num_queries(4):
        client.get("/mailbox/")

    assert MailboxLetter.objects.count() == 30


def test_sms_is_answered_as_the_client_through_the_hook(client, demo, cast, settings):
    settings.SMS_URL = "mailbox://"
    sms = keep_sms(recipient=cast.vera.phone, sender="", text="See you", key="1", now=timezone.now())

    answer = client.post(f"/mailbox/{sms.pk}/answer/", {"text": "Can we do Thursday?"}, follow=True)

    assert "Written back." in answer.content.decode()
    letter = Letter.objects.get()
    assert (letter.conversation.client, letter.text, letter.meaning) == (cast.vera, "Can we do Thursday?", "move")


def test_mail_is_answered_as_the_client_by_smtp_under_the_letter(cast, demo, mail, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

    answer_as_client(mail, text="Gladly!", now=timezone.now())
    (sent,) = mailing.outbox
    to_salon(sent.message().as_bytes())

    assert (sent.from_email, sent.to) == ("vera@example.test", ["salon@example.test"])
    letter = Letter.objects.get()
    assert (letter.conversation.client, own_words(letter.text)) == (cast.vera, "Gladly!")
    assert letter.provider_id == sent.extra_headers["Message-ID"]


def test_mail_server_passes_on_what_is_for_the_salon_and_keeps_the_rest(db):
    passed = []

    MailboxHandler(passed.append).keep(
        RAW, sender="vera@example.test", recipients=["Salon@example.test", "vera@example.test"]
    )

    assert passed == [RAW]
    assert list(MailboxLetter.objects.values_list("recipient", flat=True)) == ["vera@example.test"]


def test_outside_the_demo_nobody_answers_as_a_client(client, mail):
    assert client.post(f"/mailbox/{mail.pk}/answer/", {"text": "x"}).status_code == 404


def test_hook_of_the_mailbox_takes_nothing_that_it_has_not_signed(client, settings):
    settings.SMS_URL = "mailbox://"

    answer = client.post("/hooks/mailbox/", {"signed": "nobody"})

    assert answer.status_code == 403
    assert not Letter.objects.exists()
