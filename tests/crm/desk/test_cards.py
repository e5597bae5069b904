"""Cards at the desk: one tap to issue, a page to print, lost and issued anew, and a scan that says whose it is (P24)."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from loyalty.cards.models import Card
from loyalty.cards.services import issue_card
from loyalty.vouchers.models import Campaign, Voucher, WrongCode
from loyalty.vouchers.services import give_from_campaign, issue_codes
from tests.factories import NOW, TODAY
from tests.loyalty.till import pay, rules


def text(response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


@pytest.fixture
def browser(cast, desk):
    return desk(cast.receptionist)


def test_issued_with_one_tap_shown_and_issued_anew(browser, cast):
    page = browser.get(reverse("desk:client", args=[cast.vera.pk])).content.decode()
    assert ("Issue her a card" in page, "A card to lend" in page) == (True, True)

    own = browser.post(reverse("desk:card_issue", args=[cast.vera.pk]), {"kind": "own"}, follow=True)
    lent = browser.post(reverse("desk:card_issue", args=[cast.vera.pk]), {"kind": "bearer"}, follow=True)

    card, lent_card = Card.objects.order_by("pk")
    assert (card.is_bearer, lent_card.is_bearer, card.issued_by) == (False, True, cast.receptionist)
    assert f"{card.number[:3]} {card.number[3:6]} {card.number[6:]}" in text(own)
    assert own.content.decode().count('class="qr"') == 1
    assert "This card brought 0 people" in text(lent)
    page = browser.get(reverse("desk:client", args=[cast.vera.pk])).content.decode()
    assert ("Issue her a card" in page, "A card to lend" in page) == (False, False)

    # a second tap of an impatient finger
    again = browser.post(reverse("desk:card_issue", args=[cast.vera.pk]), {"kind": "own"}, follow=True)
    assert "She has such a card already." in text(again)
    anew = browser.post(reverse("desk:card_anew", args=[card.pk]), follow=True)
    assert "The old number is dead." in text(anew)
    closed = browser.get(reverse("desk:card", args=[card.pk]))
    assert "Its number gives nothing any more." in text(closed)
    assert 'class="qr"' not in closed.content.decode()


def test_a_circle_is_told_in_people_and_money(browser, cast):
    lent = issue_card(client=cast.vera, now=NOW, rules=rules(), is_bearer=True)
    pay(cast.dina, 200, typed=lent.number)
    pay(cast.leila, 100, typed=lent.number)

    page = text(browser.get(reverse("desk:card", args=[lent.pk]))).replace("\xa0", " ")

    # 190 + 95
    assert "This card brought 2 people, BAM 285.00." in page


def test_a_scan_says_whose_it_is_and_what_it_gives(browser, cast):
    own = issue_card(client=cast.vera, now=NOW, rules=rules())
    lent = issue_card(client=cast.vera, now=NOW, rules=rules(), is_bearer=True)
    campaign = Campaign.objects.create(
        name="Mornings", branch=cast.branch, percent=20, weekdays=[0], valid_from=TODAY, valid_until=TODAY
    )
    issue_codes(campaign=campaign, count=1, expected=0, now=NOW)
    code = Voucher.objects.get().code
    hers = give_from_campaign(campaign=campaign, client=cast.dina, now=NOW)
    scan = reverse("desk:scan")

    assert browser.post(scan, {"code": own.number}).url == reverse("desk:client", args=[cast.vera.pk])
    assert browser.post(scan, {"code": lent.number}).url == reverse("desk:card", args=[lent.pk])
    found = text(browser.post(scan, {"code": code.lower()}))
    assert ("20% off" in found, "Monday" in found, "Good." in found) == (True, True, True)
    assert "It is in her name" in text(browser.post(scan, {"code": hers.code}))
    Card.objects.filter(pk=own.pk).update(closed_at=NOW)
    assert "This card was closed." in text(browser.post(scan, {"code": own.number}))
    assert not WrongCode.objects.exists()


def test_guessing_at_the_desk_is_slowed(browser, cast, clock):
    scan = reverse("desk:scan")
    answers = [browser.post(scan, {"code": f"{number:010d}"}).status_code for number in range(22)]

    assert answers == [422] * 20 + [429] * 2
    assert set(WrongCode.objects.values_list("door", "user")) == {("desk", cast.receptionist.pk)}
    clock.shift(timedelta(minutes=61))
    assert browser.post(scan, {"code": "1"}).status_code == 422


def test_the_camera_is_open_where_codes_are_read_and_nowhere_else(browser, cast):
    policies = {
        name: browser.get(reverse(name)).headers["Permissions-Policy"].split(",")[0]
        for name in ("desk:scan", "desk:checkout_new", "desk:clients", "desk:today")
    }

    assert policies == {
        "desk:scan": "camera=(self)",
        "desk:checkout_new": "camera=(self)",
        "desk:clients": "camera=()",
        "desk:today": "camera=()",
    }
