"""Who is in a club, kept by the day in sets, and what it gives (practices.md, P29)."""

from datetime import timedelta

import pytest

from crm.people.models import Client
from crm.sales.models import Sale
from loyalty.clubs.models import Club, ClubChoice, ClubMember
from loyalty.clubs.selectors import ClubDiscount, club_benefits_of, extra_days_of
from loyalty.clubs.services import keep_club, keep_clubs
from loyalty.points.models import EarningRule
from tests.factories import NOW, TODAY, make_branch, make_client, make_service, make_visit

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

DAY = timedelta(days=1)


@pytest.fixture
def branch():
    return make_branch()


def spend(client, amount, *, on=TODAY) -> None:
    code = f"R{Sale.objects.count()}"
    Sale.objects.create(branch=client.branch, code=code, client=client, on=on, total=amount, paid=amount)


def members(club) -> set[str]:
    return set(ClubMember.objects.filter(club=club, until__isnull=True).values_list("client__name", flat=True))


def test_first_fifth_by_revenue_comes_in_and_goes_with_the_days(branch):
    """Eleven pay 10, 20, … 110: a fifth is 2.2, so three are in; a refund and 365 days take money away again."""
    club = Club.objects.create(name="Circle", branch=branch)
    for number in range(1, 12):
        spend(make_client(branch=branch, name=f"C{number}"), 10 * number)
    gone, blocked = make_client(branch=branch, name="gone"), make_client(branch=branch, status=Client.Status.BLOCKED)
    spend(gone, 900, on=TODAY - 364 * DAY)
    spend(blocked, 900)
    spend(make_client(branch=make_branch(), name="elsewhere"), 900)

    # twelve pay: 2.4 are three
    assert keep_club(club=club, today=TODAY, now=NOW).joined == 3
    assert members(club) == {"gone", "C11", "C10"}

    spend(Client.objects.get(name="C11"), -100)
    kept = keep_club(club=club, today=TODAY + DAY, now=NOW + DAY)

    assert (kept.joined, kept.left, members(club)) == (2, 2, {"C10", "C9", "C8"})
    assert ClubMember.objects.get(client=gone).until == TODAY + DAY


def test_clubs_are_kept_once_a_day_and_only_changes_are_written(branch, django_assert_num_queries):
    first, second = (make_client(branch=branch, name=name) for name in ("first", "second"))
    club = Club.objects.create(name="Circle", top_percent=100)
    spend(first, 10)

    assert (keep_clubs(now=NOW), keep_clubs(now=NOW)) == (1, 0)
    spend(second, 10)
    assert (members(club), keep_clubs(now=NOW + DAY)) == ({"first"}, 1)
    assert set(ClubMember.objects.values_list("since", flat=True)) == {TODAY, TODAY + DAY}

    for _each in range(30):
        spend(make_client(branch=branch), 10)
    # lock, who is in, chosen by hand, who belongs, who joins, the day; a transaction's begin and end
    with django_assert_num_queries(8):
        keep_club(club=club, today=TODAY + 2 * DAY, now=NOW)


def test_rules_by_visits_by_stage_and_by_hand(branch):
    often, seldom, loved, unloved = (make_client(branch=branch, name=name) for name in ("often", "seldom", "in", "out"))
    for day in range(3):
        for client in (often, unloved):
            make_visit(client, TODAY - day * DAY)
    make_visit(seldom, TODAY)
    club = Club.objects.create(name="Circle", rule=Club.Rule.VISITS, min_visits=3)
    ClubChoice.objects.create(club=club, client=loved)
    ClubChoice.objects.create(club=club, client=unloved, is_in=False)

    keep_club(club=club, today=TODAY, now=NOW)
    assert members(club) == {"often", "in"}
    club.rule = Club.Rule.BY_HAND
    club.save()
    keep_club(club=club, today=TODAY, now=NOW)
    assert members(club) == {"in"}
    club.rule, club.stage = Club.Rule.STAGE, Club.Stage.REGULAR
    club.save()
    keep_club(club=club, today=TODAY, now=NOW)
    assert members(club) == {"in"}


def test_what_a_member_has(branch, django_assert_num_queries):
    vera, other = make_client(branch=branch), make_client(branch=branch)
    lashes, double = make_service(branch=branch), EarningRule.objects.create(name="Double", for_clubs=True)
    small = Club.objects.create(name="Small", percent=10, extra_days=3)
    best = Club.objects.create(
        name="Best", branch=branch, percent=20, extra_days=14, offer_from=TODAY, offer_until=TODAY + DAY
    )
    best.services.add(lashes)
    best.rules.add(double)
    for club in (small, best):
        ClubMember.objects.create(club=club, client=vera, since=TODAY)
    offer = ClubDiscount(20, frozenset({lashes.pk}), "Best", TODAY + DAY, best.pk)

    assert club_benefits_of(vera, branch, TODAY).rules == {double.pk}
    assert club_benefits_of(vera, branch, TODAY + DAY).discount == offer
    # its window is over, and elsewhere it is not known
    assert club_benefits_of(vera, branch, TODAY + 2 * DAY).discount.name == "Small"
    assert club_benefits_of(vera, make_branch(), TODAY).discount.percent == 10
    assert (extra_days_of(vera), extra_days_of(other), extra_days_of(Client())) == (14, 0, 0)
    with django_assert_num_queries(1):
        assert club_benefits_of(other, branch, TODAY).discount is None
    ClubMember.objects.update(until=TODAY)
    assert (club_benefits_of(vera, branch, TODAY).discount, extra_days_of(vera)) == (None, 0)
