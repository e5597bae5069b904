"""The owner's campaigns: made, given out, exported, printed, revoked; what is promised is not edited any more (P26)."""

import csv
import io
from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from loyalty.cards.models import Card, CardLevel
from loyalty.cards.services import issue_card
from loyalty.points.models import LoyaltySettings
from loyalty.vouchers.models import Campaign, Voucher
from tests.factories import NOW, make_cast
from tests.loyalty.till import bare_sale, rules

pytestmark = pytest.mark.django_db
LAST = (timezone.now() + timedelta(days=60)).date().isoformat()


@pytest.fixture
def cast():
    return make_cast()


@pytest.fixture
def owner(client, cast):
    client.force_login(cast.owner)
    return client


def page(name: str) -> str:
    """Where one of the campaign's buttons leads."""
    return reverse(f"admin:loyalty_campaign_{name}", args=[Campaign.objects.get().pk])


@pytest.fixture
def address(owner, cast):
    """A campaign with three codes, made as the owner makes it; gives where it is written down."""
    fields = {
        "name": "=Spring(1)", "branch": cast.branch.pk, "benefit": "percent", "percent": 20, "amount": 7,
        "valid_from": "2026-06-01", "valid_until": LAST, "weekdays": ["0", "4"], "minimum": "40",
        "from_time": "09:00", "to_time": "12:00",
    }  # fmt: skip
    made = owner.post(reverse("admin:loyalty_campaign_add"), fields)
    assert made.status_code == 302, made.context["adminform"].form.errors
    address = reverse("admin:loyalty_campaign_change", args=[Campaign.objects.get().pk])
    owner.post(page("make_codes"), {"count": 3, "expected": 0})
    return address


def test_made_as_written_and_kept_once_codes_are_out(owner, address):
    campaign = Campaign.objects.get()
    assert (campaign.percent, campaign.amount, campaign.weekdays) == (20, None, [0, 4])
    assert campaign.vouchers.count() == 3

    owner.post(address, {"name": "Spring", "percent": 90, "benefit": "percent", "valid_until": "2026-06-02"})

    campaign.refresh_from_db()
    assert (campaign.name, campaign.percent, str(campaign.valid_until)) == ("Spring", 20, LAST)
    # the form sent once more
    again = owner.post(page("make_codes"), {"count": 3, "expected": 0}, follow=True)
    assert "Codes were made meanwhile" in again.content.decode()
    assert campaign.vouchers.count() == 3


def test_file_and_sheet_hold_the_codes_and_no_formula(owner, address):
    code = Voucher.objects.order_by("pk").first().code

    answer = owner.get(page("as_csv"))
    sheet = owner.get(page("as_sheet")).content.decode()

    header, first, *others = csv.reader(io.StringIO(answer.content.decode()))
    assert header == ["code", "benefit", "valid_from", "valid_until", "state"]
    assert first == [f"{code[:5]}-{code[5:]}", "20% off", "2026-06-01", LAST, "open"]
    assert len(others) == 2
    assert "=" not in answer.content.decode()
    assert 'filename="spring1.csv"' in answer.headers["Content-Disposition"]
    assert (sheet.count('class="coupon"'), sheet.count('class="qr"')) == (3, 3)
    assert "from 09:00 to 12:00" in sheet


def test_revoked_only_after_it_was_asked(owner, address):
    assert "Revoke what nobody has used?" in owner.get(page("revoke")).content.decode()
    assert Voucher.objects.filter(voided_at=None).count() == 3

    owner.post(page("revoke"))

    assert not Voucher.objects.filter(voided_at=None).exists()
    assert "3 revoked" in owner.get(address).content.decode()


def test_given_to_the_one_who_is_meant(owner, cast, address):
    give = page("give_one")
    assert "There is nobody of this name or number." in owner.post(give, {"client": "Nobodyhere"}).content.decode()

    owner.post(give, {"client": cast.dina.phone[-4:]})

    assert Voucher.objects.exclude(client=None).get().client == cast.dina


def test_levels_stay_within_the_owners_limit_and_lift_at_once(owner, cast):
    LoyaltySettings.objects.update_or_create(pk=1, defaults={"card_max_percent": 25})
    bare_sale(cast.vera, 700, now=timezone.now())
    issue_card(client=cast.vera, now=NOW, rules=rules())
    add = reverse("admin:loyalty_cardlevel_add")
    level = {"code": "silver", "name": "Silver", "percent": 26, "from_paid": "500"}

    assert "let a card give 25 %" in owner.post(add, level).content.decode()
    owner.post(add, level | {"percent": 7})

    assert CardLevel.objects.get(code="silver").from_paid == Decimal(500)
    assert Card.objects.get().level.code == "silver"


def test_lost_and_closed_in_the_office(owner, cast):
    card = issue_card(client=cast.vera, now=NOW, rules=rules())

    owner.post(reverse("admin:loyalty_card_issue_anew", args=[card.pk]))
    card.refresh_from_db()
    new = Card.objects.get(closed_at=None)
    assert (card.closed_at is not None, new.client) == (True, cast.vera)
    owner.post(reverse("admin:loyalty_card_close", args=[new.pk]))

    assert not Card.objects.filter(closed_at=None).exists()
