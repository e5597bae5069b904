"""Gift certificates: sold, spent in parts, put back, expired; the movements prove every balance."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction

from crm.sales.models import Sale
from loyalty.points.models import LedgerEntry
from loyalty.vouchers.models import CertificateMovement, GiftCertificate
from loyalty.vouchers.selectors import certificate_by_code, owed_on_certificates, why_not_certificate
from loyalty.vouchers.services import (
    CertificateRefused,
    expire_certificates,
    rebuild_certificates,
    return_certificate,
    sell_certificate,
)
from tests.factories import NOW, TODAY, make_branch
from tests.loyalty.till import rules

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
DAY = timedelta(days=1)


@pytest.fixture
def branch():
    return make_branch()


def sell(branch, amount="100", **options) -> GiftCertificate:
    options.setdefault("key", f"form {amount}")
    options.setdefault("method", "cash")
    options.setdefault("rules", rules())
    return sell_certificate(branch=branch, amount=Decimal(amount), now=NOW, **options)


def moved(certificate) -> list[tuple[str, Decimal]]:
    return list(certificate.movements.order_by("pk").values_list("kind", "amount"))


def test_selling_is_money_owed_and_no_revenue(branch):
    certificate = sell(branch, "100.005", made_out_to=" Mila ", rules=rules(certificate_days=30))

    # half up to the smallest unit; the thirtieth day is the last on which it pays
    assert (certificate.amount, certificate.made_out_to) == (Decimal("100.01"), "Mila")
    assert certificate.expires_on == TODAY + 30 * DAY
    assert certificate.receipt == "R000001"
    assert owed_on_certificates() == [("BAM", Decimal("100.01"))]
    assert (Sale.objects.count(), LedgerEntry.objects.count()) == (0, 0)
    assert certificate_by_code(f" {certificate.code[:5]}-{certificate.code[5:].lower()}") == certificate


def test_one_form_sent_twice_sells_one(branch):
    assert sell(branch, key="k").pk == sell(branch, key="k").pk
    assert GiftCertificate.objects.count() == CertificateMovement.objects.count() == 1


@pytest.mark.parametrize(("amount", "method"), [("0", "cash"), ("-5", "cash"), ("5", "points"), ("5", "certificate")])
def test_it_is_bought_for_money_only(branch, amount, method):
    with pytest.raises(CertificateRefused):
        sell(branch, amount, method=method)


def test_its_last_day_is_included_and_then_the_rest_is_gone(branch):
    certificate = sell(branch, rules=rules(certificate_days=30))
    last = certificate.expires_on

    assert why_not_certificate(certificate, branch=branch, today=last) == ""
    assert why_not_certificate(certificate, branch=branch, today=last + DAY) == "cert_over"
    assert expire_certificates(now=NOW + 30 * DAY) == 0
    assert expire_certificates(now=NOW + 31 * DAY) == 1
    assert expire_certificates(now=NOW + 31 * DAY) == 0

    assert moved(certificate) == [("sold", Decimal(100)), ("expired", Decimal(-100))]
    assert owed_on_certificates() == []


def test_where_the_owner_says_so_it_pays_for_good(branch):
    certificate = sell(branch, rules=rules(certificate_days=0))

    assert certificate.expires_on is None
    assert expire_certificates(now=NOW + 9000 * DAY) == 0


def test_unspent_it_can_be_returned_for_money_once(branch):
    certificate = sell(branch)

    return_certificate(certificate=certificate, now=NOW)
    return_certificate(certificate=certificate, now=NOW)

    assert moved(certificate) == [("sold", Decimal(100)), ("returned", Decimal(-100))]
    assert why_not_certificate(certificate_by_code(certificate.code), branch=branch, today=TODAY) == "cert_empty"


def test_another_currency_is_not_taken(branch):
    certificate = sell(branch)

    assert why_not_certificate(certificate, branch=make_branch(currency="EUR"), today=TODAY) == "cert_currency"


def test_balances_are_proved_by_the_movements(branch):
    certificate = sell(branch)
    assert rebuild_certificates() == []
    GiftCertificate.objects.update(balance=Decimal(70))

    wrong = rebuild_certificates()

    assert [(one.certificate, one.was, one.became) for one in wrong] == [(certificate, Decimal(70), Decimal(100))]
    assert GiftCertificate.objects.get().balance == Decimal(100)


@pytest.mark.parametrize("change", [{"balance": Decimal(-1)}, {"balance": Decimal(101)}])
def test_the_database_holds_it_between_nothing_and_its_amount(branch, change):
    sell(branch)

    with pytest.raises(DatabaseError), transaction.atomic():
        GiftCertificate.objects.update(**change)
