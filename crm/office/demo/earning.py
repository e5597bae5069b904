"""Earning in the demo: a week of double points, a catalogue of rewards, points by hand and what waits for the owner."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal

from crm.catalogue.models import Service
from crm.office.demo.team import Team
from crm.office.demo.tongues import LANGUAGES, tell
from crm.people.models import Client
from crm.team.models import Branch
from loyalty.points.models import EarningRule, LoyaltySettings, PointsBalance
from loyalty.points.services import adjust_points, give_gesture
from loyalty.vouchers.models import Reward, RewardWords
from loyalty.vouchers.services import redeem_reward

DOUBLE = (
    "Double points for lash lifts",
    "Двойные баллы за ламинирование",
    "Dupli bodovi za lifting",
    "نقاط مضاعفة لرفع الرموش",
)
BROUGHT = (
    "Friends in spring: half as much again",
    "Подруги весной: в полтора раза больше",
    "Prijateljice u proljeće: pola više",
    "صديقات الربيع: نصف إضافي",
)
WAITED = ("She waited a quarter of an hour", "Ждала четверть часа", "Čekala je četvrt sata", "انتظرت ربع ساعة")
FLOOD = (
    "Her coat got wet in our cloakroom",
    "В нашем гардеробе намокло её пальто",
    "Kaput joj se smočio u garderobi",
    "ابتل معطفها عندنا",
)
COUNTED = ("Counted twice in May", "В мае посчитано дважды", "U maju brojano dvaput", "حُسبت مرتين في مايو")
# name, price in points of a tenth each, service that is free or percent off
REWARDS = (
    (("A brow shaping as a present", "Коррекция бровей в подарок", "Oblikovanje obrva na poklon", "تشكيل حواجب هدية"), 150, "BS"),
    (("A manicure as a present", "Маникюр в подарок", "Manikir na poklon", "مانيكير هدية"), 210, "NM"),
    (("10 % off the next visit", "Скидка 10 % на следующий визит", "10 % popusta na sljedeću posjetu", "خصم 10٪ على الزيارة القادمة"), 60, ""),
)  # fmt: skip


def earn(
    branch: Branch,
    services: Sequence[Service],
    clients: Sequence[Client],
    *,
    team: Team,
    rules: LoyaltySettings,
    today: date,
    now: datetime,
    language: str,
) -> None:
    """Rules in force and one still to come, rewards with one taken, a gesture, a request that waits, an adjustment."""
    by_code = {service.code: service for service in services}
    double = EarningRule.objects.create(
        name=tell(DOUBLE, language),
        branch=branch,
        first_on=today - timedelta(days=2),
        last_on=today + timedelta(days=4),
    )
    double.services.set([by_code["LL"]] if "LL" in by_code else [])
    EarningRule.objects.create(
        name=tell(BROUGHT, language),
        kind=EarningRule.Kind.REFERRAL,
        factor=Decimal("1.5"),
        first_on=today + timedelta(days=20),
        last_on=today + timedelta(days=80),
    )
    rewards = [_reward(names, price, by_code.get(code), language) for names, price, code in REWARDS]
    rich = [
        row.account.client
        for row in PointsBalance.objects.filter(balance__gte=100, account__client__in=clients)
        .select_related("account__client__branch")
        .order_by("account__client__code")[:4]
    ]
    if len(rich) < 4:
        return
    redeem_reward(client=rich[0], reward=rewards[-1], key="demo", now=now - timedelta(days=3), by=team.receptionist)
    master = next(each.user for each in team.masters if each.user is not None)
    for client, points, why in ((rich[1], 15, WAITED), (rich[2], 100, FLOOD)):
        give_gesture(
            client=client, points=points, reason=tell(why, language), user=master, now=now - timedelta(hours=2),
            rules=rules, key=f"demo {points}",
        )  # fmt: skip
    adjust_points(
        client=rich[3], points=-20, reason=tell(COUNTED, language), user=team.owner, now=now - timedelta(days=1),
        key="demo", rules=rules,
    )  # fmt: skip


def _reward(names: tuple[str, str, str, str], price: int, service: Service | None, language: str) -> Reward:
    gives = {"benefit": "free_service"} if service else {"benefit": "percent", "percent": 10}
    reward = Reward.objects.create(name=tell(names, language), price=price, **gives)
    reward.services.set([service] if service else [])
    RewardWords.objects.bulk_create(
        RewardWords(reward=reward, language=own, name=tell(names, own)) for own in LANGUAGES if own != language
    )
    return reward
