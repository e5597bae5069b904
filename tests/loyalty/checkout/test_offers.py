"""The one best discount: what saves most, ties, why the others lost (rules.md, Money at the checkout)."""

from datetime import timedelta
from decimal import Decimal

import pytest

from loyalty.cards.services import issue_card
from loyalty.checkout.offers import CheckoutLine, best_discount
from loyalty.checkout.selectors import quote
from loyalty.clubs.selectors import ClubDiscount
from loyalty.points.models import RefusedBenefit
from loyalty.vouchers.services import issue_voucher
from tests.factories import NOW, TODAY, Cast, make_product
from tests.loyalty.till import bare_sale, pay, rules

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def voucher(cast: Cast, key: str, *, ends: int = 10, **terms):
    return issue_voucher(
        client=cast.vera,
        branch=cast.branch,
        kind="offer",
        key=key,
        now=NOW,
        valid_from=TODAY,
        valid_until=TODAY + ends * DAY,
        **terms,
    )


def card(cast: Cast, paid: int = 0):
    if paid:
        bare_sale(cast.vera, paid)
    return issue_card(client=cast.vera, now=NOW, rules=rules())


def lashes(cast: Cast, price: str = "60") -> CheckoutLine:
    return CheckoutLine(price=Decimal(price), service=cast.lashes)


def told(offers) -> list[tuple[str, Decimal, bool, Decimal]]:
    return [(offer.kind, offer.saves, offer.won, offer.lost_by) for offer in offers]


def test_best_wins_and_the_other_says_by_how_much(cast):
    gold = card(cast, paid=1000)
    other = voucher(cast, "a", amount=Decimal(3))

    offers = best_discount(lines=[lashes(cast)], vouchers=[other], card=gold, currency="BAM")

    # 10 % of 60 is 6.00, better than the voucher by 3.00
    assert told(offers) == [("card", Decimal(6), True, Decimal(0)), ("voucher", Decimal(3), False, Decimal(3))]


def test_discounts_never_add_up(cast):
    card(cast, paid=1000)
    voucher(cast, "a", amount=Decimal(3))

    sale = pay(cast.vera, 60, service=cast.lashes)

    assert sale.total == Decimal(54)
    assert [line.discount_amount for line in sale.lines.all()] == [Decimal(6)]


def test_of_equals_the_one_that_ends_first_wins(cast):
    gold = card(cast, paid=1000)
    later = voucher(cast, "later", ends=20, amount=Decimal(6))
    sooner = voucher(cast, "sooner", ends=5, amount=Decimal(6))

    offers = best_discount(lines=[lashes(cast)], vouchers=[later, sooner], card=gold, currency="BAM")

    assert [offer.voucher or offer.card for offer in offers] == [sooner, later, gold]
    assert [offer.lost_by for offer in offers] == [Decimal(0)] * 3


def test_each_line_is_rounded_by_itself(cast):
    simple = card(cast)
    lines = [lashes(cast, "0.10"), lashes(cast, "0.10"), lashes(cast, "0.30")]

    offers = best_discount(lines=lines, vouchers=[], card=simple, currency="BAM")

    # 5 %: 0.005 -> 0.01, 0.005 -> 0.01, 0.015 -> 0.02; of the sum it would have been 0.025 -> 0.03
    assert offers[0].by_line == (Decimal("0.01"), Decimal("0.01"), Decimal("0.02"))


def test_yen_are_rounded_to_whole_ones(cast):
    simple = card(cast)

    offers = best_discount(lines=[lashes(cast, "50")], vouchers=[], card=simple, currency="JPY")

    assert offers[0].by_line == (Decimal(3),)


def test_services_only_leaves_products_alone(cast):
    half = voucher(cast, "a", percent=50, services_only=True)
    serum = CheckoutLine(price=Decimal(20), product=make_product(branch=cast.branch), quantity=2)

    offers = best_discount(lines=[lashes(cast), serum], vouchers=[half], card=None, currency="BAM")

    assert offers[0].by_line == (Decimal(30), Decimal(0))


def test_voucher_of_named_services_covers_those_only(cast):
    ten = voucher(cast, "a", percent=10, services=[cast.colour])

    offers = best_discount(
        lines=[lashes(cast), CheckoutLine(price=Decimal(120), service=cast.colour)],
        vouchers=[ten],
        card=None,
        currency="BAM",
    )

    assert offers[0].by_line == (Decimal(0), Decimal(12))


def test_free_service_is_the_dearest_it_covers_and_only_one(cast):
    free = voucher(cast, "a", services=[cast.lashes, cast.removal])
    lines = [
        CheckoutLine(price=Decimal(15), service=cast.removal),
        lashes(cast),
        lashes(cast),
        CheckoutLine(price=Decimal(120), service=cast.colour),
    ]

    offers = best_discount(lines=lines, vouchers=[free], card=None, currency="BAM")

    assert offers[0].by_line == (Decimal(0), Decimal(60), Decimal(0), Decimal(0))


def test_amount_never_takes_off_more_than_there_is(cast):
    big = voucher(cast, "a", amount=Decimal(70))

    offers = best_discount(lines=[lashes(cast, "50"), lashes(cast, "15")], vouchers=[big], card=None, currency="BAM")

    assert offers[0].by_line == (Decimal(50), Decimal(15))


def test_what_covers_nothing_says_so(cast):
    free = voucher(cast, "a", free_service=cast.colour)

    offers = best_discount(lines=[lashes(cast)], vouchers=[free], card=None, currency="BAM")

    assert [(offer.won, offer.refusal) for offer in offers] == [(False, "covers_nothing")]


def test_desk_may_choose_another_or_none(cast):
    gold = card(cast, paid=1000)
    other = voucher(cast, "a", amount=Decimal(3))

    chosen = best_discount(lines=[lashes(cast)], vouchers=[other], card=gold, currency="BAM", choice=other.code)
    none = best_discount(lines=[lashes(cast)], vouchers=[other], card=gold, currency="BAM", choice="none")

    assert told(chosen) == [("voucher", Decimal(3), True, Decimal(0)), ("card", Decimal(6), False, Decimal(-3))]
    assert [offer.won for offer in none] == [False, False]


def test_owner_may_let_a_voucher_go_on_top_of_a_card(cast):
    gold = card(cast, paid=1000)
    half = voucher(cast, "a", percent=50)

    offers = best_discount(lines=[lashes(cast)], vouchers=[half], card=gold, currency="BAM", add_up=True)

    # 60 - 6 = 54, half of it 27: 33 in all
    assert offers[0].saves == Decimal(33)


def test_bearer_card_serves_whoever_shows_it_and_counts_her(cast):
    lent = issue_card(client=cast.dina, now=NOW, rules=rules(), is_bearer=True)

    sale = pay(cast.vera, 100, typed=lent.number)

    assert sale.total == Decimal(95)
    assert [(use.client, use.saved) for use in lent.uses.all()] == [(cast.vera, Decimal(5))]


def test_wrong_code_is_said_and_costs_nothing(cast):
    receipt = quote(
        branch=cast.branch,
        client=cast.vera,
        lines=[lashes(cast)],
        rules=rules(),
        today=TODAY,
        now=NOW,
        typed="0000000001",
    )

    assert [refused.reason for refused in receipt.refused] == ["unknown"]
    assert receipt.due == Decimal(60)


def club(percent: int = 20, ends: int = 3, services: frozenset[int] = frozenset()) -> ClubDiscount:
    return ClubDiscount(percent, services, "The first fifth", TODAY + ends * DAY, 1)


def test_clubs_offer_is_one_more_and_takes_nothing_off_products(cast):
    gold = card(cast, paid=1000)
    serum = CheckoutLine(price=Decimal(40), product=make_product(branch=cast.branch))

    offers = best_discount(lines=[lashes(cast), serum], vouchers=[], card=gold, club=club(), currency="BAM")

    # 20 % of the 60 for lashes; 10 % of all 100
    assert told(offers) == [("club", Decimal(12), True, Decimal(0)), ("card", Decimal(10), False, Decimal(2))]
    assert offers[0].by_line == (Decimal(12), Decimal(0))


def test_of_a_club_and_a_voucher_that_save_the_same_the_one_that_ends_first_wins(cast):
    later = voucher(cast, "a", ends=9, percent=20)

    offers = best_discount(lines=[lashes(cast)], vouchers=[later], card=None, club=club(), currency="BAM")

    assert [offer.kind for offer in offers] == ["club", "voucher"]


def test_where_a_voucher_goes_on_top_of_a_card_a_clubs_offer_still_stands_alone(cast):
    gold = card(cast, paid=1000)
    ten = voucher(cast, "a", percent=10)

    offers = best_discount(lines=[lashes(cast)], vouchers=[ten], card=gold, club=club(), currency="BAM", add_up=True)

    # 6 and 5.40 of the rest; 12 alone is more
    assert told(offers)[:2] == [
        ("club", Decimal(12), True, Decimal(0)),
        ("voucher", Decimal("11.40"), False, Decimal("0.60")),
    ]


def test_desk_that_leaves_the_best_discount_out_is_noted(cast):
    card(cast, paid=1000)

    sale = pay(cast.vera, 60, choice="none")

    assert sale.total == Decimal(60)
    noted = RefusedBenefit.objects.get()
    assert (noted.kind, noted.reason, noted.sale, noted.client) == ("card", "left_out", sale, cast.vera)
