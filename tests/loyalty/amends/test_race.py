"""Two choose in one case at once: it is given once (practices.md, P31), with what is asked behind the lock left out as a control."""

import pytest

from crm.care.models import ComplaintOption
from crm.care.services import open_complaint
from loyalty.amends.models import Compensation
from loyalty.amends.services import AlreadyChosen, Solution, choose_solution, choosing, offer_solutions
from loyalty.vouchers.models import Voucher
from tests.factories import NOW, make_cast
from tests.loyalty.crowd import all_at_once

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
ROUNDS = 8


def a_choice(cast, number: int) -> list[ComplaintOption]:
    case = open_complaint(client=cast.vera, branch=cast.branch, text=f"{number}", now=NOW, user=cast.receptionist)
    return offer_solutions(
        complaint=case,
        solutions=[Solution("discount", f"{number} a", percent=10), Solution("discount", f"{number} b", percent=20)],
        user=cast.owner,
        now=NOW,
    )


def test_two_solutions_chosen_at_once_and_one_chosen_twice_are_given_once():
    cast = make_cast()
    for number in range(ROUNDS):
        options = a_choice(cast, number)

        outcomes = all_at_once(lambda each, options=options: choose_solution(option=options[each % 2], now=NOW), many=4)

        # who chose what was given hears of it again, the other two are told
        assert [type(each) for each in outcomes if each] == [AlreadyChosen] * 2, outcomes
        assert Compensation.objects.filter(option__in=options).count() == 1
        assert Voucher.objects.filter(key__in=[f"amends {option.pk}" for option in options]).count() == 1


def test_control_without_what_is_asked_behind_the_lock_both_are_given(monkeypatch):
    cast = make_cast()
    monkeypatch.setattr(choosing, "_take", lambda *_asked: None)
    options = a_choice(cast, 0)
    all_at_once(lambda each: choose_solution(option=options[each], now=NOW), many=2)
    assert Compensation.objects.filter(option__in=options).count() == 2
