"""A worked example: a card that a family shares, and the card of her own that nobody else can use (rules.md, Cards)."""

from datetime import timedelta
from decimal import Decimal

import pytest

from loyalty.cards.models import Card, CardLevel
from loyalty.cards.selectors import Circle, card_of, card_suspicions, circle_of
from loyalty.cards.services import CardClosed, HasCard, close_card, issue_card, raise_levels, replace_card
from loyalty.checkout.offers import CheckoutLine
from loyalty.checkout.selectors import quote
from loyalty.checkout.services import complete_checkout
from tests.factories import NOW, TODAY, make_cast, make_client
from tests.loyalty.till import bare_sale, give_back, pay, rules

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
DAY = timedelta(days=1)


@pytest.fixture
def cast():
    return make_cast()


def refused(cast, client, typed: str) -> list[str]:
    """Why what she shows is not taken, on a receipt of 60."""
    receipt = quote(
        branch=cast.branch,
        client=client,
        lines=[CheckoutLine(price=Decimal(60), service=cast.lashes)],
        rules=rules(),
        today=TODAY,
        now=NOW,
        typed=typed,
    )
    return [each.reason for each in receipt.refused]


def test_a_card_in_a_family(cast):
    vera, daughter, mother = cast.vera, cast.dina, cast.leila
    friend, colleague = make_client(branch=cast.branch), make_client(branch=cast.branch)
    bare_sale(vera, 900)
    own = issue_card(client=vera, now=NOW, rules=rules())
    lent = issue_card(client=vera, now=NOW, rules=rules(), is_bearer=True)

    # 5 % off each: 95 + 114 + 57 + (46.32 - 2.32, half up)
    first = pay(daughter, 100, typed=lent.number)
    pay(mother, 120, typed=lent.number)
    pay(friend, 60, typed=lent.number)
    pay(colleague, "46.32", typed=lent.number)
    # the second visit of one of them, and her own, bring nobody new
    pay(daughter, 20, typed=lent.number)
    assert circle_of(lent) == Circle(people=4, paid=Decimal("329.00"))

    # what comes back was not brought
    give_back(first)
    assert circle_of(lent) == Circle(people=4, paid=Decimal("234.00"))

    # 900 are hers; with the circle's she would be gold long since
    assert card_of(vera).level.code == "simple"
    # 106 - 5.30 = 100.70: a thousand and some cents
    pay(vera, 106)
    assert (card_of(vera).level.code, card_of(vera).pk) == ("gold", own.pk)
    lent.refresh_from_db()
    assert lent.level.code == "simple"

    # her own gold card serves nobody else, and nobody without a name
    assert refused(cast, daughter, own.number) == ["card_lent"]
    assert refused(cast, None, own.number) == ["card_lent"]
    assert refused(cast, None, lent.number) == ["card_nameless"]
    assert refused(cast, vera, f" {own.number[:3]} {own.number[3:]} ") == []


def test_a_lost_card_is_dead_at_once_and_goes_on_under_a_new_number(cast):
    bare_sale(cast.vera, 1000)
    lost = issue_card(client=cast.vera, now=NOW - 40 * DAY, rules=rules())
    Card.objects.update(level=CardLevel.objects.get(code="gold"), review_noticed_at=NOW - DAY)
    lent = issue_card(client=cast.vera, now=NOW, rules=rules(), is_bearer=True)

    new, new_lent = replace_card(card=lost, now=NOW), replace_card(card=lent, now=NOW)

    assert refused(cast, cast.vera, lost.number) == ["card_closed"]
    assert refused(cast, cast.dina, lent.number) == ["card_closed"]
    assert refused(cast, cast.dina, new_lent.number) == []
    # neither the level nor the yearly day nor the notice is lost with the plastic
    assert (new.level.code, new.review_on, new.review_noticed_at) == ("gold", lost.review_on, NOW - DAY)
    # pressed twice: the card that the first press has issued
    assert replace_card(card=lost, now=NOW) == new
    assert Card.objects.filter(closed_at=None).count() == 2
    close_card(card=new, now=NOW)
    with pytest.raises(CardClosed):
        replace_card(card=lost, now=NOW)


def test_one_card_of_each_sort(cast):
    for is_bearer in (False, True):
        issue_card(client=cast.vera, now=NOW, rules=rules(), is_bearer=is_bearer)
        with pytest.raises(HasCard):
            issue_card(client=cast.vera, now=NOW, rules=rules(), is_bearer=is_bearer)


def test_what_the_owner_changes_counts_at_the_next_checkout(cast):
    bare_sale(cast.vera, 700)
    issue_card(client=cast.vera, now=NOW, rules=rules())
    assert pay(cast.vera, 100).total == Decimal(95)

    CardLevel.objects.filter(code="simple").update(percent=6)
    assert pay(cast.vera, 100).total == Decimal(94)

    # a level between: 700 + 95 + 94 = 889 have earned it already, and it begins today
    CardLevel.objects.create(code="silver", name="Silver", percent=30, from_paid=Decimal(889))
    assert raise_levels(now=NOW, rules=rules()) == 1
    assert raise_levels(now=NOW, rules=rules()) == 0
    assert pay(cast.vera, 100).total == Decimal(70)


def test_a_card_at_the_till_for_whoever_comes_is_seen(cast):
    lent = issue_card(client=cast.vera, now=NOW, rules=rules(), is_bearer=True)
    for _time in range(4):
        pay(cast.dina, 10, typed=lent.number)
    assert card_suspicions(TODAY) == []

    pay(cast.leila, 10, typed=lent.number)

    assert [(each.card, each.on, each.times) for each in card_suspicions(TODAY)] == [(lent, TODAY, 5)]
    assert card_suspicions(TODAY + DAY) == []


def test_nobody_in_particular_has_no_circle(cast):
    lent = issue_card(client=cast.vera, now=NOW, rules=rules(), is_bearer=True)

    sale = complete_checkout(
        branch=cast.branch,
        client=None,
        lines=[CheckoutLine(price=Decimal(60), service=cast.lashes)],
        key="somebody",
        now=NOW,
        user=None,
        typed=lent.number,
    )

    assert sale.total == Decimal(60)
    assert not lent.uses.exists()
