"""Points by hand taken back (rules.md, Points, Refund), worked by hand."""

from datetime import timedelta

import pytest

from crm.team.models import User
from loyalty.points.models import LedgerEntry, OwedEntry
from loyalty.points.selectors import given_by_hand, points_report
from loyalty.points.services import (
    NothingToTakeBack,
    expire_points,
    grant_points,
    rebuild_points,
    record_notice,
    void_entry,
)
from tests.factories import NOW, TODAY, make_branch, make_client, make_user
from tests.loyalty.till import held, lots, pay

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
DAY = timedelta(days=1)


@pytest.fixture
def owner():
    return make_user(User.Role.OWNER)


@pytest.fixture
def client():
    return make_client(branch=make_branch(currency="EUR"))


def give(client, points, *, key="a", now=NOW):
    return grant_points(client=client, points=points, kind="gesture", source="office", key=key, reason="rain", now=now)


def take_back(entry, owner, *, now=NOW):
    taken = void_entry(entry=entry, user=owner, now=now)
    return taken.points, taken.owed


def test_gesture_taken_back_leaves_nothing_and_both_entries(client, owner):
    entry = give(client, 60)

    assert take_back(entry, owner) == (60, 0)

    assert held(client) == (0, 0)
    assert list(given_by_hand().order_by("pk").values_list("points", "kind", "reason", "user")) == [
        (60, "gesture", "rain", None),
        (-60, "taken_back", "rain", owner.pk),
    ]
    assert LedgerEntry.objects.latest("pk").words == "taken back by the owner"
    assert rebuild_points() == []


def test_asked_twice_it_happens_once(client, owner):
    entry = give(client, 60)
    give(client, 40, key="b")

    assert [take_back(entry, owner), take_back(entry, owner)] == [(60, 0), (60, 0)]
    assert held(client) == (40, 0)


def test_its_own_lot_goes_before_others_that_expire_sooner(client, owner):
    give(client, 30)
    later = give(client, 50, key="b", now=NOW + DAY)

    take_back(later, owner, now=NOW + DAY)

    assert [(left, expires) for left, expires in lots(client) if left] == [(30, TODAY + timedelta(days=365))]


def test_what_was_spent_is_owed_and_goes_off_the_next_grant(client, owner):
    entry = give(client, 60)
    pay(client, 45, points=45)

    # 15 are left of the 60
    assert take_back(entry, owner) == (15, 45)
    assert held(client) == (0, 45)
    give(client, 50, key="b")
    assert held(client) == (5, 0)
    assert list(OwedEntry.objects.order_by("pk").values_list("points", flat=True)) == [45, -45]
    assert rebuild_points() == []


def test_all_spent_is_owed_once_however_often_it_is_asked(client, owner):
    entry = give(client, 60)
    pay(client, 60, points=60)

    assert [take_back(entry, owner), take_back(entry, owner)] == [(0, 60), (0, 60)]
    assert held(client) == (0, 60)


def test_what_expired_unspent_is_let_off(client, owner):
    entry = give(client, 40)
    pay(client, 30, points=30)
    over = NOW + timedelta(days=366)
    record_notice(client=client, expires_on=TODAY + timedelta(days=365), now=NOW)
    expire_points(now=over)

    # 30 spent, 10 expired
    assert take_back(entry, owner, now=over) == (0, 30)


def test_expired_wholly_is_refused(client, owner):
    entry = give(client, 40)
    expire_points(now=NOW + timedelta(days=366))

    with pytest.raises(NothingToTakeBack):
        take_back(entry, owner, now=NOW + timedelta(days=366))


def test_what_a_sale_earned_is_no_gesture(client, owner):
    pay(client, 1000)

    with pytest.raises(NothingToTakeBack):
        take_back(LedgerEntry.objects.get(), owner)

    assert held(client) == (50, 0)


def test_report_counts_it_as_reversed(client, owner):
    take_back(give(client, 60), owner)

    report = points_report(since=TODAY, until=TODAY + DAY, today=TODAY)

    assert (report["granted"], report["reversed"], report["outstanding"]) == (60, 60, 0)
