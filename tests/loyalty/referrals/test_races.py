"""Many at once: a friend is brought once, no ring closes, a partner's code counts once (trust.md, L3)."""

import pytest

from loyalty.partners import services as partner_services
from loyalty.partners.models import Partner, PartnerCode, PartnerEvent
from loyalty.partners.services import confirm_code, take_code
from loyalty.referrals import services
from loyalty.referrals.services import claim_referral
from tests.factories import NOW, TODAY, make_branch, make_client
from tests.loyalty.crowd import all_at_once
from tests.loyalty.till import bare_sale, held, rules

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
MANY = 8


def claim(friend, bringer) -> None:
    claim_referral(friend=friend, bringer=bringer, via="desk", now=NOW)


def test_one_friend_claimed_by_many_is_paid_once():
    rules(referral_on=True, spending_on=False)
    branch = make_branch()
    friend, bringers = make_client(branch=branch), [make_client(branch=branch) for _each in range(MANY)]
    bare_sale(friend, 50)

    outcomes = all_at_once(lambda number: claim(friend, bringers[number]), many=MANY)

    refused = [each for each in outcomes if each is not None]
    assert [getattr(each, "reason", repr(each)) for each in refused] == ["said_already"] * (MANY - 1)
    assert sorted(held(each)[0] for each in bringers) == [0] * (MANY - 1) + [200]
    assert held(friend) == (100, 0)


def ring_after_a_rush() -> bool:
    """A brought B and B brought C; at the same moment C is to bring D, and D to bring A."""
    ana, beba, ceca, dara = (make_client(branch=make_branch()) for _each in range(4))
    claim(beba, ana)
    claim(ceca, beba)
    outcomes = all_at_once(lambda number: claim(*((dara, ceca), (ana, dara))[number]), many=2)
    refused = [getattr(each, "reason", repr(each)) for each in outcomes if each is not None]
    assert refused in ([], ["ring"])
    return not refused


def test_no_ring_closes_at_once():
    assert not any(ring_after_a_rush() for _round in range(5))


@pytest.mark.postgres
def test_control_where_claims_do_not_wait_a_ring_closes(monkeypatch):
    monkeypatch.setattr(services, "hold_claims", lambda: None)
    if not any(ring_after_a_rush() for _round in range(30)):
        pytest.fail("with the guard off nothing went wrong: the race above proves nothing")


def confirmed_after_a_rush() -> int:
    branch = make_branch()
    partner = Partner.objects.create(
        branch=branch, name="Petal", slug=f"petal-{branch.pk}", gives_there="10 %", from_on=TODAY
    )
    code = take_code(client=make_client(branch=branch), partner=partner, now=NOW)
    all_at_once(lambda _number: confirm_code(partner=partner, typed=code.code, now=NOW), many=MANY)
    return PartnerEvent.objects.filter(partner=partner, kind="confirmed").count()


def test_one_code_is_confirmed_once():
    assert [confirmed_after_a_rush() for _round in range(3)] == [1, 1, 1]


@pytest.mark.postgres
def test_control_where_a_code_is_not_used_up_the_table_itself_refuses(monkeypatch):
    """Lock and condition off: many come through to the last guard, the constraint of the table."""
    reached = []
    monkeypatch.setattr(partner_services, "lock_code", lambda partner, read: PartnerCode.objects.get(code=read))
    monkeypatch.setattr(partner_services, "_use_up", lambda _code, _now: not reached.append(1))

    assert [confirmed_after_a_rush() for _round in range(3)] == [1, 1, 1]
    assert len(reached) > 3
