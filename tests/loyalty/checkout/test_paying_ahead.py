"""Gift certificates at the checkout: money that was paid before, counted once (docs/decisions.md)."""

from datetime import timedelta
from decimal import Decimal

import pytest

from crm.sales.services import ReturnFact
from loyalty.cards.services import issue_card
from loyalty.checkout.offers import CheckoutLine
from loyalty.checkout.selectors import quote
from loyalty.checkout.services import complete_checkout, refund_checkout
from loyalty.vouchers.models import CertificateMovement, GiftCertificate
from loyalty.vouchers.selectors import owed_on_certificates
from loyalty.vouchers.services import CertificateTooLow, expire_certificates, rebuild_certificates, sell_certificate
from loyalty.vouchers.services import certificates as certificate_verbs
from tests.factories import NOW, TODAY, Cast, make_branch, make_cast, make_client
from tests.loyalty.crowd import all_at_once
from tests.loyalty.till import bare_sale, give_back, held, pay, rules

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def certificate(branch, amount: int = 100, **options) -> GiftCertificate:
    options.setdefault("key", f"c {GiftCertificate.objects.count()}")
    return sell_certificate(branch=branch, amount=Decimal(amount), method="cash", now=NOW, rules=rules(), **options)


def left_on(one: GiftCertificate) -> Decimal:
    return GiftCertificate.objects.get(pk=one.pk).balance


def ways(sale) -> dict[str, Decimal]:
    return dict(sale.payments.values_list("method", "amount"))


@pytest.mark.sqlite
def test_worked_case_a_hundred_is_revenue_once(cast):
    mila = make_client(branch=cast.branch)
    one = certificate(cast.branch, client=mila)
    # Mila pays 100: nothing is earned, and the salon owes 100
    assert (held(mila), owed_on_certificates()) == ((0, 0), [("BAM", Decimal(100))])

    first = pay(cast.vera, 60, certificates=[one.code])
    second = pay(cast.vera, 60, certificates=[one.code], now=NOW + DAY)

    # 60 of it, then the 40 that are left and 20 in cash
    assert (ways(first), ways(second)) == (
        {"certificate": Decimal(60)},
        {"certificate": Decimal(40), "cash": Decimal(20)},
    )
    # revenue is 120 when she is served, and her cashback 5 % of it
    assert (first.paid + second.paid, held(cast.vera)) == (Decimal(120), (6, 0))
    assert (left_on(one), owed_on_certificates(), rebuild_certificates()) == (Decimal(0), [], [])


def test_discount_then_points_then_certificate_then_money(cast):
    issue_card(client=cast.vera, now=NOW, rules=rules())
    pay(cast.vera, 400)
    one, other = certificate(cast.branch, 20, key="later"), certificate(cast.branch, 10, key="sooner")
    GiftCertificate.objects.filter(pk=other.pk).update(expires_on=TODAY)

    sale = pay(cast.vera, 100, points=19, certificates=[one.code, other.code])

    # 100 less 5 %, less 19 points: 76; the one that ends first pays first
    assert ways(sale) == {"points": Decimal(19), "certificate": Decimal(30), "cash": Decimal(46)}
    assert sale.paid == Decimal(76)
    spent = CertificateMovement.objects.filter(sale=sale).order_by("pk").values_list("certificate", "amount")
    assert list(spent) == [(other.pk, Decimal(-10)), (one.pk, Decimal(-20))]


def test_what_is_returned_goes_back_onto_it_first_and_never_into_cash(cast):
    one = certificate(cast.branch, 50)
    sale = pay(cast.vera, 40, 30, certificates=[one.code])
    assert ways(sale) == {"certificate": Decimal(50), "cash": Decimal(20)}
    line, other = sale.lines.order_by("position")

    part = refund_checkout(
        sale=sale, returns=[ReturnFact(line, Decimal(1))], key="r", now=NOW, user=None, method="cash"
    )
    assert (ways(part), left_on(one)) == ({"certificate": Decimal(-40)}, Decimal(40))
    rest = refund_checkout(sale=sale, returns=[ReturnFact(other, Decimal(1))], key="r2", now=NOW, user=None)

    assert ways(rest) == {"certificate": Decimal(-10), "cash": Decimal(-20)}
    assert (left_on(one), held(cast.vera), rebuild_certificates()) == (Decimal(50), (0, 0), [])


@pytest.mark.sqlite
def test_put_back_late_it_pays_as_long_as_it_could_when_it_was_spent(cast):
    one = certificate(cast.branch, 50)
    GiftCertificate.objects.filter(pk=one.pk).update(expires_on=TODAY + 5 * DAY)
    sale = pay(cast.vera, 50, certificates=[one.code])

    give_back(sale, now=NOW + 30 * DAY)

    one.refresh_from_db()
    assert (one.balance, one.expires_on) == (Decimal(50), TODAY + 35 * DAY)
    # and ends once more, on its new day
    assert [expire_certificates(now=NOW + days * DAY) for days in (35, 36)] == [0, 1]


@pytest.mark.parametrize(
    ("change", "reason"),
    [({"balance": 0}, "cert_empty"), ({"expires_on": TODAY - DAY}, "cert_over")],
)
def test_one_that_pays_nothing_says_why(cast, change, reason):
    one = certificate(cast.branch)
    GiftCertificate.objects.filter(pk=one.pk).update(**change)

    receipt = quote(
        branch=cast.branch, client=cast.vera, lines=[CheckoutLine(Decimal(60), service=cast.lashes)], rules=rules(),
        today=TODAY, now=NOW, typed=one.code,
    )  # fmt: skip

    assert [(each.kind, each.reason, each.was_shown) for each in receipt.refused] == [("certificate", reason, True)]
    assert receipt.due == Decimal(60)


# Two tills at once ------------------------------------------------------------


def spend_at_once(cast: Cast, one: GiftCertificate, many: int = 8) -> list[BaseException | None]:
    """Each its own client's receipt of 60 on the one certificate of 100, by tills that were shown 60 of it."""
    clients = [make_client(branch=cast.branch) for _number in range(many)]

    def send(number: int) -> None:
        complete_checkout(
            branch=cast.branch,
            client=clients[number],
            lines=[CheckoutLine(Decimal(60), service=cast.lashes)],
            key=f"till {one.pk} {number}",
            now=NOW,
            user=None,
            certificates=[one.code],
            expected_due=Decimal(0),
        )

    return all_at_once(send, many=many)


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_of_tills_that_spend_one_certificate_at_once_one_gets_it():
    cast = make_cast()
    rules()
    for number in range(3):
        one = certificate(cast.branch, key=f"race {number}")

        outcomes = spend_at_once(cast, one)

        # the others are shown anew what is left: 40, so that 20 is to pay
        assert sorted(type(each).__name__ for each in outcomes if each) == ["SumChanged"] * 7
        assert left_on(one) == Decimal(40)
    assert rebuild_certificates() == []


@pytest.mark.race
@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_control_without_lock_and_condition_a_certificate_is_spent_twice(monkeypatch):
    def read(codes):
        return list(GiftCertificate.objects.filter(code__in=list(codes)).select_related("branch").order_by("pk"))

    def spend(*, shares, sale, now, user=None):
        for share in shares:
            GiftCertificate.objects.filter(pk=share.certificate.pk).update(
                balance=share.certificate.balance - share.amount
            )
        return []

    monkeypatch.setattr("loyalty.checkout.selectors.receipts.lock_certificates_of", read)
    monkeypatch.setattr("loyalty.checkout.services.completing.spend_certificates", spend)
    cast = make_cast()
    rules()
    for number in range(10):
        if spend_at_once(cast, certificate(cast.branch, key=f"race {number}")).count(None) > 1:
            return
    pytest.fail("with the guards off nothing went wrong: the race above proves nothing")


@pytest.mark.sqlite
def test_the_condition_of_the_update_refuses_what_is_not_there(cast):
    one, sale = certificate(cast.branch, 10), bare_sale(cast.vera, 60)

    with pytest.raises(CertificateTooLow):
        certificate_verbs.spend_certificates(shares=[certificate_verbs.Share(one, Decimal(11))], sale=sale, now=NOW)

    assert left_on(one) == Decimal(10)


def test_another_branch_takes_it_in_the_same_currency(cast):
    one = certificate(make_branch(), 30)

    sale = pay(cast.vera, 60, certificates=[one.code])

    assert ways(sale) == {"certificate": Decimal(30), "cash": Decimal(30)}
