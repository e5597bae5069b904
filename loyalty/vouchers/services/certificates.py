"""Gift certificates: sold, spent in parts, put back, expired (rules.md, Money at the checkout).

Every verb locks the certificate's row first and writes a movement and the balance in one transaction. A key makes a
fact count once.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.db.models import F, QuerySet, Sum, Value
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from crm.people.models import Client
from crm.sales.models import Payment, Sale
from crm.sales.services import next_receipt
from crm.team.fields import MoneyField, round_money
from crm.team.models import Branch, User
from crm.team.selectors import branch_day
from loyalty.points.models import LoyaltySettings
from loyalty.vouchers.codes import new_code, read_code
from loyalty.vouchers.models import CertificateMovement, GiftCertificate

Kind = CertificateMovement.Kind
ZERO = Decimal(0)
# two of 2^45 codes alike: once more is plenty
TRIES = 3


class CertificateRefused(Exception):
    """The gift certificate cannot be sold, spent or returned like this. `words` say why, for the desk."""

    words: str | Promise = _("This gift certificate cannot be used like this.")

    def __str__(self) -> str:
        return str(self.words)


class NoAmount(CertificateRefused):
    words = _("For how much? Type a sum.")


class NotInMoney(CertificateRefused):
    words = _("A gift certificate is paid for with money.")


class CertificateTooLow(CertificateRefused):
    """Meanwhile less is left than was to be spent."""

    words = _("Less is left on this gift certificate than a moment ago. Please look once more.")


class PartlySpent(CertificateRefused):
    words = _("A part of this gift certificate is spent already. It cannot be returned for money any more.")


@dataclass(frozen=True, slots=True)
class Share:
    """What one certificate pays of a receipt."""

    certificate: GiftCertificate
    amount: Decimal


@transaction.atomic
def sell_certificate(
    *,
    branch: Branch,
    amount: Decimal,
    method: str,
    key: str,
    now: datetime,
    rules: LoyaltySettings,
    made_out_to: str = "",
    client: Client | None = None,
    user: User | None = None,
) -> GiftCertificate:
    """Sells a certificate for money, with a receipt number of the branch; `client` is who buys it, if she is known.

    It is no sale: nothing is earned by it and no discount touches it. Valid for the owner's days. The same key again
    gives the certificate of the first time. Raises CertificateRefused (NoAmount, NotInMoney).
    """
    amount = round_money(amount, branch.currency)
    if amount <= 0:
        raise NoAmount
    if method not in GiftCertificate.BOUGHT_WITH:
        raise NotInMoney
    if earlier := GiftCertificate.objects.filter(key=key).first():
        return earlier
    today = branch_day(branch, now)
    for attempt in range(TRIES):
        try:
            with transaction.atomic():
                certificate = GiftCertificate.objects.create(
                    code=new_code(),
                    key=key,
                    branch=branch,
                    receipt=next_receipt(branch),
                    method=method,
                    bought_by=client,
                    made_out_to=made_out_to.strip(),
                    amount=amount,
                    balance=amount,
                    issued_at=now,
                    issued_on=today,
                    issued_by=user,
                    expires_on=today + timedelta(days=rules.certificate_days) if rules.certificate_days else None,
                )
                _note(certificate, Kind.SOLD, amount, f"sold {certificate.pk}", now, today, user)
                return certificate
        except IntegrityError:
            # the same form at the same moment, or the same code by chance
            if earlier := GiftCertificate.objects.filter(key=key).first():
                return earlier
            if attempt == TRIES - 1:
                raise
    raise AssertionError("unreachable")


def lock_certificates(certificate_ids: Iterable[int]) -> list[GiftCertificate]:
    """The certificates as they are now, held until the transaction ends; by key, so that no two wait for each other."""
    return list(_held().filter(pk__in=list(certificate_ids)))


def lock_certificates_of(codes: Iterable[str]) -> list[GiftCertificate]:
    """The same, of typed codes; what is no code is left out. One query, none where there is no code."""
    read = {code for typed in codes if (code := read_code(typed)) is not None}
    return list(_held().filter(code__in=read)) if read else []


def _held() -> QuerySet[GiftCertificate]:
    return GiftCertificate.objects.select_for_update(of=("self",)).select_related("branch").order_by("pk")


@transaction.atomic
def spend_certificates(
    *, shares: Sequence[Share], sale: Sale, now: datetime, user: User | None = None
) -> list[CertificateMovement]:
    """Takes what each certificate pays of this sale; told twice of one sale it counts once. Raises CertificateTooLow.

    The row's lock and the condition of the update both see to it that no money is spent twice. Two queries a
    certificate; whoever worked the shares out holds the locks already.
    """
    movements = []
    for share in shares:
        taken = GiftCertificate.objects.filter(pk=share.certificate.pk, balance__gte=share.amount).update(
            # typed: a bare Decimal would not be told in thousandths
            balance=F("balance") - Value(share.amount, output_field=MoneyField())
        )
        if not taken:
            raise CertificateTooLow
        movements.append(
            _note(
                share.certificate,
                Kind.SPENT,
                -share.amount,
                f"sale {sale.pk} certificate {share.certificate.pk}",
                now,
                sale.on,
                user,
                sale,
            )
        )
    return movements


@transaction.atomic
def put_back_on_certificates(*, refund: Sale, now: datetime, user: User | None = None) -> list[Share]:
    """What a refund owes to certificates goes back onto them, the one that was spent last first; gives which and what.

    One that is over by then pays again as long as it could when it was spent. Told twice it counts once.
    """
    payment = Payment.objects.filter(sale=refund, method=Payment.Method.CERTIFICATE).first()
    if payment is None or CertificateMovement.objects.filter(sale=refund).exists():
        return []
    of_sale = CertificateMovement.objects.filter(sale=refund.refund_of_id, kind=Kind.SPENT)
    spent = {row.certificate_id: row for row in of_sale.order_by("-pk")}
    certificates = {each.pk: each for each in lock_certificates(spent)}
    back = dict(
        CertificateMovement.objects.filter(
            kind=Kind.PUT_BACK, certificate__in=spent, sale__refund_of=refund.refund_of_id
        )
        .values_list("certificate")
        .annotate(amount=Sum("amount"))
        .order_by()
    )
    left, shares = -payment.amount, []
    for key, movement in spent.items():
        part = min(left, -movement.amount - back.get(key, ZERO))
        if part <= 0:
            continue
        certificate = certificates[key]
        _note(certificate, Kind.PUT_BACK, part, f"sale {refund.pk} certificate {key}", now, refund.on, user, refund)
        certificate.balance += part
        if certificate.expires_on is not None:
            unused = max(certificate.expires_on - movement.on, timedelta(0))
            certificate.expires_on = max(certificate.expires_on, refund.on + unused)
        certificate.save(update_fields=["balance", "expires_on"])
        shares.append(Share(certificate, part))
        left -= part
    return shares


@transaction.atomic
def return_certificate(*, certificate: GiftCertificate, now: datetime, user: User | None = None) -> GiftCertificate:
    """Gives its money back, while nothing of it is spent; returned again changes nothing. Raises PartlySpent."""
    (certificate,) = lock_certificates([certificate.pk])
    if certificate.movements.filter(kind=Kind.RETURNED).exists():
        return certificate
    if certificate.balance != certificate.amount:
        raise PartlySpent
    today = branch_day(certificate.branch, now)
    _note(certificate, Kind.RETURNED, -certificate.balance, f"returned {certificate.pk}", now, today, user)
    certificate.balance = ZERO
    certificate.save(update_fields=["balance"])
    return certificate


def expire_certificates(*, now: datetime) -> int:
    """What is left on certificates whose last day is over goes, each by its branch's day; gives how many."""
    # the earliest zone is 14 hours ahead; where it is not over yet is left out by the branch's own day
    latest = (now + timedelta(hours=14)).date()
    over = GiftCertificate.objects.filter(balance__gt=0, expires_on__lt=latest).order_by("pk")
    return sum(_expire(pk, now) for pk in list(over.values_list("pk", flat=True)))


@transaction.atomic
def _expire(certificate_id: int, now: datetime) -> bool:
    (certificate,) = lock_certificates([certificate_id])
    today = branch_day(certificate.branch, now)
    if certificate.balance <= 0 or certificate.expires_on is None or today <= certificate.expires_on:
        return False
    # a refund may put something back later, and that expires once more on its own day
    key = f"expired {certificate.pk} {certificate.expires_on}"
    _note(certificate, Kind.EXPIRED, -certificate.balance, key, now, today, None)
    certificate.balance = ZERO
    certificate.save(update_fields=["balance"])
    return True


def _note(
    certificate: GiftCertificate,
    kind: str,
    amount: Decimal,
    key: str,
    now: datetime,
    on: date,
    user: User | None,
    sale: Sale | None = None,
) -> CertificateMovement:
    return CertificateMovement.objects.create(
        certificate=certificate, kind=kind, amount=amount, sale=sale, key=key, at=now, on=on, user=user
    )


@dataclass(frozen=True, slots=True)
class WrongBalance:
    """A certificate whose balance said something else than its movements."""

    certificate: GiftCertificate
    was: Decimal
    became: Decimal


def rebuild_certificates() -> list[WrongBalance]:
    """Makes every balance the sum of its movements; gives what was wrong."""
    found = []
    moved = GiftCertificate.objects.annotate(moved=Sum("movements__amount", default=ZERO))
    wrong = moved.exclude(balance=F("moved")).order_by("pk")
    for pk in list(wrong.values_list("pk", flat=True)):
        with transaction.atomic():
            (certificate,) = lock_certificates([pk])
            total = certificate.movements.aggregate(total=Sum("amount"))["total"] or ZERO
            if certificate.balance != total:
                found.append(WrongBalance(certificate, certificate.balance, total))
                certificate.balance = total
                certificate.save(update_fields=["balance"])
    return found
