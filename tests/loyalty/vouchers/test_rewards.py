"""Rewards: points become a voucher, an unused one becomes points again (rules.md, Points, Rewards; P23)."""

from datetime import timedelta
from decimal import Decimal

import pytest

from loyalty.points.models import LedgerEntry, PointsAccount, RefusedBenefit
from loyalty.points.selectors import points_report
from loyalty.points.services import KeyReused, NotEnoughPoints, rebuild_points
from loyalty.vouchers.models import Reward, RewardWords, Voucher
from loyalty.vouchers.selectors import reward_name, rewards_on_offer
from loyalty.vouchers.services import NothingToReturn, RewardOff, redeem_reward, return_reward, settle_rewards
from tests.factories import NOW, TODAY, Cast, make_cast
from tests.loyalty.till import give_back, held, lots, pay, rules

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
DAY = timedelta(days=1)
YEAR = timedelta(days=365)


@pytest.fixture
def cast() -> Cast:
    rules()
    return make_cast()


def make_reward(*services, price: int = 100, **terms) -> Reward:
    reward = Reward.objects.create(name="A colour as a present", price=price, **terms)
    reward.services.set(services)
    return reward


def redeem(cast, reward, key="tap", now=NOW, **options) -> Voucher:
    return redeem_reward(client=cast.vera, reward=reward, key=key, now=now, **options)


def test_buys_earns_redeems_and_refunds(cast):
    """5,000 gives 250; 200 of them are a colour; used and returned it is hers again, and given back it is points."""
    bought = pay(cast.vera, 5000)
    reward = make_reward(cast.colour, price=200, valid_days=30)

    voucher = redeem(cast, reward, by=cast.receptionist)

    assert (held(cast.vera), voucher.kind, voucher.client) == ((50, 0), "reward", cast.vera)
    assert (voucher.valid_from, voucher.valid_until) == (TODAY, TODAY + 29 * DAY)
    sale = pay(cast.vera, 120, service=cast.colour)
    assert (sale.total, sale.lines.get().discount_kind) == (Decimal(0), "voucher")
    with pytest.raises(NothingToReturn):
        return_reward(voucher=voucher, now=NOW)
    # the owner sees that it was tried
    assert list(RefusedBenefit.objects.values_list("kind", "reason")) == [("reward", "nothing_to_return")]

    give_back(sale)
    assert return_reward(voucher=voucher, now=NOW) == 200
    assert held(cast.vera) == (250, 0)
    give_back(bought)

    assert held(cast.vera) == (0, 0)
    report = points_report(since=TODAY, until=TODAY + DAY, today=TODAY)
    assert report == {
        "granted": 250, "spent": 0, "expired": 0, "reversed": 250, "outstanding": 0, "pending": 0, "owed": 0,
    }  # fmt: skip
    assert rebuild_points() == []


def test_points_of_an_unused_reward_come_back_after_its_last_day_with_the_days_they_had(cast):
    pay(cast.vera, 2000)
    reward = make_reward(cast.colour, valid_days=60)
    redeem(cast, reward, now=NOW + 300 * DAY)
    end = NOW + 359 * DAY

    assert (settle_rewards(now=end), held(cast.vera)) == (0, (0, 0))
    assert (settle_rewards(now=end + DAY), settle_rewards(now=end + DAY)) == (1, 0)

    # taken 65 days before their end: 65 days from the day after the voucher's last
    assert lots(cast.vera) == [(100, TODAY + 360 * DAY + 65 * DAY)]
    assert LedgerEntry.objects.latest("pk").words == "given back, the reward was not used"


def test_points_do_not_live_for_ever_by_being_taken_and_given_back(cast):
    pay(cast.vera, 2000)
    reward = make_reward(cast.colour)
    for loop in range(3):
        now = NOW + 300 * DAY + loop * 10 * DAY
        return_reward(voucher=redeem(cast, reward, key=f"loop {loop}", now=now), now=now + 10 * DAY)

    # ten days were added once, not three times
    assert lots(cast.vera) == [(100, TODAY + YEAR + 10 * DAY)]


def test_one_form_takes_once_and_names_one_thing(cast):
    pay(cast.vera, 4000)
    reward, other = make_reward(cast.colour), make_reward(cast.lashes)

    assert redeem(cast, reward) == redeem(cast, reward)
    assert held(cast.vera) == (100, 0)
    with pytest.raises(KeyReused):
        redeem_reward(client=cast.dina, reward=other, key="tap", now=NOW)


def test_too_few_points_and_what_is_not_offered_give_nothing(cast):
    pay(cast.vera, 1980)
    reward = make_reward(cast.colour)

    with pytest.raises(NotEnoughPoints):
        redeem(cast, reward)
    refused = RefusedBenefit.objects.get()
    assert (refused.kind, refused.place, refused.reason) == ("reward", "client_page", "not_enough_points")

    Reward.objects.update(is_on=False, price=1)
    reward.refresh_from_db()
    with pytest.raises(RewardOff):
        redeem(cast, reward)
    assert (held(cast.vera), Voucher.objects.count()) == ((99, 0), 0)


def test_percentage_and_amount_are_rewards_too(cast):
    pay(cast.vera, 8000)
    tenth = make_reward(benefit="percent", percent=10, price=50)
    twenty = make_reward(benefit="amount", amount=Decimal(20), price=50, services_only=True)

    first, second = redeem(cast, tenth, key="a"), redeem(cast, twenty, key="b")

    assert (first.benefit, first.percent, second.benefit, second.amount) == ("percent", 10, "amount", Decimal(20))
    # 20 are better than 10 % of 60
    assert pay(cast.vera, 60, service=cast.lashes).total == Decimal(40)


def test_catalogue_names_each_in_her_language_and_what_she_can_have(cast):
    pay(cast.vera, 2000)
    dear, cheap = make_reward(cast.colour, price=150), make_reward(cast.lashes, price=100)
    elsewhere = make_reward(price=10)
    elsewhere.services.set([])
    make_reward(cast.lashes, is_on=False)
    RewardWords.objects.create(reward=cheap, language="ar", name="هدية")

    offered = rewards_on_offer(cast.branch, balance=100)

    assert [(each.reward, each.missing) for each in offered] == [(elsewhere, 0), (cheap, 0), (dear, 50)]
    assert [reward_name(offered[1].reward, language) for language in ("ar", "en")] == ["هدية", "A colour as a present"]
    # services of one branch are no present in another
    assert [each.reward for each in rewards_on_offer(cast.elsewhere, balance=100)] == [elsewhere]


def test_account_that_was_never_opened_redeems_nothing(cast):
    with pytest.raises(NotEnoughPoints):
        redeem(cast, make_reward(cast.colour))

    assert not PointsAccount.objects.filter(client=cast.vera).exists()
