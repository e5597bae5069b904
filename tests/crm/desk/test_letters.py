"""Letters to print at the desk, and a thank-you card from the client's card."""

import pytest
from django.urls import reverse

from reminders.letters.models import PaperLetter
from reminders.letters.services import write_card
from reminders.messages.models import Message
from tests.crm.desk.test_pages import text
from tests.factories import NOW, make_client


def card_of(cast, client=None, words="Thank you, dear!") -> PaperLetter:
    return write_card(client=client or cast.vera, branch=cast.branch, text=words, now=NOW, user=cast.receptionist)


def test_empty_list_says_who_appears_there(cast, desk):
    assert "No letters to print" in text(desk(cast.receptionist).get(reverse("desk:letters")))


def test_card_is_written_printed_posted_and_taken_back(cast, desk):
    browser = desk(cast.receptionist)
    page = browser.get(reverse("desk:card_write", args=[cast.leila.pk]))
    # proposed in her language
    assert "أردنا فقط أن نقول شكرًا" in text(page)
    assert browser.post(reverse("desk:card_write", args=[cast.leila.pk]), {"text": " "}).status_code == 422
    browser.post(reverse("desk:card_write", args=[cast.leila.pk]), {"text": "شكرًا"})
    card = PaperLetter.objects.get()

    pdf = browser.post(reverse("desk:letters_print"), {"letter": [card.pk]})
    assert (pdf.status_code, pdf["Content-Type"]) == (200, "application/pdf")
    assert pdf.content.startswith(b"%PDF-")
    assert "printed" in text(browser.get(reverse("desk:letters")))

    page = text(browser.post(reverse("desk:letters_posted"), {"letter": [card.pk]}, follow=True))
    assert "1 is in the post." in page
    assert "No letters to print" in page
    assert Message.objects.get().state == "sent"

    assert "Leila Example" in text(browser.post(reverse("desk:letters_undo", args=[card.pk]), follow=True))


def test_nothing_ticked_prints_nothing(cast, desk):
    page = desk(cast.receptionist).post(reverse("desk:letters_print"), {"letter": ["x", "9" * 30]}, follow=True)
    assert "Tick the letters first." in text(page)


def test_letters_of_another_branch_are_neither_seen_nor_printed(cast, desk):
    card = card_of(cast)
    browser = desk(cast.user_of(cast.outsider))

    assert "Vera Example" not in text(browser.get(reverse("desk:letters")))
    browser.post(reverse("desk:letters_posted"), {"letter": [card.pk]})
    assert browser.post(reverse("desk:letters_print"), {"letter": [card.pk]}).status_code == 302
    assert browser.post(reverse("desk:letter_leave_out", args=[card.pk])).status_code == 404
    card.refresh_from_db()
    assert (card.done_at, card.printed_at) == (None, None)


@pytest.mark.parametrize("count", [1, 30])
def test_list_takes_one_query_whatever_its_length(cast, desk, count, django_assert_num_queries):
    for number in range(count):
        card_of(cast, make_client(branch=cast.branch, name=f"Client {number}"))
    browser = desk(cast.receptionist)
    # beside it session, user, branch and settings
    with django_assert_num_queries(1 + 4):
        browser.get(reverse("desk:letters"))
