"""Rewards taken on her own page, and the link by which she brings a friend (practices.md, P23, P27)."""

import re
from decimal import Decimal

import pytest
from django.test import Client as Browser

from loyalty.points.models import LedgerEntry, RefusedBenefit
from loyalty.points.selectors import balance_of
from loyalty.points.services import grant_points
from loyalty.referrals.models import ReferralClaim, ReferralCode
from loyalty.vouchers.models import Reward, RewardWords, Voucher
from reminders.links.drafts import FRIEND_COOKIE
from reminders.messages.tokens import Door, make_token
from tests.factories import NOW, TODAY
from tests.loyalty.till import rules
from tests.reminders.links.conftest import text_of


@pytest.fixture
def hers(visitor, cast):
    visitor.get(f"/my/o/{make_token(door=Door.HOME, client_id=cast.vera.pk, today=TODAY)}/")
    return visitor


@pytest.fixture
def rewards(cast):
    lashes = Reward.objects.create(name="Lashes as a present", price=100)
    lashes.services.add(cast.lashes)
    half = Reward.objects.create(name="Half off", price=250, benefit="percent", percent=50)
    RewardWords.objects.create(reward=lashes, language="ru", name="Ресницы в подарок")
    Reward.objects.create(name="Gone", price=10, benefit="percent", percent=5, is_on=False)
    grant_points(client=cast.vera, points=120, kind="gesture", source="test", key="a", now=NOW)
    return lashes, half


def key_in(page) -> str:
    return re.search(r'name="key" value="([0-9a-f-]+)"', page.content.decode()).group(1)


def test_reward_is_taken_once_and_given_back(hers, cast, rewards):
    lashes, _half = rewards
    home = text_of(hers.get("/my/"))
    assert "Lashes as a present 100 points" in home
    assert "Half off 130 to go 130 to go" in home
    assert "Gone" not in home

    # looking takes nothing, and two presses of one form are one
    page = hers.get(f"/my/rewards/{lashes.pk}/")
    assert "20 points" in text_of(page)
    assert balance_of(cast.vera) == 120
    for _press in range(2):
        taken = hers.post(f"/my/rewards/{lashes.pk}/", {"key": key_in(page)}, follow=True)
    voucher = Voucher.objects.get()
    assert (voucher.client, voucher.kind, list(voucher.services.all())) == (cast.vera, "reward", [cast.lashes])
    assert voucher.code in text_of(taken)
    assert "It is yours" in text_of(taken)
    assert balance_of(cast.vera) == 20
    assert "For a reward: \u2068Lashes as a present\u2069" in text_of(hers.get("/my/points/"))

    back = hers.post(f"/my/vouchers/{voucher.pk}/", follow=True)
    assert "Back again: 100 points." in text_of(back)
    assert balance_of(cast.vera) == 120
    assert "This voucher is over" in text_of(hers.get(f"/my/vouchers/{voucher.pk}/"))


def test_what_she_cannot_pay_is_refused_and_noted(hers, cast, rewards):
    _lashes, half = rewards
    page = hers.get(f"/my/rewards/{half.pk}/")
    assert "130 to go" in text_of(page)

    refused = hers.post(f"/my/rewards/{half.pk}/", {"key": key_in(hers.get(f"/my/rewards/{rewards[0].pk}/"))})

    assert refused.status_code == 422
    assert "There are not enough points for it yet." in text_of(refused)
    assert (Voucher.objects.count(), balance_of(cast.vera)) == (0, 120)
    assert RefusedBenefit.objects.get().reason == "not_enough_points"
    assert not LedgerEntry.objects.filter(kind="reward").exists()


def test_what_is_not_hers_or_not_offered_is_not_there(hers, cast, rewards):
    off = Reward.objects.get(is_on=False)
    others = Voucher.objects.create(
        code="0000000000", key="x", branch=cast.branch, kind="offer", benefit="percent", percent=10, client=cast.dina,
        valid_from=TODAY, valid_until=TODAY, issued_at=NOW, issued_on=TODAY,
    )  # fmt: skip

    pages = [hers.get(f"/my/rewards/{off.pk}/"), hers.get("/my/rewards/999/"), hers.get(f"/my/vouchers/{others.pk}/")]

    assert [page.status_code for page in pages] == [404, 404, 404]
    assert all(others.code not in page.content.decode() for page in pages)


LINK = re.compile(r'value="http://testserver(/book/from/[^"]+)"')


def test_a_friend_comes_by_her_link_and_is_told_only_what_she_would_like(hers, cast):
    rules(referral_on=True, referrer_points=200, friend_points=100, point_value=Decimal("0.1"))
    assert "After her first visit 200 points are yours, and 100 points are hers." in text_of(hers.get("/my/"))
    assert not ReferralCode.objects.exists()
    made = hers.post("/my/friend/", follow=True)
    code = ReferralCode.objects.get().code
    (plain,) = LINK.findall(made.content.decode())
    (named,) = LINK.findall(hers.get("/my/friend/?named=1").content.decode())
    wrong = plain.replace(code, "0000000000")

    seen = {path: Browser().get(path) for path in (plain, named, wrong, "/book/from/x/", f"{plain[:-1]}.forged/")}

    text = text_of(seen[plain])
    assert "A recommendation: Vesna" in text
    assert "there are 100 points on the account, worth BAM 10.00, and 200 points for who sent this." in text
    assert "Vera recommends Vesna" in text_of(seen[named])
    assert all("Example" not in page.content.decode() for page in seen.values())
    # a code that nobody has looks like hers, and a name is told to nobody who only has the code
    assert {text_of(page) for path, page in seen.items() if path != named} == {text}
    assert {page.status_code for page in seen.values()} == {200}
    assert {path: page.cookies[FRIEND_COOKIE].value for path, page in seen.items() if FRIEND_COOKIE in page.cookies} == {
        plain: code, named: code, wrong: "0000000000", f"{plain[:-1]}.forged/": code,
    }  # fmt: skip
    assert not ReferralClaim.objects.exists()
    head = seen[named].content.decode()
    for line in (
        'property="og:title" content="Vera recommends Vesna"',
        f'property="og:url" content="http://testserver{named}"',
        'property="og:image" content="http://testserver/static/img/icon-512.png"',
    ):
        assert line in head


def test_without_the_rule_a_friend_is_promised_nothing(hers, cast):
    rules()
    assert "Bring a friend" not in text_of(hers.get("/my/"))
    assert "points" not in text_of(Browser().get("/book/from/0000000000/"))
