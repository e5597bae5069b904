"""A partner's code and a club's offer at a real checkout: one of them, once, and back with a return."""

from decimal import Decimal

import pytest

from loyalty.clubs.models import Club, ClubMember
from loyalty.partners.models import Partner, PartnerCode, PartnerEvent
from loyalty.partners.selectors import month_of
from loyalty.partners.services import make_batch
from tests.factories import NOW, TODAY, make_branch, make_client
from tests.loyalty.till import give_back, pay

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def test_one_code_makes_one_receipt_cheaper_and_never_adds_to_a_clubs_offer():
    branch = make_branch()
    petal = Partner.objects.create(branch=branch, name="Petal", slug="petal", percent_here=10, from_on=TODAY)
    first, second = make_batch(partner=petal, count=2, valid_until=TODAY, now=NOW).codes.order_by("pk")
    guest, other, vera = (make_client(branch=branch) for _each in range(3))
    club = Club.objects.create(name="Circle", branch=branch, percent=20)
    ClubMember.objects.create(club=club, client=vera, since=TODAY)

    sale = pay(guest, 100, typed=first.code)
    again = pay(other, 100, typed=first.code)
    members = pay(vera, 100, typed=second.code)

    # 10 off once; nothing the second time; 20 off for the member, whose code stays good
    assert (sale.paid, again.paid, members.paid) == (Decimal(90), Decimal(100), Decimal(80))
    assert list(PartnerCode.objects.order_by("pk").values_list("used_at", flat=True)) == [NOW, None]
    assert (month_of(petal, TODAY).used, month_of(petal, TODAY).saved) == (1, Decimal(10))

    give_back(sale)

    assert (PartnerEvent.objects.filter(kind="returned").get().saved, month_of(petal, TODAY).saved) == (-10, 0)
