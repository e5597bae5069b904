"""The owner's rules of earning and the catalogue of rewards, as files (practices.md, P51)."""

from collections.abc import Callable

from django.db.models import Q

from crm.office.importing.mirrors.columns import SERVICE, Reference, day, money, number, one, text, whole, yes
from crm.office.importing.mirrors.mirror import Many, Mirror
from crm.team.models import Branch
from loyalty.points.models import EarningRule
from loyalty.vouchers.models import Benefit, Campaign, Reward, RewardWords, Voucher

BRANCH = Reference(Branch, "name", of_branch=False)
REWARD = Reference(Reward, "name", of_branch=False)
RULE = Reference(EarningRule, "name", of_branch=False)


def one_benefit(what: Campaign | Reward | Voucher) -> bool:
    """A percentage has its percents and an amount its sum; to a database nothing is neither true nor false."""
    said = (what.percent is not None, what.amount is not None)
    return said == (what.benefit == Benefit.PERCENT, what.benefit == Benefit.AMOUNT)


def _here(services: str) -> Callable[[Branch], Q]:
    """What is limited to services stands in the folder of their branch, the rest in each."""
    return lambda branch: Q(**{services: None}) | Q(**{f"{services}__branch": branch})


EARNING = (
    Mirror(
        "earning_rules.csv", EarningRule,
        (
            text("name", needed=True), text("kind", needed=True), number("factor", needed=True),
            yes("on", "is_on", empty=True), day("first", "first_on"), day("last", "last_on"),
            one("branch", "branch", BRANCH), text("covers", needed=True), yes("clubs_only", "for_clubs"),
        ),
        here=lambda branch: Q(branch=branch) | Q(branch=None) & _here("services")(branch), same=("name", "kind", "first_on"),
        many=(Many("services", "services", SERVICE),),
    ),
    Mirror(
        "rewards.csv", Reward,
        (
            text("name", needed=True), whole("price", needed=True), text("benefit", needed=True), whole("percent"),
            money("amount"), yes("services_only", "services_only"), whole("valid_days", needed=True),
            yes("on", "is_on", empty=True),
        ),
        here=_here("services"), same=("name",), holds=one_benefit, many=(Many("services", "services", SERVICE),),
    ),
    Mirror(
        "reward_words.csv", RewardWords,
        (one("reward", "reward", REWARD, needed=True), text("language", needed=True), text("name", needed=True)),
        here=_here("reward__services"), same=("reward_id", "language"),
    ),
)  # fmt: skip
