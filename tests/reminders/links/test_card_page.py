"""Her card on her phone: the code, the level, what comes next; by a key that lasts as long as the card is needed (P24)."""

from datetime import timedelta

import pytest
from django.test import Client as Browser

from crm.people.models import Client
from crm.team.qr import qr_svg
from loyalty.cards.services import close_card, issue_card
from reminders.messages.tokens import Door, open_url
from tests.factories import NOW, TODAY
from tests.loyalty.till import bare_sale, pay, rules
from tests.reminders.links.conftest import text_of


@pytest.fixture
def card(cast):
    bare_sale(cast.vera, 1200)
    return issue_card(client=cast.vera, now=NOW, rules=rules())


def open_page(visitor, client):
    link = open_url(door=Door.HOME, client_id=client.pk, today=TODAY).removeprefix("http://testserver")
    visitor.get(link, follow=True)
    return visitor.get("/my/card/")


def test_it_shows_the_code_what_it_gives_and_what_is_missing(visitor, cast, card):
    page = open_page(visitor, cast.vera)

    words, html = text_of(page).replace("\xa0", " "), page.content.decode()
    assert f"{card.number[:3]} {card.number[3:6]} {card.number[6:]}" in words
    assert ("Gold card" in words, "10%" in words, "Vera" in words) == (True, True, True)
    # VIP from 3,000
    assert "VIP card, 20% BAM 1,800.00 more" in words
    assert "This level is yours until 10 June at least." in words
    # the code is the bare number: no name, no address, no key
    assert str(qr_svg(card.number)) in html
    # readable without a script
    assert "<noscript" not in html
    assert 'href="/my/card/"' in visitor.get("/my/").content.decode()


def test_a_level_already_earned_comes_with_the_next_sale(visitor, cast, card):
    # as an import brings it: paid for, and nobody has raised the card
    bare_sale(cast.vera, 2000)

    assert "VIP card, 20% after the next visit" in text_of(open_page(visitor, cast.vera))


def test_the_card_that_she_lends_stands_below_with_whom_it_brought(visitor, cast, card):
    lent = issue_card(client=cast.vera, now=NOW, rules=rules(), is_bearer=True)
    pay(cast.dina, 100, typed=lent.number)

    words = text_of(open_page(visitor, cast.vera))

    assert words.index("Gold card") < words.index("for family and friends")
    assert "It has brought 1 person so far." in words
    # whom it brought is theirs
    assert "Dina" not in words


def test_months_later_it_still_opens_and_nothing_else_does(visitor, cast, card, today):
    open_page(visitor, cast.vera)
    assert visitor.cookies["my_card"]["path"] == "/my/card/"
    later = Browser()
    later.cookies["my_card"] = visitor.cookies["my_card"].value

    today.shift(timedelta(days=179))
    assert later.get("/my/card/").status_code == 200
    assert later.get("/my/").status_code == 404
    # a closed card is gone from her phone with the next look
    close_card(card=card, now=NOW)
    assert card.number[6:] not in text_of(later.get("/my/card/"))
    today.shift(timedelta(days=2))
    assert later.get("/my/card/").status_code == 410


def test_erased_there_is_no_card(visitor, cast, card):
    open_page(visitor, cast.vera)
    Client.objects.filter(pk=cast.vera.pk).update(phone="", email="")

    assert visitor.get("/my/card/").status_code == 404


def test_without_a_card_it_says_how_to_get_one(visitor, cast):
    assert "No card yet" in text_of(open_page(visitor, cast.vera))
