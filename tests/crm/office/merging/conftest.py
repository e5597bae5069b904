"""Two cards of one client, and an owner who makes them one."""

import pytest

from crm.office.merging.services import merge_clients
from crm.people.models import Client
from loyalty.points.services import grant_points
from tests.factories import (
    NOW,
    make_branch,
    make_client,
    make_user,
)


@pytest.fixture
def branch():
    return make_branch("Harbour")


@pytest.fixture
def owner():
    return make_user(role="owner", branch=None)


@pytest.fixture
def two(branch):
    """The card that stays and the one that is put aside."""
    return make_client(branch=branch, name="Amra Demić"), make_client(branch=branch, name="Amra Demic")


def merge(kept, aside, owner, *, taken=(), now=NOW):
    return merge_clients(kept=kept, aside=aside, taken=taken, now=now, user=owner)


def give(client, points, key, **options):
    return grant_points(client=client, points=points, kind="gesture", source=key, key=key, now=NOW, **options)


def fresh(client):
    return Client.everyone.get(pk=client.pk)
