"""A surprise for the visit, given in one tap and taken back (practices.md, P11)."""

import re
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from loyalty.gifts.models import Gift, GiftGiven
from tests.factories import make_appointment, make_cast, make_user
from tests.loyalty.till import rules

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast():
    return make_cast()


@pytest.fixture
def visit(cast):
    return make_appointment(client=cast.vera, master=cast.anna, starts_at=timezone.now(), services=[cast.lashes])


@pytest.fixture
def tint(cast):
    return Gift.objects.create(branch=cast.branch, kind=Gift.Kind.EXTRA, name="Brow tint", cost=Decimal(8))


def page(desk, visit) -> str:
    return desk.get(reverse("desk:visit", args=[visit.pk])).content.decode()


def test_master_surprises_within_the_budget_and_takes_it_back(client, cast, visit, tint):
    rules(extras_budget=Decimal(10))
    client.force_login(cast.user_of(cast.anna))
    assert "Brow tint" in page(client, visit)

    client.post(reverse("desk:extra_give", args=[visit.pk]), {"gift": tint.pk})

    given = GiftGiven.objects.get()
    assert (given.client, given.user, given.cost) == (cast.vera, cast.user_of(cast.anna), Decimal(8))
    html = page(client, visit)
    assert reverse("desk:gift_take_back", args=[given.pk]) in html
    # 10 less 8
    assert re.search(r"Left for surprises this month: \D*2\.00", html)

    client.post(reverse("desk:gift_take_back", args=[given.pk]))
    given.refresh_from_db()
    assert given.taken_back_at is not None
    assert "Brow tint" in page(client, visit)


def test_another_master_does_not_take_it_back(client, cast, visit, tint):
    rules(extras_budget=Decimal(10))
    client.force_login(cast.user_of(cast.anna))
    client.post(reverse("desk:extra_give", args=[visit.pk]), {"gift": tint.pk})

    client.force_login(make_user("master", branch=cast.branch))
    client.post(reverse("desk:gift_take_back", args=[GiftGiven.objects.get().pk]))

    assert GiftGiven.objects.get().taken_back_at is None


def test_without_a_budget_the_page_offers_nothing_and_a_forged_post_gives_nothing(client, cast, visit, tint):
    rules()
    client.force_login(cast.user_of(cast.anna))
    assert "Surprise her" not in page(client, visit)

    answer = client.post(reverse("desk:extra_give", args=[visit.pk]), {"gift": tint.pk}, follow=True)

    assert "budget does not cover" in answer.content.decode()
    assert not GiftGiven.objects.exists()
