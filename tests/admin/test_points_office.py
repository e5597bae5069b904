"""The owner's hand on points in the office: rules seen at the next checkout, requests, adjustments, closed books."""

from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from loyalty.points.models import EarningRule, GestureRequest, LedgerEntry, PeriodClose
from loyalty.points.services import give_gesture
from loyalty.vouchers.models import Reward, Voucher
from loyalty.vouchers.services import redeem_reward
from tests.factories import Cast, make_cast
from tests.loyalty.till import held, pay, rules

pytestmark = pytest.mark.django_db
KEY = "6b1fb4d2-2f2d-4a3e-8f8e-7a3a5a2c1b11"


@pytest.fixture
def cast() -> Cast:
    rules(gesture_on=True, point_value=Decimal("0.01"))
    return make_cast()


@pytest.fixture
def office(client, cast):
    client.force_login(cast.owner)
    return client


def words_of(answer) -> str:
    assert answer.status_code == 200
    return answer.content.decode()


def test_rule_written_in_the_office_holds_at_the_next_checkout(office, cast):
    pay(cast.vera, 100, service=cast.lashes, now=timezone.now())
    assert held(cast.vera) == (5, 0)
    form = {
        "name": "Lash week", "kind": "spending", "factor": "3", "is_on": "on", "covers": "services",
        "services": [cast.lashes.pk], "first_on": "", "last_on": "", "branch": "",
    }  # fmt: skip
    add = reverse("admin:loyalty_earningrule_add")
    for refused in ({"factor": "11"}, {"factor": "-1"}, {"kind": "birthday"}):
        assert "errorlist" in words_of(office.post(add, form | refused)) or not EarningRule.objects.exists()
    assert not EarningRule.objects.exists()

    office.post(add, form)
    pay(cast.vera, 100, service=cast.lashes, now=timezone.now())

    assert held(cast.vera) == (20, 0)
    settings = reverse("admin:loyalty_loyaltysettings_change", args=[1])
    # what is set in points is said in money too
    assert "Now 50 points = BAM\u00a00.50." in words_of(office.get(settings))


def test_reward_is_one_thing_and_shown_with_its_worth(office, cast):
    add = reverse("admin:loyalty_reward_add")
    form = {
        "name": "A colour", "price": "200", "valid_days": "60", "is_on": "on", "benefit": "free_service", "percent": "",
        "amount": "", "words-TOTAL_FORMS": "0", "words-INITIAL_FORMS": "0",
    }  # fmt: skip
    assert "Which service is free?" in words_of(office.post(add, form))
    assert "How much?" in words_of(office.post(add, form | {"benefit": "percent"}))

    office.post(add, form | {"services": [cast.colour.pk]})

    assert Reward.objects.get().services.get() == cast.colour
    assert "BAM\u00a02.00" in words_of(office.get(reverse("admin:loyalty_reward_changelist")))
    # withdrawn by the owner, the points are the client's again
    office.post(
        reverse("admin:crm_client_give_points", args=[cast.vera.pk]), {"points": 250, "reason": "x", "key": KEY}
    )
    voucher = redeem_reward(client=cast.vera, reward=Reward.objects.get(), key="tap", now=timezone.now())
    office.post(reverse("admin:loyalty_voucher_withdraw", args=[voucher.pk]))
    assert (held(cast.vera), Voucher.objects.get().voided_at is None) == ((250, 0), False)


def test_request_is_granted_once_and_an_adjustment_says_why(office, cast):
    asked = give_gesture(
        client=cast.vera,
        points=500,
        reason="the flood",
        user=cast.user_of(cast.anna),
        now=timezone.now(),
        rules=rules(),
    )
    assert isinstance(asked, GestureRequest)
    grant = reverse("admin:loyalty_gesturerequest_grant", args=[asked.pk])
    assert "the flood" in words_of(office.get(grant))
    for _twice in range(2):
        office.post(grant)
    assert held(cast.vera) == (500, 0)

    adjust = reverse("admin:crm_client_adjust", args=[cast.vera.pk])
    form = {"points": "-120", "reason": "counted twice", "key": KEY}
    for _twice in range(2):
        office.post(adjust, form)
    assert held(cast.vera) == (380, 0)
    entry = LedgerEntry.objects.latest("pk")
    assert (entry.kind, entry.reason, entry.user) == ("adjusted", "counted twice", cast.owner)
    too_much = words_of(office.post(adjust, form | {"points": "-381", "key": KEY.replace("6", "7")}))
    assert "381 are not there" in too_much


def test_books_are_closed_after_a_confirmation(office, cast):
    close = reverse("admin:loyalty_periodclose_close")
    assert "cannot be undone" in words_of(office.get(close))
    assert "Tick it" in words_of(office.post(close, {"last_on": "2020-01-31"}))
    assert not PeriodClose.objects.exists()

    office.post(close, {"last_on": "2020-01-31", "is_meant": "on"})

    assert (PeriodClose.objects.get().closed_by, str(PeriodClose.objects.get().last_on)) == (cast.owner, "2020-01-31")
    today = timezone.localdate().isoformat()
    assert "not over yet" in words_of(office.post(close, {"last_on": today, "is_meant": "on"}))


# trust.md, L4: by the admin as well
def test_ledger_has_no_form_that_changes_it(office, cast):
    entry = give_gesture(
        client=cast.vera, points=5, reason="x", user=cast.user_of(cast.anna), now=timezone.now(), rules=rules()
    )
    before = LedgerEntry.objects.values().get()

    for name, args in (("change", [entry.pk]), ("delete", [entry.pk]), ("add", [])):
        answer = office.post(reverse(f"admin:loyalty_ledgerentry_{name}", args=args), {"points": "500", "post": "yes"})
        assert answer.status_code == 403
    office.post(
        reverse("admin:loyalty_ledgerentry_changelist"), {"action": "delete_selected", "_selected_action": [entry.pk]}
    )

    assert LedgerEntry.objects.values().get() == before
