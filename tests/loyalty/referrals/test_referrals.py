"""Bringing friends, and what a dishonest one tries (rules.md, Points, Referral; trust.md, L5)."""

from datetime import timedelta
from decimal import Decimal

import pytest

from crm.people.models import Client
from crm.sales.models import Sale
from loyalty.points.models import LedgerEntry
from loyalty.points.services import rebuild_points
from loyalty.referrals.models import ReferralClaim
from loyalty.referrals.selectors import bringer_of_code, claim_of, friends_of, referral_suspicions
from loyalty.referrals.services import (
    ReferralRefused,
    claim_by_link,
    claim_referral,
    decide_claim,
    ensure_code,
    settle_claims,
    withdraw_claim,
)
from tests.factories import NOW, make_branch, make_client, make_user, make_visit
from tests.loyalty.till import bare_sale, give_back, held, pay, rules

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

DAY = timedelta(days=1)
State = ReferralClaim.State


@pytest.fixture
def branch():
    rules(referral_on=True, spending_on=False)
    return make_branch()


def claim(friend, bringer, *, now=NOW, **options):
    return claim_referral(friend=friend, bringer=bringer, via=ReferralClaim.Via.DESK, now=now, **options)


def state_of(friend):
    found = claim_of(friend)
    return found and found.state


def test_a_friends_friend(branch):
    """A brings B, B brings C: A gets for B and for nobody else."""
    ana, beba, ceca = (make_client(branch=branch, name=name) for name in ("Ana", "Beba", "Ceca"))
    claim_by_link(friend=beba, code=ensure_code(client=ana, now=NOW), now=NOW)
    assert (held(ana), held(beba), state_of(beba)) == ((0, 0), (0, 0), State.OPEN)

    pay(beba, 50)
    claim_by_link(friend=ceca, code=ensure_code(client=beba, now=NOW).lower(), now=NOW)
    pay(ceca, 50, now=NOW + DAY)
    pay(beba, 50, now=NOW + 2 * DAY)
    pay(ceca, 50, now=NOW + 3 * DAY)

    # 200 to who brought, 100 to the friend, once
    assert (held(ana), held(beba), held(ceca)) == ((200, 0), (100 + 200, 0), (100, 0))
    assert (friends_of(ana).brought, friends_of(ana).points, friends_of(ceca).brought) == (1, 200, 0)
    assert rebuild_points() == []


def test_oneself_a_ring_and_a_second_claim_are_refused(branch):
    ana, beba, ceca, dara = (make_client(branch=branch) for _each in range(4))
    claim(beba, ana)
    claim(ceca, beba)

    for friend, bringer in ((ana, ana), (ana, beba), (ana, ceca), (beba, dara), (ceca, ana)):
        with pytest.raises(ReferralRefused):
            claim(friend, bringer)
        assert claim_by_link(friend=friend, code=ensure_code(client=bringer, now=NOW), now=NOW) is None
    pay(ana, 50)

    assert [held(each) for each in (ana, beba, ceca, dara)] == [(0, 0)] * 4
    assert bringer_of_code("0000000000") is None


def test_shared_contact_is_held_for_the_owner(branch):
    """Mother and daughter: one number, or one mailbox written twice. The owner decides once."""
    mother = make_client(branch=branch, phone="+38761100501", email="mira@example.test")
    daughter = make_client(branch=branch, phone="+38761100501")
    son = make_client(branch=branch, email="Mira+two@example.test")
    owner = make_user("owner")
    for friend in (daughter, son):
        assert claim(friend, mother).state == State.HELD
        pay(friend, 50)
    assert (held(mother), held(daughter), held(son)) == ((0, 0),) * 3
    assert [each.kind for each in referral_suspicions(NOW.date(), rules())] == ["held", "held"]

    assert decide_claim(claim=claim_of(daughter), grants=True, user=owner, now=NOW)
    assert decide_claim(claim=claim_of(son), grants=False, user=owner, now=NOW)
    assert not decide_claim(claim=claim_of(son), grants=True, user=owner, now=NOW)

    assert (held(mother), held(daughter), held(son)) == ((200, 0), (100, 0), (0, 0))
    assert Client.objects.get(pk=son.pk).referred_by is None


def test_number_that_becomes_shared_before_the_visit_is_held_too(branch):
    ana, beba = make_client(branch=branch), make_client(branch=branch)
    claim(beba, ana)
    Client.objects.filter(pk=beba.pk).update(phone=ana.phone, search_digits=ana.search_digits)

    pay(Client.objects.get(pk=beba.pk), 50)

    assert (state_of(beba), held(ana)) == (State.HELD, (0, 0))


def test_who_writes_it_down_for_herself_is_held(branch):
    reception = make_user("receptionist", branch=branch, email="jana@example.test")
    jana, friend = make_client(branch=branch, email="jana@example.test"), make_client(branch=branch)

    assert claim(friend, jana, user=reception).doubt == ReferralClaim.Doubt.OWN


def test_number_of_somebody_who_has_been_here_is_held(branch):
    """One's own second record is no friend."""
    ana, beba = make_client(branch=branch, phone="+38761100502"), make_client(branch=branch)
    make_visit(ana, NOW.date() - 40 * DAY)

    assert claim(make_client(branch=branch, phone="+38761100502"), beba).doubt == ReferralClaim.Doubt.KNOWN


@pytest.mark.parametrize(("day", "paid"), [(30, True), (31, False)])
def test_late_claim(branch, day, paid):
    ana, beba = make_client(branch=branch), make_client(branch=branch)
    pay(beba, 50)

    if paid:
        assert claim(beba, ana, now=NOW + day * DAY).state == State.PAID
    else:
        with pytest.raises(ReferralRefused, match="30 days"):
            claim(beba, ana, now=NOW + day * DAY)

    assert held(ana) == ((200, 0) if paid else (0, 0))


def test_refund_takes_both_back_and_buying_again_gives_nothing(branch):
    ana, beba = make_client(branch=branch), make_client(branch=branch)
    claim(beba, ana)
    sale = pay(beba, 30, 20)
    pay(ana, 150, points=150)

    give_back(sale, lines=[0])
    assert (held(ana), held(beba)) == ((50, 0), (100, 0))
    give_back(sale, lines=[1])

    # 200 go back: 50 are there, 150 were spent and are owed
    assert (held(ana), held(beba), state_of(beba)) == ((0, 150), (0, 0), State.RETURNED)
    for round_ in range(3):
        give_back(pay(beba, 50, now=NOW + round_ * DAY), now=NOW + round_ * DAY)
    with pytest.raises(ReferralRefused):
        claim(beba, ana, now=NOW + 4 * DAY)
    assert (held(ana), held(beba)) == ((0, 150), (0, 0))
    assert LedgerEntry.objects.filter(kind="referral").count() == 2
    assert [each.kind for each in referral_suspicions(NOW.date(), rules())] == ["taken_back"]
    assert rebuild_points() == []


def test_who_was_brought_over_with_visits_is_no_friend(branch):
    ana, old = make_client(branch=branch), make_client(branch=branch)
    Sale.objects.create(branch=branch, code="OLD", client=old, on=NOW.date() - DAY, total=50, paid=50, is_imported=True)

    with pytest.raises(ReferralRefused, match="client before"):
        claim(old, ana)
    Client.objects.filter(pk=old.pk).update(referred_by=ana)
    pay(Client.objects.get(pk=old.pk), 50)

    assert held(ana) == (0, 0)


def test_name_on_her_card_is_claim_enough_and_points_are_no_payment(branch):
    ana = make_client(branch=branch)
    beba = make_client(branch=branch, referred_by=ana)
    pay(beba, 50)

    assert (state_of(beba), held(ana), held(beba)) == (State.PAID, (200, 0), (100, 0))
    assert claim_of(beba).via == ReferralClaim.Via.RECORDED


def test_slip_is_withdrawn_and_said_anew_until_it_is_paid(branch):
    ana, beba, ceca = (make_client(branch=branch) for _each in range(3))
    assert withdraw_claim(claim=claim(ceca, ana), now=NOW)
    claim(ceca, beba)
    pay(ceca, 50)

    assert not withdraw_claim(claim=claim_of(ceca), now=NOW)
    assert (held(ana), held(beba)) == ((0, 0), (200, 0))


def test_rule_that_is_off_gives_nothing_and_the_clock_makes_up_for_thirty_days(branch):
    rules(referral_on=False)
    ana, beba, ceca = (make_client(branch=branch) for _each in range(3))
    claim(beba, ana)
    claim(ceca, ana)
    pay(beba, 50)
    bare_sale(ceca, 50, now=NOW + 10 * DAY)
    assert (settle_claims(now=NOW + 30 * DAY, rules=rules()), held(ana)) == (0, (0, 0))

    settled = settle_claims(now=NOW + 31 * DAY, rules=rules(referral_on=True, referrer_points=70, friend_points=0))

    # one is past the thirty days, the other is not; the figures are those of the day
    assert (settled, state_of(beba), state_of(ceca)) == (2, State.LAPSED, State.PAID)
    assert (held(ana), held(ceca)) == ((70, 0), (0, 0))
    assert claim_of(ceca).sale.paid == Decimal(50)
