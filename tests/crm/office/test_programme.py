"""The set-up of the programme: sums from the typical ticket, by hand, and what holds at the next checkout."""

from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine

from crm.office.programme.selectors import Ticket, typical_ticket
from crm.office.programme.sums import Sums, percent_of_rate, points_for, propose, rate_for
from crm.sales.models import Sale
from loyalty.cards.models import CardLevel
from loyalty.points.models import LoyaltySettings
from reminders.consent.models import MessageSettings
from tests.factories import NOW, TODAY, make_cast, make_client
from tests.loyalty.till import balance_of, pay

D = Decimal


# T = 60.00: 2 % 1.20, 10 % 6.00, 5 % 3.00, 12 T 720, 36 T 2,160; a point of 0.1 makes the smallest sum 12 points
# T = 8,250 yen: 165, 825, 412.5 up to 413, 99,000 and 297,000; of 10: 16.5 up to 17 points
# T = 18.750 dinars: 0.375, 1.875, 0.9375 up to 0.938, 225 and 675; 5 % in points needs points of 0.05 at least: 0.1
BY_HAND = [
    (
        "EUR",
        "60",
        Sums(D("0.1"), D(5), D("1.20"), D("6.00"), D("3.00"), D("3.00"), 3, D("720.00"), D("2160.00")),
        (12, 60, 30, 30),
        "50.00",
    ),
    (
        "JPY",
        "8250",
        Sums(D(10), D(5), D(165), D(825), D(413), D(413), 3, D(99000), D(297000)),
        (17, 83, 41, 41),
        "0.50",
    ),
    (
        "KWD",
        "18.75",
        Sums(
            D("0.1"), D(5), D("0.375"), D("1.875"), D("0.938"), D("0.938"), 3, D("225.000"), D("675.000")
        ),
        (4, 19, 9, 9),
        "50.00",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("currency", "ticket", "sums", "points", "rate"), BY_HAND, ids=["two", "none", "three"])
def test_sums_follow_from_the_typical_ticket(currency, ticket, sums, points, rate):
    found = propose(D(ticket), currency)

    assert found == sums
    asked = (found.rebooking, found.referrer, found.friend, found.gesture)
    assert tuple(points_for(each, found.point_value) for each in asked) == points
    assert str(rate_for(found.cashback, found.point_value)) == rate
    assert percent_of_rate(D(rate), found.point_value) == 5


def test_a_point_that_clients_hold_keeps_its_worth():
    assert propose(D(60), "EUR", point_value=D(1)).point_value == 1
    # about 1.20 is one point then, and never none
    assert (points_for(D("1.20"), D(1)), points_for(D("0.10"), D(1))) == (1, 1)


def paid(client, on, amount):
    Sale.objects.create(
        branch=client.branch, code=f"R{Sale.objects.count()}", client=client, on=on, paid=D(amount), is_imported=True
    )


@pytest.mark.django_db
def test_typical_ticket_is_the_median_of_client_days():
    cast = make_cast()
    guests = [make_client(branch=cast.branch) for _number in range(30)]
    for number, guest in enumerate(guests[:-1], start=1):
        paid(guest, TODAY - timedelta(days=number), 2 * number)
    assert typical_ticket("EUR") is None

    # two receipts of one day are one client-day of 60; a return on its own day, a year ago and nobody's are none
    for amount in (25, 35):
        paid(guests[-1], TODAY, amount)
    paid(guests[0], TODAY - timedelta(days=40), -5)
    paid(guests[0], TODAY - timedelta(days=365), 1)
    Sale.objects.create(branch=cast.branch, code="W", on=TODAY, paid=D(900))

    # 2, 4 ... 58, 60: the mean of 30 and 32
    assert typical_ticket("EUR") == Ticket(D("31.00"), 30)
    assert typical_ticket("JPY") == Ticket(D(31), 30)


@pytest.fixture
def office(client, db):
    cast = make_cast()
    client.force_login(cast.owner)
    with time_machine.travel(NOW, tick=False):
        yield client, cast


ADDRESS = "/admin/loyalty-set-up/"


def test_owner_takes_the_sums_over_and_the_next_checkout_has_them(office):
    browser, cast = office
    assert browser.get(ADDRESS).context["form"] is None
    form = browser.get(ADDRESS, {"ticket": "60"}).context["form"]
    assert not LoyaltySettings.objects.exists()

    sent = {name: value for name, value in form.initial.items() if value is not False}
    refused = browser.post(ADDRESS, {**sent, "ticket": "60", "vip": "700"})
    assert refused.status_code == 422
    assert "begins above the gold one" in refused.content.decode()
    assert not LoyaltySettings.objects.exists()

    # she makes bringing a friend dearer and switches nothing on but rebooking
    taken = browser.post(ADDRESS, {**sent, "ticket": "60", "referrer": "8.00", "rebooking_on": "on"}, follow=True)

    rules = LoyaltySettings.objects.get()
    assert taken.status_code == 200
    assert (rules.point_value, rules.points_per_100, rules.rebooking_points) == (D("0.1"), D(50), 12)
    assert (rules.referrer_points, rules.friend_points, rules.gesture_daily_points) == (80, 30, 30)
    assert (rules.spending_on, rules.rebooking_on, rules.referral_on, rules.gesture_on) == (True, True, False, False)
    assert dict(CardLevel.objects.values_list("code", "from_paid")) == {
        "simple": D(0), "gold": D("720"), "vip": D("2160"),
    }  # fmt: skip
    assert MessageSettings.objects.get().large_purchase_factor == 3
    # 5 % of 60 is 3.00: 30 points of 0.1
    pay(cast.vera, 60)
    assert balance_of(cast.vera) == 30


def test_set_up_again_keeps_what_a_point_is_worth(office):
    browser, cast = office
    LoyaltySettings.objects.create(pk=1)
    pay(cast.vera, 100)
    page = browser.get(ADDRESS, {"ticket": "600"})
    sent = {name: value for name, value in page.context["form"].initial.items() if value is not False}

    # gold above the old VIP, and back: no two levels begin at one sum on the way
    for ticket in ("600", "60", "180"):
        sent |= {"ticket": ticket, "gold": str(12 * int(ticket)), "vip": str(36 * int(ticket)), "point_value": "7"}
        assert browser.post(ADDRESS, sent).status_code == 302

    assert LoyaltySettings.objects.get().point_value == 1
    assert list(CardLevel.objects.order_by("from_paid").values_list("from_paid", flat=True)) == [0, 2160, 6480]
    assert balance_of(cast.vera) == 5
