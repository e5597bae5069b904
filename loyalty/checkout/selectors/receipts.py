"""What a receipt would come to: discounts, points, certificates, what is left to pay and what it earns."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from crm.booking.models import Appointment
from crm.people.models import Client
from crm.sales.models import Sale
from crm.team.fields import round_money
from crm.team.models import Branch
from loyalty.cards.models import Card
from loyalty.cards.selectors import card_of, card_shown, card_with_reach, why_not_card
from loyalty.checkout.offers import CheckoutLine, Offer, best_discount
from loyalty.clubs.models import ClubMember
from loyalty.clubs.selectors import ClubBenefits, club_benefits_of
from loyalty.partners.selectors import PartnerDiscount, here_code, partner_discount_for, why_not_here
from loyalty.points.earning import EarningLine, EarningRules
from loyalty.points.models import EarningRule, LoyaltySettings, RefusedBenefit
from loyalty.points.selectors import (
    PointsSummary,
    balance_of,
    earning_rules,
    most_points_for,
    points_summary,
    will_earn,
)
from loyalty.vouchers.models import GiftCertificate, Voucher
from loyalty.vouchers.selectors import (
    Occasion,
    certificate_by_code,
    certificates_by_code,
    occasion_of,
    open_vouchers,
    voucher_by_code,
    vouchers_at_till,
    why_not,
    why_not_certificate,
)
from loyalty.vouchers.services import Share, lock_certificates_of

ZERO = Decimal(0)
Kind = RefusedBenefit.Kind
# of one receipt; each is a lock
MOST_CERTIFICATES = 5
REFUSALS = {
    **dict(Voucher.Refusal.choices),
    **dict(Card.Refusal.choices),
    **dict(GiftCertificate.Refusal.choices),
    "partner_used": _("This partner's code has been used already."),
    "partner_over": _("This partner's code is no longer valid."),
    "partner_elsewhere": _("This partner's code is for another branch."),
    "partner_off": _("Nothing is agreed with this partner now."),
}


@dataclass(frozen=True, slots=True)
class Refused:
    """A benefit that was asked for and cannot be had, with why; `kind` is a RefusedBenefit.Kind."""

    code: str
    reason: str
    kind: str = Kind.VOUCHER
    # somebody showed it; else it is hers and merely not for today
    was_shown: bool = False

    @property
    def words(self) -> str:
        return str(REFUSALS[self.reason])


@dataclass(frozen=True, slots=True)
class Has:
    """What a client may have at all, so that nothing is asked for in vain; unknown counts as yes."""

    vouchers: bool = True
    club: bool = True
    rules: bool = True


def with_benefits(appointments: QuerySet[Appointment]) -> QuerySet[Any]:
    """Each with what hangs on it: whether it has a sale, and what `Has` says of its client."""
    of_client = {"client": OuterRef("client")}
    return appointments.annotate(
        has_sale=Exists(Sale.objects.filter(appointment=OuterRef("pk"), refund_of__isnull=True)),
        has_vouchers=Exists(Voucher.objects.filter(**of_client, redeemed_at__isnull=True, voided_at__isnull=True)),
        in_club=Exists(ClubMember.objects.filter(**of_client, until__isnull=True)),
        has_rules=Exists(EarningRule.objects.filter(is_on=True)),
    )


def has_of(appointment: Any) -> Has:
    """What `with_benefits` has found; of an appointment read otherwise nothing is known."""
    if not hasattr(appointment, "has_rules"):
        return Has()
    return Has(appointment.has_vouchers, appointment.in_club, appointment.has_rules)


@dataclass(frozen=True, slots=True)
class Quote:
    """The sums of a receipt before it is completed. `due` is what is to be paid in money now."""

    lines: Sequence[CheckoutLine]
    full: Decimal
    offers: list[Offer]
    refused: list[Refused]
    total: Decimal
    # points she has, and what one is worth
    balance: int
    point_value: Decimal
    points_most: int
    points_used: int
    points_worth: Decimal
    # what gift certificates pay of what points leave
    certificates: list[Share]
    due: Decimal
    earns: int
    # the owner's rules of earning that hold for her here today
    earning: EarningRules
    # what each line costs her, as earning sees it
    paid_lines: Sequence[EarningLine]
    discounts: tuple[Decimal, ...]
    # her own card, whose level this sale may raise
    card: Card | None

    @property
    def won(self) -> Offer | None:
        return self.offers[0] if self.offers and self.offers[0].won else None

    @property
    def lost(self) -> list[Offer]:
        return [offer for offer in self.offers if not offer.won]

    @property
    def certificates_pay(self) -> Decimal:
        return sum((share.amount for share in self.certificates), ZERO)

    @property
    def in_money(self) -> Decimal:
        """What is paid in money, now or before with a certificate: what cashback and levels count."""
        return self.due + self.certificates_pay


def quote(
    *,
    branch: Branch,
    client: Client | None,
    lines: Sequence[CheckoutLine],
    rules: LoyaltySettings,
    today: date,
    now: datetime,
    appointment: Appointment | None = None,
    choice: str = "",
    typed: str = "",
    certificates: Sequence[str] = (),
    points_to_pay: int = 0,
    for_show: bool = True,
    balance: int | None = None,
    has: Has | None = None,
) -> Quote:
    """Works out a receipt: lines, one best discount, points, payment (rules.md, Money at the checkout).

    `choice` is the discount that the desk wants instead of the best; `typed` the code or number of whatever was shown:
    a voucher, a card, a partner's code, a gift certificate; `certificates` the codes of those shown before. More points
    than may be used are cut down to that. What it will earn is worked out for showing only; where it is not for
    show, vouchers and certificates are locked. `balance` are her points, where they are known and locked, `has` what
    she may have at all. The hour that a voucher may be bound to is the visit's own; `now` is that of who walked in.
    """
    has = has or has_of(appointment)
    fulls = [round_money(line.full_amount, branch.currency) for line in lines]
    hers = _benefits_of(
        client,
        branch=branch,
        today=today,
        appointment=appointment,
        typed=typed,
        certificates=certificates,
        occasion=occasion_of(branch=branch, now=now, appointment=appointment, total=sum(fulls, ZERO)),
        rules=rules,
        for_show=for_show,
        has=has,
    )
    offers = best_discount(
        lines=lines,
        vouchers=hers.vouchers,
        card=hers.card,
        club=hers.club.discount,
        partner=hers.partner,
        currency=branch.currency,
        choice=choice,
        add_up=rules.voucher_on_top_of_card,
    )
    won = offers[0] if offers and offers[0].won else None
    discounts = won.by_line if won else tuple(ZERO for _line in lines)
    total = sum(fulls, ZERO) - sum(discounts, ZERO)
    if balance is None:
        balance = balance_of(client) if client else 0
    most = most_points_for(total, balance, rules)
    used = max(0, min(points_to_pay, most))
    worth = used * rules.point_value
    shares = _shares(hers.certificates, total - worth)
    earning = EarningRules()
    if client and has.rules:
        earning = earning_rules(branch, today, club_rules=hers.club.rules)
    paid_lines = [
        EarningLine(place, full - off, line.service.pk if line.service else None)
        for place, (line, full, off) in enumerate(zip(lines, fulls, discounts, strict=True))
    ]
    return Quote(
        lines=lines,
        full=sum(fulls, ZERO),
        offers=offers,
        refused=hers.refused,
        total=total,
        balance=balance,
        point_value=rules.point_value,
        points_most=most,
        points_used=used,
        points_worth=worth,
        certificates=shares,
        due=total - worth - sum((share.amount for share in shares), ZERO),
        earns=will_earn(client, paid_lines, total - worth, rules, earning) if client and for_show else 0,
        earning=earning,
        paid_lines=paid_lines,
        discounts=discounts,
        card=hers.own_card,
    )


def booked_on(appointment: Appointment | None, today: date) -> date:
    """The day on which this visit was booked: today for who walked in."""
    return (appointment and appointment.booked_on) or today


@dataclass(slots=True)
class _Benefits:
    """What counts for this client today, and what was shown in vain."""

    vouchers: list[Voucher] = field(default_factory=list)
    card: Card | None = None
    own_card: Card | None = None
    club: ClubBenefits = field(default_factory=ClubBenefits)
    partner: PartnerDiscount | None = None
    certificates: list[GiftCertificate] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)


def _benefits_of(
    client: Client | None,
    *,
    branch: Branch,
    today: date,
    appointment: Appointment | None,
    typed: str,
    certificates: Sequence[str],
    occasion: Occasion,
    rules: LoyaltySettings,
    for_show: bool,
    has: Has,
) -> _Benefits:
    hers = _Benefits()
    vouchers: list[Voucher] = []
    if client is not None:
        if has.vouchers:
            vouchers = vouchers_at_till(client, today, lock=not for_show)
        hers.own_card = hers.card = card_of(client) if for_show else card_with_reach(client, today, rules)
        if has.club:
            hers.club = club_benefits_of(client, branch, today)
    shown = None
    if typed.strip():
        shown = _look_at(typed, hers, client, branch, today, for_show=for_show)
        if shown is not None and shown.pk not in {voucher.pk for voucher in vouchers}:
            vouchers.append(shown)
    _take_certificates(certificates, hers, branch, today, for_show=for_show)
    for voucher in vouchers:
        reason = why_not(
            voucher,
            client_id=client.pk if client else None,
            today=today,
            booked_on=booked_on(appointment, today),
            appointment_id=appointment.pk if appointment else None,
            occasion=occasion,
        )
        if reason:
            hers.refused.append(Refused(voucher.code, reason, was_shown=shown is not None and shown.pk == voucher.pk))
        else:
            hers.vouchers.append(voucher)
    return hers


def _look_at(
    typed: str, hers: _Benefits, client: Client | None, branch: Branch, today: date, *, for_show: bool
) -> Voucher | None:
    """What was shown, put where it belongs; a voucher is given back, as it is judged with the others."""
    if (voucher := voucher_by_code(typed, lock=not for_show)) is not None:
        return voucher
    if (certificate := certificate_by_code(typed)) is not None:
        _take_certificates([certificate.code], hers, branch, today, for_show=for_show)
    elif (card := card_shown(typed)) is not None:
        if reason := why_not_card(card, client.pk if client else None):
            hers.refused.append(Refused(card.number, reason, Kind.CARD, was_shown=True))
        else:
            # one card a receipt: the better one
            hers.card = max((hers.card, card), key=lambda each: each.level.percent) if hers.card else card
    elif (partner := partner_discount_for(typed, branch, today)) is not None:
        hers.partner = partner
    elif (code := here_code(typed)) is not None:
        reason = f"partner_{why_not_here(code, branch, today) or 'off'}"
        hers.refused.append(Refused(code.code, reason, Kind.PARTNER, was_shown=True))
    else:
        hers.refused.append(Refused(typed, Voucher.Refusal.UNKNOWN, Kind.CODE, was_shown=True))
    return None


def _take_certificates(codes: Sequence[str], hers: _Benefits, branch: Branch, today: date, *, for_show: bool) -> None:
    """The certificates of these codes, each once; those that pay nothing are refused."""
    known = {certificate.code for certificate in hers.certificates}
    wanted = [code for code in dict.fromkeys(codes) if code not in known][:MOST_CERTIFICATES]
    found = certificates_by_code(wanted) if for_show else lock_certificates_of(wanted)
    for certificate in sorted(found, key=lambda each: wanted.index(each.code)):
        if reason := why_not_certificate(certificate, branch=branch, today=today):
            hers.refused.append(Refused(certificate.code, reason, Kind.CERTIFICATE, was_shown=True))
        else:
            hers.certificates.append(certificate)


def _shares(certificates: Sequence[GiftCertificate], to_pay: Decimal) -> list[Share]:
    """What each pays, the one that ends first in front; one that is left with nothing to pay is named with nothing."""
    shares = []
    for certificate in sorted(certificates, key=lambda each: (each.expires_on or date.max, each.pk)):
        part = min(certificate.balance, to_pay)
        shares.append(Share(certificate, part))
        to_pay -= part
    return shares


@dataclass(frozen=True, slots=True)
class LoyaltyCard:
    """What the client's card at the desk shows of the programme."""

    points: PointsSummary
    card: Card | None
    vouchers: list[Voucher]


def loyalty_of(client: Client, *, today: date, rules: LoyaltySettings) -> LoyaltyCard:
    """Balance and its worth, next expiry, card with its level, vouchers still open."""
    return LoyaltyCard(
        points=points_summary(client, rules),
        card=card_of(client),
        vouchers=list(open_vouchers(client, today)),
    )
