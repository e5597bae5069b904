"""Two desks make the same two cards one at the same moment: one effect (with the guard off as a control)."""

from datetime import timedelta

import pytest
from django.urls import reverse

from crm.office.merging import services
from crm.office.merging.services import merge_clients
from crm.office.merging.steps import MergeRefused
from crm.people.models import Client, ClientMerge
from loyalty.points.selectors import balance_of
from loyalty.points.services import grant_points, rebuild_points
from tests.factories import NOW, make_branch, make_client, make_user
from tests.faults.together import meeting
from tests.loyalty.crowd import all_at_once
from tests.loyalty.till import rules

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


def two_cards():
    rules()
    branch = make_branch()
    two = [make_client(branch=branch, name="Amra Sample") for _each in range(2)]
    for number, client in enumerate(two):
        grant_points(client=client, points=30, kind="gesture", source="t", key=f"t{number}", now=NOW)
    return two, make_user(role="owner", branch=None)


def test_who_only_looks_needs_no_transaction_and_holds_nothing(client):
    """In the product no page runs within one: what holds rows there is refused by PostgreSQL."""
    (kept, aside), owner = two_cards()
    client.force_login(owner)

    page = client.get(reverse("office:merge", args=[kept.pk, aside.pk]))
    unticked = client.post(reverse("office:merge", args=[kept.pk, aside.pk]))

    assert (page.status_code, unticked.status_code) == (200, 422)
    done = client.post(reverse("office:merge", args=[kept.pk, aside.pk]), {"sure": "yes"})
    assert (done.status_code, ClientMerge.objects.count()) == (302, 1)


def test_the_same_two_at_once_are_merged_once():
    (kept, aside), owner = two_cards()

    outcomes = all_at_once(lambda _number: merge_clients(kept=kept, aside=aside, taken=[], now=NOW, user=owner), many=6)

    assert outcomes == [None] * 6
    assert (ClientMerge.objects.count(), balance_of(kept)) == (1, 60)
    assert rebuild_points() == []


def each_into_the_other(monkeypatch) -> tuple[int, int]:
    """Two desks, each keeps the other card: how many were refused in words, and how many cards are in use."""
    two, owner = two_cards()
    meet, held = meeting(), services._held

    def meeting_there(kept_id, aside_id):
        found = held(kept_id, aside_id)
        meet()
        return found

    monkeypatch.setattr(services, "_held", meeting_there)
    outcomes = all_at_once(
        lambda number: merge_clients(
            kept=two[number], aside=two[1 - number], taken=[], now=NOW + timedelta(hours=1), user=owner
        ),
        many=2,
    )
    refused = sum(isinstance(each, MergeRefused) for each in outcomes)
    return refused, Client.objects.filter(pk__in=[client.pk for client in two]).count()


def test_each_into_the_other_leaves_one(monkeypatch):
    assert each_into_the_other(monkeypatch) == (1, 1)


@pytest.mark.postgres
def test_without_the_locks_each_goes_into_the_other(monkeypatch):
    """Control: nobody is told in words; both are put aside, or the database has to break the knot."""

    def not_held(kept_id, aside_id):
        found = Client.everyone.select_related("branch").in_bulk([kept_id, aside_id])
        return found[kept_id], found[aside_id]

    monkeypatch.setattr(services, "_held", not_held)

    assert each_into_the_other(monkeypatch)[0] == 0
