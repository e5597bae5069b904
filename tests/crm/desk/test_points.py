"""A client's points at the desk: two taps to a reward, points by hand, requests for the owner (practices.md, P23)."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from loyalty.points.models import GestureRequest, LedgerEntry
from loyalty.points.services import grant_points
from loyalty.vouchers.models import Reward, Voucher
from tests.factories import make_cast
from tests.loyalty.till import held, rules

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast():
    rules(gesture_on=True)
    made = make_cast()
    for number in range(30):
        key = f"n {number}"
        grant_points(client=made.vera, points=10, kind="gesture", source=key, key=key, now=timezone.now())
    return made


@pytest.fixture
def desk(client, cast):
    client.force_login(cast.receptionist)
    return client


def page_of(desk, cast) -> str:
    return desk.get(reverse("desk:client_points", args=[cast.vera.pk])).content.decode()


def key_in(page: str, after: str) -> str:
    return re.search(r'name="key" value="([^"]+)"', page[page.index(after) :])[1]


def test_reward_is_taken_in_two_taps_and_given_back_in_one(desk, cast, django_assert_num_queries):
    reward = Reward.objects.create(name="A colour as a present", price=200)
    Reward.objects.create(name="A bride's day", price=900)
    page = page_of(desk, cast)
    assert "300 points" in page
    assert "600 points are missing" in page
    take = reverse("desk:reward_redeem", args=[cast.vera.pk, reward.pk])
    form = {"key": key_in(page, take)}

    # the first tap opened it on the page itself; the second, pressed twice, takes one
    for _press in range(2):
        answer = desk.post(take, form, follow=True)

    voucher = Voucher.objects.get()
    assert (voucher.issued_by, held(cast.vera)) == (cast.receptionist, (100, 0))
    assert voucher.code in answer.content.decode()
    # session, user, two rows of settings, and beside them twelve: the branch, the client, her points, expiry and what
    # is pending, rewards with words and services, what she took, what this login gave today, her history
    with django_assert_num_queries(16):
        page_of(desk, cast)

    back = desk.post(reverse("desk:reward_back", args=[cast.vera.pk, voucher.pk]), follow=True)
    assert "200 points are back." in back.content.decode()
    assert held(cast.vera) == (300, 0)
    desk.post(reverse("desk:reward_back", args=[cast.vera.pk, voucher.pk]))
    assert held(cast.vera) == (300, 0)
    # somebody else's voucher is not to be found on this page
    assert desk.post(reverse("desk:reward_back", args=[cast.dina.pk, voucher.pk])).status_code == 404


def test_points_by_hand_and_above_the_limit_the_owner_decides(desk, cast, client):
    give = reverse("desk:points_give", args=[cast.vera.pk])
    page = page_of(desk, cast)
    form = {"key": key_in(page, give), "points": 30, "reason": "she waited"}
    for _press in range(2):
        assert desk.post(give, form).status_code == 302
    assert held(cast.vera) == (330, 0)
    assert "70 more today" in page_of(desk, cast)

    refused = desk.post(give, {**form, "reason": ""})
    assert refused.status_code == 422
    assert 'value="30"' in refused.content.decode()

    answer = desk.post(give, {**form, "key": "6b1fb4d2-2f2d-4a3e-8f8e-7a3a5a2c1b11", "points": 71}, follow=True)
    assert "The owner is asked." in answer.content.decode()
    assert held(cast.vera) == (330, 0)
    assert desk.get(reverse("desk:gestures")).status_code == 403

    client.force_login(cast.owner)
    request = GestureRequest.objects.get()
    assert "she waited" in client.get(reverse("desk:gestures")).content.decode()
    client.post(reverse("desk:gesture_grant", args=[request.pk]))
    client.post(reverse("desk:gesture_decline", args=[request.pk]))
    assert held(cast.vera) == (401, 0)
    assert LedgerEntry.objects.latest("pk").user == cast.receptionist


def test_switched_off_the_page_offers_no_points_by_hand(desk, cast):
    rules(gesture_on=False)

    assert "Give her points" not in page_of(desk, cast)
