"""The client card: long lists fold, receipts come by pages."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from crm.sales.models import Sale
from tests.factories import TODAY, make_note


def text(response) -> str:
    return " ".join(response.content.decode().split())


def make_sale(cast, code, on, total, *, branch=None):
    return Sale.objects.create(
        branch=branch or cast.branch, client=cast.vera, code=code, on=on, total=total, paid=total
    )


def test_older_notes_fold_behind_their_number(cast, desk):
    for number in range(8):
        make_note(cast.vera, f"Story {number}", on=TODAY - timedelta(days=number))
    make_note(cast.vera, "An old pinned one", on=TODAY - timedelta(days=400), is_pinned=True)

    page = text(desk(cast.user_of(cast.anna)).get(reverse("desk:client", args=[cast.vera.pk])))

    open_at_once, folded = page.split('<details class="quiet" id="older-notes">')
    assert "3 older notes" in folded
    assert [number for number in range(8) if f"Story {number}" in open_at_once] == [0, 1, 2, 3, 4]
    assert [number for number in range(8) if f"Story {number}" in folded] == [5, 6, 7]
    assert "An old pinned one" in open_at_once


def test_one_note_more_is_not_folded(cast, desk):
    for number in range(6):
        make_note(cast.vera, f"Story {number}", on=TODAY - timedelta(days=number))

    assert "older-notes" not in text(desk(cast.user_of(cast.anna)).get(reverse("desk:client", args=[cast.vera.pk])))


@pytest.mark.parametrize("count", [1, 30])
def test_receipts_are_listed_ten_a_page_in_six_queries(cast, desk, count, django_assert_num_queries):
    for number in range(count):
        make_sale(cast, f"R{number:02}", TODAY - timedelta(days=number), 50 + number)
    make_sale(cast, "ELSEWHERE", TODAY, 5, branch=cast.elsewhere)
    browser = desk(cast.user_of(cast.anna))

    with django_assert_num_queries(6):
        page = text(browser.get(reverse("desk:client_receipts", args=[cast.vera.pk])))

    assert re.findall(r"Receipt (\w+)</bdi>", page) == [f"R{number:02}" for number in range(min(count, 10))]
    assert "BAM 50.00" in page
    assert ("?page=1" in page) == (count > 10)


def test_receipts_of_the_next_page_come_as_a_fragment(cast, desk):
    for number in range(12):
        make_sale(cast, f"R{number:02}", TODAY - timedelta(days=number), 50)
    address = reverse("desk:client_receipts", args=[cast.vera.pk])

    rest = text(desk(cast.receptionist).get(f"{address}?page=1", HTTP_HX_REQUEST="true"))

    assert re.findall(r"Receipt (\w+)</bdi>", rest) == ["R10", "R11"]
    assert "<html" not in rest
    assert "Show more" not in rest
    assert "No receipts yet." in text(desk(cast.receptionist).get(f"{address}?page=9999999"))
