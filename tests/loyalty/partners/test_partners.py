"""Codes in both directions, each once, counted and settled; and what a dishonest partner tries (practices.md, P28)."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.test import Client as Browser

from loyalty.partners.models import Partner, PartnerEvent, PartnerStatement
from loyalty.partners.selectors import (
    month_of,
    months_of,
    open_codes,
    partner_discount_for,
    partner_suspicions,
)
from loyalty.partners.services import (
    MonthRefused,
    PartnerRefused,
    confirm_code,
    make_batch,
    new_pin,
    note_partner_use,
    settle_month,
    take_code,
    undo_partner_use,
)
from loyalty.points.models import RefusedBenefit
from loyalty.vouchers.models import WrongCode
from tests.factories import NOW, TODAY, make_branch, make_client, make_service, make_user
from tests.loyalty.till import bare_sale, give_back

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

DAY = timedelta(days=1)


def make_partner(**fields) -> Partner:
    fields.setdefault("branch", make_branch())
    return Partner.objects.create(
        name="Flower shop Petal (made up)", slug="petal", gives_there="10 % off flowers", from_on=TODAY, **fields
    )


@pytest.fixture
def petal():
    return make_partner()


def test_code_of_a_partners_client_counts_once_here(petal):
    lashes = make_service(branch=petal.branch)
    petal.services.add(lashes)
    first, second = make_batch(partner=petal, count=2, valid_until=TODAY, now=NOW).codes.order_by("pk")
    guest = make_client(branch=petal.branch)
    offer = partner_discount_for(f" {first.code[:5]}-{first.code[5:].lower()}", petal.branch, TODAY)
    assert (offer.percent, offer.services, offer.name, offer.code) == (10, {lashes.pk}, petal.name, first)

    sale = bare_sale(guest, 50)
    note_partner_use(code=offer.code, sale=sale, saved=Decimal(5), now=NOW)

    assert partner_discount_for(first.code, petal.branch, TODAY) is None
    with pytest.raises(PartnerRefused):
        note_partner_use(code=first, sale=bare_sale(guest, 50), saved=Decimal(5), now=NOW)
    # elsewhere, a day late, a wrong character, and a partner that is off
    assert partner_discount_for(second.code, make_branch(), TODAY) is None
    assert partner_discount_for(second.code, petal.branch, TODAY + DAY) is None
    assert partner_discount_for(second.code[:-1] + "U", petal.branch, TODAY) is None
    Partner.objects.update(is_active=False)
    assert partner_discount_for(second.code, petal.branch, TODAY) is None


def test_returned_line_is_counted_off_again(petal):
    code = make_batch(partner=petal, count=1, valid_until=TODAY, now=NOW).codes.get()
    sale = bare_sale(make_client(branch=petal.branch), 50)
    sale.lines.update(discount_kind="partner", full_amount=Decimal(55), discount_amount=Decimal(5))
    note_partner_use(code=code, sale=sale, saved=Decimal(5), now=NOW)

    refund = give_back(sale)

    assert undo_partner_use(bare_sale(make_client(branch=petal.branch), 5), now=NOW) is None
    assert PartnerEvent.objects.get(sale=refund).saved == Decimal(-5)
    assert month_of(petal, TODAY).saved == 0


def test_our_code_is_taken_once_a_day_and_confirmed_once(petal):
    ana, other = make_client(branch=petal.branch), make_partner_beside(petal)
    code = take_code(client=ana, partner=petal, now=NOW)
    assert take_code(client=ana, partner=petal, now=NOW) == code
    assert open_codes(ana, TODAY) == [code]

    for made_up in ("0000000000", "", code.code[:-1] + "U"):
        with pytest.raises(PartnerRefused, match="none of ours"):
            confirm_code(partner=petal, typed=made_up, now=NOW)
    with pytest.raises(PartnerRefused, match="none of ours"):
        confirm_code(partner=other, typed=code.code, now=NOW)
    confirm_code(partner=petal, typed=code.code.lower(), now=NOW)
    with pytest.raises(PartnerRefused, match="used already"):
        confirm_code(partner=petal, typed=code.code, now=NOW)
    for _twice in range(2):
        with pytest.raises(PartnerRefused, match="tomorrow"):
            take_code(client=ana, partner=petal, now=NOW)
    # the owner sees it, once a day
    assert list(RefusedBenefit.objects.values_list("kind", "reason", "client")) == [("partner", "one_a_day", ana.pk)]
    # ours there gives nothing here
    assert partner_discount_for(code.code, petal.branch, TODAY) is None

    late = take_code(client=ana, partner=petal, now=NOW + DAY)
    with pytest.raises(PartnerRefused, match="no longer"):
        confirm_code(partner=petal, typed=late.code, now=NOW + 15 * DAY)
    assert (month_of(petal, TODAY).taken, month_of(petal, TODAY).confirmed, month_of(petal, TODAY).rate) == (2, 1, 50)


def make_partner_beside(petal) -> Partner:
    return Partner.objects.create(name="Other", slug="other", gives_there="tea", branch=petal.branch, from_on=TODAY)


def test_partner_who_confirms_what_never_was_shows_up(petal):
    """Ten codes, all confirmed the moment they were taken."""
    for _each in range(10):
        code = take_code(client=make_client(branch=petal.branch), partner=petal, now=NOW)
        confirm_code(partner=petal, typed=code.code, now=NOW + timedelta(minutes=1))

    assert {(each.kind, each.count) for each in partner_suspicions(TODAY)} == {("rate", 10), ("at_once", 10)}
    assert partner_suspicions(TODAY + DAY) == []


def test_month_is_closed_once_it_is_over_and_stays(petal):
    owner = make_user("owner")
    code = take_code(client=make_client(branch=petal.branch), partner=petal, now=NOW)
    with pytest.raises(MonthRefused, match="not over"):
        settle_month(partner=petal, month=TODAY, user=owner, now=NOW)
    july = NOW + 25 * DAY

    settle_month(partner=petal, month=TODAY, user=owner, now=july)
    confirm_code(partner=Partner.objects.get(), typed=code.code, now=NOW + 5 * DAY)

    with pytest.raises(MonthRefused, match="settled"):
        settle_month(partner=petal, month=TODAY, user=owner, now=july)
    statement = PartnerStatement.objects.get()
    assert (statement.month, statement.taken, statement.confirmed, statement.settled_on) == (
        date(2026, 6, 1),
        1,
        0,
        date(2026, 7, 5),
    )
    assert [row.settled for row in months_of(petal)] == [statement]


class TestItsPage:
    """`/partner/petal/`: a PIN, then codes; guessing is slowed, and nobody learns who is a partner."""

    @pytest.fixture(autouse=True)
    def clock(self):
        with time_machine.travel(NOW, tick=False):
            yield

    @pytest.fixture
    def device(self, petal):
        browser = Browser()
        assert browser.post("/partner/petal/", {"pin": new_pin(partner=petal)}).status_code == 302
        return browser

    def test_device_that_knows_the_pin_confirms(self, petal, device):
        code = take_code(client=make_client(branch=petal.branch, name="Ana Secret"), partner=petal, now=NOW)

        page = device.post("/partner/petal/", {"code": code.code}, follow=True).content.decode()
        again = device.post("/partner/petal/", {"code": code.code})

        assert "10 % off flowers" in page
        assert "1 code confirmed today" in page
        assert "Secret" not in page
        assert (again.status_code, "used already" in again.content.decode()) == (422, True)
        assert PartnerEvent.objects.filter(kind="confirmed").count() == 1
        assert RefusedBenefit.objects.get().place == "partner_page"

    def test_device_is_out_once_it_leaves_or_the_pin_is_new(self, petal, device):
        def asks_for_pin() -> bool:
            return 'name="pin"' in device.get("/partner/petal/").content.decode()

        assert not asks_for_pin()
        new_pin(partner=petal)
        assert asks_for_pin()
        device.post("/partner/petal/", {"pin": new_pin(partner=petal)})
        assert not asks_for_pin()
        device.post("/partner/petal/", {"leave": "1"})
        assert asks_for_pin()

    def test_guessing_is_slowed_and_a_partner_looks_like_nobody(self, petal):
        pin, guesser = new_pin(partner=petal), Browser()
        answers = [guesser.post(f"/partner/{slug}/", {"pin": "1234 5678"}) for slug in ("petal", "nobody")]
        bodies = {answer.content.decode().split("<main")[1].split("csrfmiddlewaretoken")[0] for answer in answers}
        assert ({answer.status_code for answer in answers}, len(bodies)) == ({422}, 1)

        for _each in range(18):
            guesser.post("/partner/petal/", {"pin": "00000000"})

        assert guesser.post("/partner/petal/", {"pin": pin}).status_code == 429
        assert WrongCode.objects.filter(door="partner").count() == 20
        assert 'name="pin"' in guesser.get("/partner/petal/").content.decode()
