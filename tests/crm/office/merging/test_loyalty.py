"""Two cards of one client become one: points, cards, vouchers, friends, worked by hand."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db.models import Sum

from crm.people.models import Client
from crm.sales.models import Sale
from loyalty.cards.models import Card, CardEvent
from loyalty.cards.services import ensure_levels, issue_card
from loyalty.points.models import LedgerEntry, PointsAccount, PointsLot, SpendingCount
from loyalty.points.selectors import balance_of, points_report, points_summary
from loyalty.points.services import rebuild_points, void_entry
from loyalty.referrals.models import ReferralClaim
from loyalty.referrals.services import claim_referral, ensure_code
from loyalty.vouchers.models import Voucher
from loyalty.vouchers.services import issue_voucher
from tests.crm.office.merging.conftest import fresh, give, merge
from tests.factories import (
    NOW,
    TODAY,
    make_client,
)
from tests.loyalty.till import bare_sale, give_back, pay, rules

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def test_points_of_both_are_hers_each_with_its_last_day(two, owner):
    kept, aside = two
    rules(validity_days=365)
    give(kept, 100, "a")
    give(aside, 30, "b", expires_on=TODAY + 20 * DAY)
    give(aside, 50, "c")
    PointsLot.objects.filter(entry__key="b").update(noticed_at=NOW)
    before = points_report(since=TODAY, until=TODAY + DAY, today=TODAY)

    merge(kept, aside, owner)

    assert balance_of(kept) == 180
    lots = PointsLot.objects.filter(account__client=kept, remaining__gt=0).order_by("expires_on", "pk")
    assert list(lots.values_list("remaining", "expires_on", "noticed_at")) == [
        (30, TODAY + 20 * DAY, NOW),
        (100, TODAY + 365 * DAY, None),
        (50, TODAY + 365 * DAY, None),
    ]
    moved = LedgerEntry.objects.filter(kind="merged").order_by("pk")
    assert list(moved.values_list("points", "source")) == [
        (-80, f"merge {aside.pk}"), (30, f"merge {aside.pk}"), (50, f"merge {aside.pk}"),
    ]  # fmt: skip
    assert points_report(since=TODAY, until=TODAY + DAY, today=TODAY) == before
    assert LedgerEntry.objects.aggregate(sum=Sum("points"))["sum"] == 180
    assert list(PointsAccount.objects.order_by("pk").values_list("client", "is_current")) == [
        (kept.pk, True), (kept.pk, False),
    ]  # fmt: skip
    assert rebuild_points() == []


def test_an_account_on_one_card_only_becomes_hers_without_an_entry(two, owner):
    kept, aside = two
    give(aside, 30, "b")

    merge(kept, aside, owner)

    assert (balance_of(kept), LedgerEntry.objects.count()) == (30, 1)


def test_what_she_owes_goes_with_her(two, owner):
    kept, aside = two
    rules(points_per_100=Decimal(5))
    give(kept, 10, "a")
    sale = pay(aside, 400)
    # the 20 that it earned are spent when it comes back
    pay(aside, 20, points=20)
    give_back(sale)
    assert points_summary(aside, rules()).owed == 20

    merge(kept, aside, owner)

    assert (balance_of(kept), points_summary(kept, rules()).owed) == (10, 20)
    give(kept, 50, "later")
    # of 50 new ones 20 were owed
    assert (balance_of(kept), points_summary(kept, rules()).owed) == (40, 0)
    assert rebuild_points() == []


def test_no_remainder_of_either_card_is_lost_and_a_return_takes_back_as_much(two, owner):
    kept, aside = two
    rules(points_per_100=Decimal(5), point_value=Decimal(1))
    # 5 % of 150 is 7.5 on each card: 7 and 7
    pay(kept, 150)
    sale = pay(aside, 150)
    assert (balance_of(kept), balance_of(aside)) == (7, 7)

    merge(kept, aside, owner)
    pay(kept, 10, now=NOW + DAY)

    # 5 % of 310 is 15.5
    assert balance_of(kept) == 15
    give_back(Sale.objects.get(pk=sale.pk), now=NOW + 2 * DAY)
    # 5 % of the 160 that are left
    assert balance_of(kept) == 8
    assert SpendingCount.objects.get(is_current=True).paid == 160
    assert rebuild_points() == []


def test_points_given_on_the_card_put_aside_can_be_taken_back(two, owner):
    kept, aside = two
    give(kept, 5, "a")
    entry = give(aside, 30, "b")
    merge(kept, aside, owner)

    taken = void_entry(entry=LedgerEntry.objects.get(pk=entry.pk), user=owner, now=NOW + DAY)

    assert (taken.points, taken.owed, balance_of(kept)) == (30, 0, 5)
    assert rebuild_points() == []


def test_the_higher_discount_card_stays_and_the_other_is_closed(two, owner):
    kept, aside = two
    ensure_levels()
    plain, better = (issue_card(client=client, now=NOW, rules=rules()) for client in two)
    Card.objects.filter(pk=better.pk).update(level=better.level.__class__.objects.get(code="gold"))
    lent = issue_card(client=aside, now=NOW, rules=rules(), is_bearer=True)

    merge(kept, aside, owner)

    assert list(Card.objects.filter(closed_at=None).order_by("pk").values_list("pk", "client")) == [
        (better.pk, kept.pk), (lent.pk, kept.pk),
    ]  # fmt: skip
    assert CardEvent.objects.filter(card=plain).latest("pk").kind == "closed"


def test_what_was_paid_on_both_raises_the_card_at_once(two, owner):
    kept, aside = two
    ensure_levels()
    card = issue_card(client=kept, now=NOW, rules=rules())
    # gold is from 1,000
    for client in two:
        bare_sale(client, 600)

    merge(kept, aside, owner)

    assert Card.objects.get(pk=card.pk).level.code == "gold"


def test_of_two_unused_win_backs_the_longer_stays_and_no_fact_gives_another(two, owner, branch):
    kept, aside = two
    terms = {"branch": branch, "kind": "win_back", "percent": 50, "valid_from": TODAY, "now": NOW}
    short = issue_voucher(client=kept, key=f"win_back {kept.pk} 2026-01-05", valid_until=TODAY + 10 * DAY, **terms)
    long = issue_voucher(client=aside, key=f"win_back {aside.pk} 2026-02-05", valid_until=TODAY + 40 * DAY, **terms)

    merge(kept, aside, owner)

    short, long = (Voucher.objects.get(pk=each.pk) for each in (short, long))
    assert (short.voided_at, long.voided_at) == (NOW, None)
    assert (long.client, long.key) == (kept, f"win_back {kept.pk} 2026-02-05")


def test_who_brought_herself_gets_nothing_for_it(two, owner):
    kept, aside = two
    rules(referral_on=True, spending_on=False)
    aside.phone = ""
    aside.save()
    claim_referral(friend=aside, bringer=kept, via="desk", now=NOW)
    pay(Client.objects.get(pk=aside.pk), 50)
    assert (balance_of(kept), balance_of(aside)) == (200, 100)

    merge(kept, Client.objects.get(pk=aside.pk), owner)

    assert (balance_of(kept), ReferralClaim.objects.get().state) == (0, "returned")
    assert fresh(kept).referred_by is None
    assert rebuild_points() == []


def test_friends_of_both_are_hers_and_both_codes_go_on(two, owner, branch):
    kept, aside = two
    rules(referral_on=True, spending_on=False)
    codes = [ensure_code(client=client, now=NOW) for client in two]
    waiting = make_client(branch=branch)
    claim_referral(friend=waiting, bringer=aside, via="desk", now=NOW)
    bringer = make_client(branch=branch)
    claim_referral(friend=aside, bringer=bringer, via="desk", now=NOW)
    # she brought the one who brought her other card: a ring once they are one
    claim_referral(friend=bringer, bringer=kept, via="desk", now=NOW)

    merge(kept, Client.objects.get(pk=aside.pk), owner)
    pay(Client.objects.get(pk=waiting.pk), 50, now=NOW + DAY)

    assert balance_of(kept) == 200
    assert sorted(kept_codes(kept)) == sorted(codes)
    assert fresh(kept).referred_by is None
    states = dict(ReferralClaim.objects.values_list("bringer", "state"))
    assert states[bringer.pk] == "withdrawn"


def kept_codes(client):
    from loyalty.referrals.models import ReferralCode

    return ReferralCode.objects.filter(client=client).values_list("code", flat=True)
