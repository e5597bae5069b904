"""Gifts on leaving and surprises: the pot, whom a gift is proposed to, the shelf, the month's budget (rules.md, Money)."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import transaction

from crm.booking.models import Appointment
from crm.care.models import Feedback
from loyalty.gifts.models import Gift, GiftGiven, GiftPot, PotEntry
from loyalty.gifts.selectors import extras_for, given_by_user, pot_of, propose_gift
from loyalty.gifts.services import (
    GiftRefused,
    give_extra,
    rebuild_pots,
    receive_gifts,
    settle_gift,
    take_back_gift,
)
from tests.factories import NOW, TODAY, Cast, local, make_appointment, make_cast, make_client, make_visit
from tests.loyalty.till import bare_sale, give_back, rules

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def on(**changes):
    return rules(gifts_on=True, **changes)


def make_gift(branch, name="Hand cream", cost="3", stock=5, **fields) -> Gift:
    return Gift.objects.create(branch=branch, name=name, cost=Decimal(cost), stock=stock, **fields)


def make_extra(branch, name="Brow tint on top", cost="8") -> Gift:
    return Gift.objects.create(branch=branch, kind=Gift.Kind.EXTRA, name=name, cost=Decimal(cost))


def fill(branch, amount) -> None:
    """So much in the pot."""
    amount = Decimal(amount)
    key = f"filled {PotEntry.objects.count()}"
    PotEntry.objects.create(branch=branch, kind="fed", amount=amount, key=key, at=NOW, on=TODAY)
    pot, _created = GiftPot.objects.get_or_create(branch=branch)
    pot.balance += amount
    pot.save()


def came_before(client) -> None:
    make_visit(client, TODAY - timedelta(days=20))


def scored(client, score: int) -> None:
    Feedback.objects.create(
        client=client, branch=client.branch, visit_on=TODAY - timedelta(days=20), score=score, answered_at=NOW
    )


def proposed(client, today=TODAY):
    return propose_gift(client=client, branch=client.branch, today=today, rules=on())


def test_half_a_percent_of_every_paid_total_fills_the_pot_to_the_thousandth(cast):
    settings = on()
    # 60.00 gives 0.30; 0.99 gives 0.00495, half up 0.005
    for amount in ("60", "0.99"):
        sale = bare_sale(cast.vera, amount)
        settle_gift(sale=sale, gift=None, now=NOW, rules=settings)

    assert pot_of(cast.branch) == Decimal("0.305")
    assert rebuild_pots() == []


def test_what_is_returned_leaves_the_pot_at_the_rate_of_then(cast):
    sale = bare_sale(cast.vera, "200")
    settle_gift(sale=sale, gift=None, now=NOW, rules=on())
    on(gift_share_percent=Decimal(2))

    give_back(sale)

    assert pot_of(cast.branch) == 0


def test_while_gifts_are_off_nothing_is_asked_of_the_database(cast, django_assert_num_queries):
    sale, settings = bare_sale(cast.vera, "60"), rules()
    with django_assert_num_queries(0):
        settle_gift(sale=sale, gift=None, now=NOW, rules=settings)
    assert settings.gifts_on is False


def test_gift_goes_off_the_shelf_and_out_of_the_pot(cast, django_assert_num_queries):
    gift = make_gift(cast.branch)
    fill(cast.branch, "2.90")
    sale = bare_sale(cast.vera, "60")

    settings = on()
    with django_assert_num_queries(4):
        given = settle_gift(sale=sale, gift=gift, now=NOW, rules=settings)

    # 2.90 and the 0.30 of this receipt cover 3.00
    assert pot_of(cast.branch) == Decimal("0.20")
    gift.refresh_from_db()
    assert (gift.stock, given.cost, given.client, given.sale) == (4, Decimal(3), cast.vera, sale)

    assert take_back_gift(given=given, now=NOW)
    assert not take_back_gift(given=given, now=NOW)
    gift.refresh_from_db()
    assert (gift.stock, pot_of(cast.branch)) == (5, Decimal("3.20"))
    assert rebuild_pots() == []


def test_gift_is_refused_where_it_is_not_covered_not_there_or_the_same_again(cast):
    dear, cream, last = (
        make_gift(cast.branch, "Silk scarf", "40"),
        make_gift(cast.branch, "Cream", "1"),
        make_gift(cast.branch, "Soap", "1", stock=0),
    )
    fill(cast.branch, "10")

    def give(gift):
        with transaction.atomic():
            settle_gift(sale=bare_sale(cast.vera, "60"), gift=gift, now=NOW, rules=on())

    with pytest.raises(GiftRefused, match="does not cover"):
        give(dear)
    with pytest.raises(GiftRefused, match="None of this gift"):
        give(last)
    receive_gifts(gift=last, number=1)
    give(cream)
    with pytest.raises(GiftRefused, match="same last time"):
        give(cream)
    give(last)
    give(cream)
    assert list(GiftGiven.objects.order_by("pk").values_list("gift__name", flat=True)) == ["Cream", "Soap", "Cream"]


def test_first_visits_and_the_merely_satisfied_go_first(cast):
    make_gift(cast.branch)
    fill(cast.branch, "3")
    regular, satisfied, delighted = (make_client(branch=cast.branch) for _number in range(3))
    for each in (regular, satisfied, delighted):
        came_before(each)
    scored(satisfied, 8)
    scored(delighted, 9)
    newcomer = make_client(branch=cast.branch)
    make_appointment(client=newcomer, master=cast.anna, starts_at=local(TODAY, 16), services=[cast.lashes])

    found = {
        name: proposed(client)
        for name, client in {
            "newcomer": newcomer,
            "satisfied": satisfied,
            "delighted": delighted,
            "regular": regular,
        }.items()
    }
    assert (found["newcomer"].is_first_visit, found["satisfied"].was_merely_satisfied) == (True, True)
    # one gift is covered, and the newcomer of four o'clock comes first
    assert (found["delighted"], found["regular"]) == (None, None)

    fill(cast.branch, "3")
    assert proposed(regular).gift.name == "Hand cream"


def test_regular_gets_no_second_gift_before_the_owners_days(cast):
    cream = make_gift(cast.branch, "Cream", "1")
    make_gift(cast.branch, "Soap", "1")
    fill(cast.branch, "100")
    came_before(cast.vera)
    settle_gift(sale=bare_sale(cast.vera, "60"), gift=cream, now=NOW, rules=on(gift_rest_days=60))

    assert proposed(cast.vera) is None
    assert proposed(cast.vera, TODAY + timedelta(days=59)) is None
    # and then not the same
    assert proposed(cast.vera, TODAY + timedelta(days=60)).gift.name == "Soap"


def test_pot_short_of_one_gift_proposes_none(cast):
    make_gift(cast.branch, cost="3")
    fill(cast.branch, "2.999")
    assert proposed(cast.vera) is None
    fill(cast.branch, "0.001")
    assert proposed(cast.vera).is_first_visit


def test_proposal_costs_three_queries_whatever_there_is(cast, django_assert_num_queries):
    settings = on()
    came_before(cast.vera)
    for number in range(12):
        make_gift(cast.branch, f"Gift {number}", "1")
    fill(cast.branch, "500")
    with django_assert_num_queries(3):
        assert propose_gift(client=cast.vera, branch=cast.branch, today=TODAY, rules=settings)


@pytest.fixture
def visit(cast) -> Appointment:
    return make_appointment(client=cast.vera, master=cast.anna, starts_at=local(TODAY, 10), services=[cast.lashes])


def test_extras_stay_within_the_months_budget(cast, visit):
    tint, massage = make_extra(cast.branch), make_extra(cast.branch, "Hand massage", "5")
    settings, anna = rules(extras_budget=Decimal(12)), cast.user_of(cast.anna)

    first = give_extra(appointment=visit, gift=tint, now=NOW, user=anna, rules=settings)
    again = give_extra(appointment=visit, gift=tint, now=NOW, user=anna, rules=settings)
    with pytest.raises(GiftRefused, match="budget"):
        give_extra(appointment=visit, gift=massage, now=NOW, user=anna, rules=settings)

    assert first == again
    left = extras_for(visit, today=TODAY, rules=settings)
    assert (left.left, left.choices, left.given) == (Decimal(4), [], [first])
    # July has a budget of its own
    give_extra(appointment=visit, gift=massage, now=local(TODAY.replace(month=7), 10), user=anna, rules=settings)
    assert given_by_user(since=TODAY.replace(day=1), until=TODAY.replace(month=7, day=1)) == [
        {"user": anna.pk, "kind": "extra", "number": 1, "spent": Decimal(8)}
    ]


def test_extra_taken_back_gives_the_budget_back(cast, visit):
    tint = make_extra(cast.branch)
    settings = rules(extras_budget=Decimal(8))
    given = give_extra(appointment=visit, gift=tint, now=NOW, user=None, rules=settings)

    take_back_gift(given=given, now=NOW)

    assert extras_for(visit, today=TODAY, rules=settings).left == Decimal(8)
    assert give_extra(appointment=visit, gift=tint, now=NOW, user=None, rules=settings).pk != given.pk


def test_without_a_budget_there_are_no_extras(cast, visit):
    tint = make_extra(cast.branch)
    with pytest.raises(GiftRefused, match="budget"):
        give_extra(appointment=visit, gift=tint, now=NOW, user=None, rules=rules())
