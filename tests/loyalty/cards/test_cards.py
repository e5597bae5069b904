"""Cards and their levels (rules.md, Cards)."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from loyalty.cards.models import Card, CardLevel
from loyalty.cards.selectors import card_of, circle_of, next_level
from loyalty.cards.services import HasCard, close_card, issue_card, review_cards, year_later
from tests.factories import NOW, TODAY, Cast
from tests.loyalty.till import bare_sale, give_back, pay, rules

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def issue(cast: Cast, **options) -> Card:
    return issue_card(client=cast.vera, now=NOW, rules=rules(), **options)


def level_code(cast: Cast) -> str:
    return card_of(cast.vera).level.code


def test_usual_levels_stand_at_the_start(cast):
    issue(cast)

    levels = CardLevel.objects.order_by("from_paid").values_list("code", "percent", "from_paid")
    assert list(levels) == [("simple", 5, Decimal(0)), ("gold", 10, Decimal(1000)), ("vip", 20, Decimal(3000))]


@pytest.mark.parametrize(
    ("paid", "level"), [("999.99", "simple"), ("1000", "gold"), ("2999.99", "gold"), ("3000", "vip")]
)
def test_level_by_money_paid(cast, paid, level):
    bare_sale(cast.vera, paid)

    issue(cast)

    assert level_code(cast) == level


def test_money_older_than_365_days_does_not_count(cast):
    bare_sale(cast.vera, 1000, now=NOW - 365 * DAY)
    issue(cast)
    assert level_code(cast) == "simple"

    # today and the 364 days before it
    bare_sale(cast.vera, 1000, now=NOW - 364 * DAY)
    pay(cast.vera, 1)
    assert level_code(cast) == "gold"


def test_level_goes_up_at_once(cast):
    issue(cast)

    pay(cast.vera, 900)
    assert level_code(cast) == "simple"
    # 900 - 5 % = 855; 145 more are missing, 153 less 5 % are 145.35
    pay(cast.vera, 153)

    assert level_code(cast) == "gold"


def test_points_are_no_money(cast):
    pay(cast.vera, 20000)
    issue(cast)
    Card.objects.update(level=CardLevel.objects.get(code="simple"))
    give_back_all = pay(cast.vera, 100, points=95)
    assert give_back_all.paid == Decimal(0)

    # nothing was paid in money, so nothing moved
    assert level_code(cast) == "simple"


def test_refund_lowers_nothing_before_the_yearly_day(cast):
    issue(cast)
    sale = pay(cast.vera, 2000)
    assert level_code(cast) == "gold"

    give_back(sale)

    assert level_code(cast) == "gold"


def test_level_falls_on_the_yearly_day_after_a_notice(cast):
    bare_sale(cast.vera, 1000)
    issue(cast)
    yearly = NOW + 366 * DAY
    Card.objects.update(review_noticed_at=yearly - 31 * DAY)

    assert review_cards(now=NOW + 364 * DAY, rules=rules()) == 0
    assert review_cards(now=yearly, rules=rules()) == 1

    assert level_code(cast) == "simple"
    assert card_of(cast.vera).review_on == date(2028, 6, 10)


@pytest.mark.parametrize("told_days_before", [None, 29])
def test_level_never_falls_without_a_notice_in_time(cast, told_days_before):
    bare_sale(cast.vera, 1000)
    issue(cast)
    yearly = NOW + 366 * DAY
    if told_days_before:
        Card.objects.update(review_noticed_at=yearly - told_days_before * DAY)

    assert review_cards(now=yearly, rules=rules()) == 0

    assert level_code(cast) == "gold"


@pytest.mark.parametrize(
    ("told_days_before", "falls_after"),
    # the notice has to be 30 days old: told in time it falls on the day itself, a day late a day later
    [(31, 0), (30, 0), (29, 1), (1, 29)],
)
def test_it_falls_once_the_notice_is_thirty_days_old(cast, told_days_before, falls_after):
    bare_sale(cast.vera, 1000)
    issue(cast)
    yearly = NOW + 365 * DAY
    assert card_of(cast.vera).review_on == TODAY + 365 * DAY
    Card.objects.update(review_noticed_at=yearly - told_days_before * DAY)

    fell = [review_cards(now=yearly + days * DAY, rules=rules()) for days in range(falls_after + 1)]

    assert fell == [0] * falls_after + [1]


@pytest.mark.parametrize(
    ("paid", "days_before", "level"),
    # the yearly day and the 364 days before it count, and the sum itself is enough
    [("1000", 0, "gold"), ("999.99", 0, "simple"), ("1000", 364, "gold"), ("1000", 365, "simple")],
)
def test_what_keeps_her_level_on_the_yearly_day(cast, paid, days_before, level):
    bare_sale(cast.vera, 1000, now=NOW - 5 * DAY)
    issue(cast)
    assert level_code(cast) == "gold"
    yearly = NOW + 365 * DAY
    bare_sale(cast.vera, paid, now=yearly - days_before * DAY)
    Card.objects.update(review_noticed_at=yearly - 30 * DAY)

    review_cards(now=yearly, rules=rules())

    assert level_code(cast) == level


def test_who_paid_enough_keeps_her_level(cast):
    bare_sale(cast.vera, 1000)
    issue(cast)
    bare_sale(cast.vera, 1000, now=NOW + 200 * DAY)

    assert review_cards(now=NOW + 366 * DAY, rules=rules()) == 0

    assert (level_code(cast), card_of(cast.vera).review_on) == ("gold", date(2028, 6, 10))


def test_one_personal_card_each(cast):
    first = issue(cast)
    with pytest.raises(HasCard):
        issue(cast)

    assert close_card(card=first, now=NOW)
    assert issue(cast) != first


def test_bearer_card_is_simple_and_counts_its_circle(cast):
    bare_sale(cast.vera, 5000)
    lent = issue(cast, is_bearer=True)
    assert lent.level.code == "simple"

    pay(cast.dina, 2000, typed=lent.number)
    pay(cast.leila, 2000, typed=lent.number)
    pay(cast.leila, 10, typed=lent.number)
    pay(cast.vera, 10, typed=lent.number)

    lent.refresh_from_db()
    # the circle is two; what it spends raises no level
    assert lent.level.code == "simple"
    assert circle_of(lent).people == 2


def test_levels_are_the_owners(cast):
    card = issue(cast)
    CardLevel.objects.create(code="silver", name="Silver", percent=7, from_paid=Decimal(500))

    assert str(next_level(card.level)) == "Silver"


def test_29_february_is_kept_on_the_28th():
    assert year_later(date(2028, 2, 29)) == date(2029, 2, 28)
    assert year_later(TODAY) == date(2027, 6, 10)
