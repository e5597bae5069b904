"""A card's level that is about to be lost: foreseen, told 30 days before, and kept by who was not told."""

import random
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from crm.care.models import Call
from crm.people.models import Client
from crm.sales.models import Sale
from loyalty.cards.models import Card, CardLevel
from loyalty.cards.selectors import card_of
from loyalty.cards.services import review_cards
from loyalty.points.selectors import loyalty_settings
from reminders.journeys.models import Watch
from reminders.journeys.selectors.forecast import forecast
from reminders.journeys.services import dispatch
from reminders.journeys.services.planning import plan_due
from reminders.journeys.services.switching import look_again_where_rules_changed
from reminders.messages.models import Kind, Message
from reminders.transports.services import PermanentFailure
from tests.conftest import SEED
from tests.factories import TODAY, local, make_branch, make_client
from tests.reference.cards import CardCase, card_reviews
from tests.reference.cases.cards import CARD_CASES
from tests.reminders.cast import make_card
from tests.reminders.playing_salon import Transport, play, switch_everything_on, turn
from tests.reminders.salon_day import ELEVEN, days, states_of

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

YEARLY = TODAY + days(30)


@pytest.fixture
def transport(monkeypatch):
    stub = Transport()
    monkeypatch.setattr(dispatch, "send", stub)
    return stub


def make_paid(client: Client, on: date, amount: Decimal | int | str) -> None:
    """A receipt of that day whose hour nobody knows."""
    Sale.objects.create(
        branch=client.branch, client=client, code=f"r{Sale.objects.count()}", on=on, total=amount, paid=amount
    )


def put_down(case: CardCase) -> Client:
    """The salon of a case."""
    client = make_client(
        branch=make_branch("Harbour", time_zone=case.zone),
        email="vera@example.test",
        time_zone=case.her_zone,
        status=case.status,
    )
    make_card(client, level=case.level, review_on=case.review_on, is_bearer=case.is_bearer)
    for on, amount in case.paid:
        make_paid(client, on, amount)
    for yearly in case.told:
        sent_at = datetime.combine(yearly - days(60), datetime.min.time(), UTC) + timedelta(hours=9)
        Message.objects.create(
            client=client, branch=client.branch, kind=Kind.CARD_REVIEW, purpose="service", state="sent",
            occasion=yearly.isoformat(), send_at=sent_at, sent_at=sent_at, planned_at=sent_at, not_after=sent_at,
        )  # fmt: skip
    return client


def foreseen(case: CardCase) -> list[tuple[str, datetime]]:
    entries = forecast(start=case.start, end=case.end)
    assert {entry.purpose for entry in entries} <= {"service"}
    return [(entry.occasion, entry.send_at) for entry in entries if entry.kind == Kind.CARD_REVIEW]


# Two readings and the cases worked by hand ------------------------------------


@pytest.mark.parametrize("case", CARD_CASES, ids=lambda case: case.name)
def test_what_was_worked_by_hand_is_foreseen(case):
    put_down(case)

    assert foreseen(case) == case.expected, case.rule


@pytest.mark.parametrize("case", CARD_CASES, ids=lambda case: case.name)
def test_second_reading_lists_what_was_worked_by_hand(case):
    assert card_reviews(case) == case.expected, case.rule


def random_case(seed: int) -> CardCase:
    dice = random.Random(SEED + seed)
    zone = dice.choice(["Europe/Sarajevo", "America/New_York", "Africa/Cairo", "Asia/Kathmandu"])
    review_on = date(2026, 1, 1) + days(dice.randrange(365))
    start = datetime.combine(
        review_on + days(dice.choice([-60, -31, -30, -29, -8, -1, 0, 1])),
        datetime.min.time().replace(hour=dice.choice([0, 10, 11, 12])),
        ZoneInfo(zone),
    )
    at_the_edge = [review_on - days(number) for number in (363, 364, 365, 366)]
    other_days = [start.date() + days(dice.randrange(-700, 40)) for _ in range(3)]
    return replace(
        CARD_CASES[0],
        level=dice.choice(["simple", "gold", "vip"]),
        review_on=review_on,
        paid=[(dice.choice(at_the_edge + other_days), dice.choice(["400", "1000", "-1", "2999.99"])) for _ in range(4)],
        start=start,
        end=start + days(dice.choice([1, 31, 420])),
        zone=zone,
        her_zone=dice.choice(["", "Asia/Tokyo", "America/Los_Angeles"]),
        status=dice.choice(["active", "blocked", "deceased"]),
    )


def test_both_readings_agree_on_made_up_cards():
    gone = 0
    for seed in range(40):
        case = random_case(seed)
        client = put_down(case)

        expected = card_reviews(case)

        assert foreseen(case) == expected, f"seed {SEED} + {seed}"
        gone += len(expected)
        Card.objects.all().delete()
        Sale.objects.all().delete()
        Client.objects.all().delete()
        client.branch.delete()
    assert gone > 10


# Told, and then lost on the yearly day -----------------------------------------


@pytest.fixture
def vera(transport):
    """Gold, and nothing paid for a year; the yearly day is in thirty days."""
    switch_everything_on(ELEVEN - days(40))
    client = make_client(branch=make_branch("Harbour"), name="Vera Example", email="vera@example.test", phone="")
    make_card(client, review_on=YEARLY)
    Watch.objects.create(client=client, look_at=ELEVEN - days(40))
    return client


def level(client: Client) -> str:
    return card_of(client).level.code


def review(now: datetime) -> int:
    return review_cards(now=now, rules=loyalty_settings())


def test_she_is_told_and_comes_down_on_the_yearly_day(vera, transport):
    turn(ELEVEN - timedelta(minutes=1))
    assert transport.sent == []

    turn(ELEVEN)

    [letter] = transport.sent
    assert (letter.subject, letter.to) == ("Your card until 10 July", vera.email)
    assert "Gold card, 10% off each visit." in letter.text
    assert "If you spend BAM\xa01,000.00 with us by then" in letter.text
    assert card_of(vera).review_noticed_at == ELEVEN
    assert (review(local(YEARLY - days(1), 23, 59)), level(vera)) == (0, "gold")
    assert (review(local(YEARLY, 0, 5)), level(vera)) == (1, "simple")


def test_worker_tells_her_once_at_the_moment_foreseen(vera, transport):
    start, end = ELEVEN - days(20), ELEVEN + days(60)
    [entry] = forecast(start=start, end=end)

    play(start, end)

    assert list(Message.objects.values_list("kind", "sent_at")) == [(Kind.CARD_REVIEW, entry.send_at)]


def test_who_pays_enough_after_it_was_planned_is_not_told(vera, transport):
    turn(ELEVEN - days(1))
    plan_due(now=ELEVEN)
    make_paid(vera, TODAY, 1000)

    turn(ELEVEN + timedelta(minutes=1))

    assert (states_of(vera), transport.sent) == ({Kind.CARD_REVIEW: ("cancelled", "no_longer_true")}, [])
    review(local(YEARLY, 0, 5))
    assert (level(vera), card_of(vera).review_on) == ("gold", date(2027, 7, 10))


def test_level_whose_notice_could_not_be_sent_stays_a_year(vera, transport):
    transport.refuse = lambda outgoing: PermanentFailure("no such mailbox", address_is_dead=True)
    turn(ELEVEN)
    turn(ELEVEN + days(1))

    assert card_of(vera).review_noticed_at is None
    # on the day itself it might still be told; from then on it cannot
    fell = [review(local(YEARLY + days(number), 12)) for number in (0, 1, 2, 40)]

    assert (fell, level(vera)) == ([0, 0, 0, 0], "gold")
    assert card_of(vera).review_on == date(2027, 7, 10)


def test_who_is_told_late_keeps_her_level_for_the_thirty_days(vera, transport):
    late = YEARLY - days(5)
    turn(local(late, 11))

    assert transport.sent[0].subject == "Your card until 4 August"
    assert [review(local(late + days(29), 23)), level(vera)] == [0, "gold"]
    assert [review(local(late + days(30), 0, 5)), level(vera)] == [1, "simple"]
    assert card_of(vera).review_on == date(2027, 7, 10)


def test_call_is_a_notice_too(vera, transport):
    Client.objects.filter(pk=vera.pk).update(email="", phone="+38761100777")
    Client.objects.filter(pk=vera.pk).update(preferred_channel="call")

    turn(ELEVEN)

    assert (Call.objects.get().client, transport.sent) == (vera, [])
    assert card_of(vera).review_noticed_at == ELEVEN


def test_owner_who_raises_a_level_has_everybody_looked_at_within_a_day(vera):
    turn(ELEVEN - days(39))
    assert not look_again_where_rules_changed(now=timezone.now() + days(3))
    gold = CardLevel.objects.get(code="gold")
    gold.from_paid = Decimal(1200)

    gold.save()

    assert look_again_where_rules_changed(now=timezone.now())
