"""A released campaign: frozen, planned for its day, capped and checked like everything else, stopped at once."""

from datetime import timedelta

import pytest

from crm.office.campaigns.looks import progress_of
from crm.people.models import Client
from loyalty.vouchers.models import Campaign as VoucherCampaign
from loyalty.vouchers.models import Voucher
from reminders.campaigns.models import Addressed, Campaign
from reminders.campaigns.selectors.audience import Audience
from reminders.campaigns.services.answering import answer_invitation
from reminders.campaigns.services.drafts import AlreadyReleased, choose_audience
from reminders.journeys.models import Watch
from reminders.journeys.selectors.forecast import forecast
from reminders.journeys.services import dispatch, releasing
from reminders.journeys.services.planning import plan_due
from reminders.journeys.services.releasing import call_off, finish_campaigns, release, stop
from reminders.messages.claiming import claim_due
from reminders.messages.models import Kind, Message
from tests.factories import TODAY, local, make_branch, make_client
from tests.reminders.cast import make_campaign, make_event
from tests.reminders.playing_salon import Transport, switch_everything_on, turn
from tests.reminders.salon_day import ELEVEN, allow, days, known, make_due, message_of, states_of

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

BEFORE = ELEVEN - timedelta(hours=2)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def transport(monkeypatch):
    stub = Transport()
    monkeypatch.setattr(dispatch, "send", stub)
    return stub


@pytest.fixture
def branch():
    switch_everything_on(ELEVEN - days(200))
    return make_branch("Harbour")


def reader(branch, **fields) -> Client:
    """A stranger to every journey who allows offers by e-mail."""
    client = make_client(branch=branch, email=f"reader{Client.objects.count()}@example.test", **fields)
    allow(client)
    return client


def released(**fields) -> Campaign:
    return release(campaign=make_campaign(**fields), user=None, now=BEFORE)


def test_news_goes_at_eleven_by_her_own_clock_once(branch, transport):
    here, there = reader(branch), reader(branch, time_zone="Europe/Lisbon")
    campaign = released()

    for minute in range(0, 300, 30):
        turn(BEFORE + minute * MINUTE)

    assert {row.client: row.sent_at for row in Message.objects.filter(kind=Kind.NEWS)} == {
        here: ELEVEN,
        # an hour behind
        there: ELEVEN + timedelta(hours=1),
    }
    assert {row.occasion for row in Message.objects.all()} == {f"{TODAY}/{campaign.pk}"}
    assert [mail.subject for mail in transport.sent] == ["Tea en", "Tea en"]


def test_audience_is_frozen_at_the_release(branch, transport):
    reader(branch)
    campaign = released()
    late = reader(branch)
    known(late, now=BEFORE)

    turn(ELEVEN)

    assert len(transport.sent) == 1
    with pytest.raises(AlreadyReleased):
        choose_audience(campaign=campaign, audience=Audience(states=("lost",)))
    with pytest.raises(AlreadyReleased):
        release(campaign=campaign, user=None, now=BEFORE)


def test_consent_withdrawn_before_the_hour_is_asked_again(branch, transport):
    client = reader(branch)
    released()
    turn(BEFORE)
    allow(client, marketing_email=False)

    turn(ELEVEN)
    turn(ELEVEN + days(3) + timedelta(hours=1))

    assert transport.sent == []
    assert states_of(client) == {"news": ("dropped", "no_channel")}


def test_offer_of_her_rhythm_goes_first_and_news_wait_for_the_cap_until_their_end(branch, transport):
    client = make_due(branch)
    known(client, now=BEFORE)
    # due_soon today; the cap ends on D+7, the news on D+3: dropped
    released()

    for day in range(9):
        turn(ELEVEN + days(day))

    assert [row.kind for row in Message.objects.filter(client=client, state="sent")] == ["due_soon"]
    assert states_of(client)["news"] == ("dropped", "cap")


def test_of_two_campaigns_on_one_moment_event_goes_before_holiday_before_news(branch, transport):
    client = reader(branch, holidays="Easter")
    for kind in (Campaign.Kind.NEWS, Campaign.Kind.HOLIDAY):
        released(kind=kind, holiday="catholic_easter" if kind == Campaign.Kind.HOLIDAY else "")
    event = make_event(state="draft", released_at=None, starts_at=ELEVEN + days(20))
    release(campaign=event, user=None, now=BEFORE)

    for day in range(8):
        turn(ELEVEN + days(day))

    # the event takes the cap of seven days, and the others end on the third
    assert states_of(client) == {"event": ("sent", ""), "holiday": ("dropped", "cap"), "news": ("dropped", "cap")}


def test_break_moves_news_to_its_end_and_leaves_a_greeting_where_it_was(branch, transport):
    away = {"status": "break", "break_from": TODAY - days(5), "break_until": TODAY + days(10)}
    client = reader(branch, holidays="Easter", **away)
    released()
    released(kind=Campaign.Kind.HOLIDAY, holiday="catholic_easter")

    for day in range(12):
        turn(ELEVEN + days(day))

    assert message_of(client, Kind.NEWS).sent_at == ELEVEN + days(10)
    assert states_of(client)["holiday"] == ("dropped", "break")


def test_missing_language_speaks_as_the_salon_does(branch, transport):
    reader(branch, language="ar")
    reader(branch, language="ru")
    released(languages=("en", "ru"))

    turn(ELEVEN)

    assert sorted((mail.subject, mail.language) for mail in transport.sent) == [("Tea en", "en"), ("Tea ru", "ru")]


def test_daily_portions_go_day_by_day(branch, transport):
    clients = [reader(branch) for _number in range(5)]
    released(portion=2)

    for day in range(4):
        turn(ELEVEN + days(day))

    went = dict(Message.objects.values_list("client", "sent_at"))
    assert [went[client.pk] for client in clients] == [ELEVEN + days(day) for day in (0, 0, 1, 1, 2)]


def test_stopping_holds_back_what_waits_and_what_a_sender_has_in_hand(branch, transport, monkeypatch):
    clients = [reader(branch) for _number in range(3)]
    campaign = released()
    plan_due(now=ELEVEN)
    first, second, third = claim_due(now=ELEVEN, limit=2) + list(Message.objects.filter(client=clients[2]))
    dispatch.send_claimed([first], clock=lambda: ELEVEN)
    hand_over = dispatch.hand_over

    def stopped_meanwhile(**about):
        # after its check and before it is handed over
        stop(campaign=campaign, now=ELEVEN)
        return hand_over(**about)

    monkeypatch.setattr(dispatch, "hand_over", stopped_meanwhile)
    dispatch.send_claimed([second], clock=lambda: ELEVEN)

    turn(ELEVEN + MINUTE)
    assert len(transport.sent) == 1
    states = dict(Message.objects.values_list("pk", "state"))
    assert states == {first.pk: "sent", second.pk: "cancelled", third.pk: "cancelled"}
    campaign.refresh_from_db()
    assert (campaign.state, campaign.ended_at) == ("stopped", ELEVEN)
    assert stop(campaign=campaign, now=ELEVEN) == 0


def test_stopped_before_its_day_it_says_for_how_many(branch, transport):
    for _number in range(5):
        reader(branch)
    campaign = released()

    assert stop(campaign=campaign, now=BEFORE) == 5

    campaign.refresh_from_db()
    followed = progress_of(campaign)
    assert {name: followed[name] for name in ("addressed", "sent", "to_come", "stopped", "dropped")} == {
        "addressed": 5, "sent": 0, "to_come": 0, "stopped": 5, "dropped": 0,
    }  # fmt: skip


def test_coupon_comes_as_a_code_of_her_own_once(branch, transport):
    client = reader(branch)
    coupon = VoucherCampaign.objects.create(
        name="Tea", branch=branch, percent=20, valid_from=TODAY, valid_until=TODAY + days(30)
    )
    released(coupon=coupon)

    turn(ELEVEN)

    voucher = Voucher.objects.get(client=client)
    assert (voucher.campaign, voucher.percent) == (coupon, 20)
    assert f"Yours: 20% with {voucher.code}" in transport.sent[0].text.replace("\xa0", "").replace(" %", "%")


def test_guest_is_reminded_the_day_before_and_told_of_her_seat_and_of_the_end(branch, transport):
    guests = [reader(branch) for _number in range(3)]
    campaign = make_event(state="draft", released_at=None, starts_at=local(TODAY + days(5), 18), seats=1)
    release(campaign=campaign, user=None, now=BEFORE)
    turn(ELEVEN)
    assert [row.kind for row in Message.objects.all()] == ["event"] * 3
    for number, client in enumerate(guests[:2]):
        answer_invitation(event=campaign.event, client=client, seats=1, now=ELEVEN + number * MINUTE)
    answer_invitation(event=campaign.event, client=guests[0], seats=0, now=ELEVEN + days(1))

    turn(ELEVEN + days(1))
    turn(ELEVEN + days(4))
    call_off(event=campaign.event, now=ELEVEN + days(4) + MINUTE)
    turn(ELEVEN + days(4) + MINUTE)

    told = Message.objects.exclude(kind="event").order_by("sent_at")
    assert [(row.client, row.kind, row.purpose, row.sent_at) for row in told] == [
        (guests[1], "event_place", "service", ELEVEN + days(1)),
        (guests[1], "event_reminder", "service", ELEVEN + days(4)),
        (guests[1], "event_off", "service", ELEVEN + days(4) + MINUTE),
    ]
    campaign.refresh_from_db()
    assert campaign.state == "stopped"


def test_forecast_shows_what_was_released_with_its_date(branch):
    client = reader(branch)
    released()

    found = forecast(start=BEFORE, end=ELEVEN + MINUTE)

    assert [(entry.code, entry.kind, entry.occasion, entry.send_at) for entry in found] == [
        (client.code, "news", TODAY.isoformat(), ELEVEN)
    ]


def test_release_looks_at_each_when_her_day_has_come_and_writes_in_a_few_statements(branch, django_assert_num_queries):
    for _number in range(12):
        reader(branch)
    campaign = make_campaign(goes_on=TODAY + days(2))

    with django_assert_num_queries(QUERIES_TO_RELEASE):
        release(campaign=campaign, user=None, now=BEFORE)

    assert Addressed.objects.count() == 12
    assert set(Watch.objects.values_list("look_at", flat=True)) == {ELEVEN + days(2)}


# locked, checked, the rules of consent, addressed, counted, kept with its history, two statements of looks, the branches, savepoints
QUERIES_TO_RELEASE = 13


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        ({"goes_on": None}, releasing.NoDay),
        ({"goes_on": TODAY - days(4)}, releasing.DayOver),
        ({"kind": "holiday"}, releasing.NoHoliday),
        ({"kind": "event"}, releasing.NoEvent),
        ({"languages": ("ru",)}, releasing.NoWords),
        ({"rules": {"states": ["lost"]}}, releasing.NobodyMeant),
    ],
)
def test_release_is_refused_with_a_reason_and_addresses_nobody(branch, fields, refusal):
    reader(branch)

    with pytest.raises(refusal):
        released(**fields)

    assert not Addressed.objects.exists()
    assert not Campaign.objects.exclude(state="draft").exists()


def test_campaign_is_finished_once_its_last_moment_is_over_everywhere(branch, transport):
    reader(branch)
    campaign = released()
    turn(ELEVEN)

    assert finish_campaigns(now=ELEVEN + days(3)) == 0
    assert finish_campaigns(now=ELEVEN + days(6)) == 1
    campaign.refresh_from_db()
    assert campaign.state == "finished"


def test_portions_that_would_take_longer_than_anybody_remembers_are_refused(branch, monkeypatch):
    monkeypatch.setattr(releasing, "MOST_DAYS", 2)
    for _number in range(3):
        reader(branch)

    with pytest.raises(releasing.TooManyDays):
        released(portion=1)

    assert not Addressed.objects.exists()
    release(campaign=make_campaign(portion=2), user=None, now=BEFORE)
    assert sorted(Addressed.objects.values_list("day", flat=True)) == [0, 0, 1]
