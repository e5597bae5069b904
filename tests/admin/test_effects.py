"""The owner's pages of what offers brought and of how full the hours are."""

from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.urls import reverse

from crm.office.dashboard import effect_figure
from crm.office.effects.words import bar_of, sentence
from crm.reports.selectors.standing import On
from crm.sales.models import Sale
from reminders.campaigns.models import Campaign
from reminders.effect.comparing import Difference
from reminders.effect.selectors.effects import Effect, Verdict
from reminders.effect.selectors.observing import Series
from reminders.messages.models import Kind, Message
from tests.factories import NOW, TODAY, make_client, make_visit
from tests.reminders.cast import make_campaign, make_message

pytestmark = pytest.mark.django_db

WENT = NOW - timedelta(days=40)
# the session and the user, the salon; of one journey its messages, sales, appointments, visits, lines, gifts and costs;
# what is not sent with its cost, before and after
QUERIES = 24


def an_effect(**changes) -> Effect:
    told = {
        "series": Series(Kind.WIN_BACK),
        "title": "",
        "campaign": None,
        "sent": 100,
        "held_back": 50,
        "running": 0,
        "runs_until": None,
        "visits_sent": 0.4,
        "visits_held_back": 0.3,
        "visits": Difference(0.1, 0.05, 0.15),
        "margin_sent": 12.0,
        "margin_held_back": 10.0,
        "margin": Difference(2.0, 1.0, 3.0),
        "messages": Decimal(0),
        "gifts": Decimal(0),
        "discounts": Decimal(0),
        "fixed": Decimal(0),
        "displaced": 0,
        "displaced_price": Decimal(0),
    }
    return Effect(**told | changes)


@pytest.mark.parametrize(
    ("changes", "verdict", "net"),
    [
        ({}, Verdict.GAINING, 200),
        # 2.00 x 100 less 350 for the evening: from -250 to -50
        ({"fixed": Decimal(350)}, Verdict.LOSING, -150),
        # five full prices of 40: from -100 to 100
        ({"displaced": 5, "displaced_price": Decimal(200)}, Verdict.UNCLEAR, 0),
        ({"margin": Difference(2.0), "held_back": 29}, Verdict.TOO_FEW, 200),
        ({"held_back": 0, "margin": Difference(0.0)}, Verdict.NO_CONTROL, None),
        ({"sent": 0, "held_back": 0, "running": 3, "runs_until": NOW}, Verdict.RUNNING, None),
        # a campaign is judged when all are through, a journey goes on
        ({"series": Series(Kind.NEWS, "2026-05-01/1"), "running": 1, "runs_until": NOW}, Verdict.RUNNING, 200),
        ({"running": 1, "runs_until": NOW}, Verdict.GAINING, 200),
    ],
)
def test_verdict_and_net_worked_by_hand(changes, verdict, net):
    effect = an_effect(**changes)

    assert (effect.verdict, effect.net) == (verdict, net)


def test_sentence_and_bar_say_the_same():
    effect = an_effect(fixed=Decimal(150))

    # from -50 to 150, 50 between: a bar of 224 units from 8 on
    bar = bar_of(effect, "EUR")
    assert sentence(effect, "EUR") == (
        "It may be chance: +\u2060€50.00 in all, but anything between −\u2060€50.00 and +\u2060€150.00 is possible."
    )
    assert (bar["from"], bar["nought"], bar["net"], bar["from"] + bar["long"]) == (8, 64, 120, 232)


@pytest.fixture
def told(cast):
    """Forty who were written to 40 days ago and forty who were held back; every second and every fourth came."""
    service = cast.lashes
    for number in range(80):
        held = number >= 40
        one = make_client(branch=cast.branch, name=f"Guest {number}")
        make_message(
            one,
            Kind.WIN_BACK,
            now=WENT,
            state="control" if held else "sent",
            sent_at=None if held else WENT,
            occasion=f"test {number}",
        )
        if number % (4 if held else 2) == 0:
            on = TODAY - timedelta(days=30)
            make_visit(one, on, services=[service], master=cast.anna)
            Sale.objects.create(branch=cast.branch, client=one, code=f"S{number}", on=on, total=40, paid=40)
    return cast


@pytest.fixture
def owner(client, cast):
    client.force_login(cast.owner)
    with time_machine.travel(NOW, tick=False):
        yield client


def test_page_shows_the_verdict_and_asks_as_often_for_many(owner, told, django_assert_num_queries):
    owner.get(reverse("effects"))

    with django_assert_num_queries(QUERIES):
        page = owner.get(reverse("effects"))

    offer = page.context["offers"][0]
    assert [(row["sent"], row["held_back"], row["difference"]) for row in offer["arms"]] == [
        ("0.5", "0.25", "+\u20600.25"),
        (
            "BAM 20.00".replace(" ", "\u00a0"),
            "BAM 10.00".replace(" ", "\u00a0"),
            "+\u2060BAM 10.00".replace(" ", "\u00a0"),
        ),
    ]
    assert offer["verdict"] in (Verdict.GAINING.label, Verdict.UNCLEAR.label)
    assert "Win-back" in page.text


def test_page_of_one_offer_lists_who_they_are(owner, told):
    page = owner.get(reverse("effect", args=["win_back"]))

    rows = page.context["rows"]
    assert (len(rows), sum(row["is_held_back"] for row in rows), sum(row["visits"] for row in rows)) == (80, 40, 30)


@pytest.mark.parametrize("kind", ["birthday", "feedback", "news", "nothing"])
def test_what_is_never_held_back_has_no_page(owner, kind):
    assert owner.get(reverse("effect", args=[kind])).status_code == 404


def test_a_campaign_has_its_page_once_it_is_released(owner, cast):
    campaign = make_campaign(branch=cast.branch, title="The new oils", goes_on=WENT.date(), fixed_costs=Decimal(90))
    one = make_client(branch=cast.branch)
    make_message(one, Kind.NEWS, now=WENT, state="sent", sent_at=WENT, occasion=campaign.key)
    address = reverse("effect_campaign", args=[campaign.pk])
    assert owner.get(address).status_code == 404
    Campaign.objects.filter(pk=campaign.pk).update(state="released", released_at=WENT)

    listed, opened = owner.get(reverse("effects")), owner.get(address)

    assert [(each["name"], each["url"]) for each in listed.context["offers"]] == [("The new oils", address)]
    assert [row["name"] for row in opened.context["rows"]] == [one.shown_name]
    assert opened.context["offer"]["costs"] == [("as a whole", "BAM\u00a090.00")]


def test_pages_of_a_salon_without_anything_say_what_to_do(owner):
    assert "hold back a tenth" in owner.get(reverse("effects")).text
    assert owner.get(reverse("chairs")).status_code == 200


def test_first_page_says_what_offers_brought(told):
    figure = effect_figure(On(TODAY, NOW, live=True))

    # 10.00 x 40
    assert figure.value == "+\u2060BAM\u00a0400.00"
    assert Message.objects.count() == 80
