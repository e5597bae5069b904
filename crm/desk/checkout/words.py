"""Sums and benefits as people say them."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from crm.booking.services import Slot
from crm.desk.words import listed, money
from crm.orders.selectors import paid_ahead_for
from crm.team.fields import smallest_unit
from crm.team.wording import date_words, isolated
from loyalty.checkout.offers import Offer
from loyalty.checkout.selectors import Followed, Quote
from loyalty.gifts.selectors import Proposal
from loyalty.vouchers.codes import read_code
from loyalty.vouchers.models import Voucher
from loyalty.vouchers.services import Share


def plain(amount: Decimal | None, currency: str) -> str:
    """A sum for a field in which it is typed: digits and a point."""
    return "" if amount is None else str(amount.quantize(smallest_unit(currency)))


@dataclass(frozen=True, slots=True)
class Benefit:
    """One benefit as a sentence, and why it was taken or not."""

    key: str
    text: str
    why: str
    lost: bool
    can_choose: bool


def benefits(receipt: Quote, currency: str, typed: str = "") -> list[Benefit]:
    """Each discount as a sentence, the applied one first; what covers nothing only where somebody showed it."""
    shown = read_code(typed)
    return [_benefit(offer, receipt, currency) for offer in receipt.offers if not offer.refusal or offer.key == shown]


def _benefit(offer: Offer, receipt: Quote, currency: str) -> Benefit:
    if offer.refusal:
        why = _("It covers nothing on this receipt.")
    elif offer.won:
        why = _why_won(receipt, currency)
    else:
        why = _why_lost(offer, receipt, currency)
    return Benefit(
        key=offer.key,
        text=name_of(offer)
        if offer.refusal
        else _("%(name)s: %(what)s") % {"name": name_of(offer), "what": what_of(offer, currency)},
        why=why,
        lost=not offer.won,
        can_choose=not offer.won and not offer.refusal,
    )


def name_of(offer: Offer) -> str:
    """“Gold card”, “Win-back voucher”, or both where the owner lets them add up."""
    names = []
    if offer.card is not None:
        names.append(str(offer.card.level))
    if offer.voucher is not None:
        names.append(voucher_name(offer.voucher))
    if offer.club is not None:
        names.append(_("Club %(name)s") % {"name": offer.club.name})
    if offer.partner is not None:
        names.append(_("Code of %(name)s") % {"name": offer.partner.name})
    return " + ".join(names)


def voucher_name(voucher: Voucher) -> str:
    return {
        Voucher.Kind.WIN_BACK: _("Win-back voucher"),
        Voucher.Kind.BIRTHDAY: _("Birthday voucher"),
        Voucher.Kind.AMENDS: _("Voucher for amends"),
        Voucher.Kind.REWARD: _("Reward"),
        Voucher.Kind.OFFER: _("Offer"),
        Voucher.Kind.GIFT: _("Gift voucher"),
    }[Voucher.Kind(voucher.kind)]


def what_of(offer: Offer, currency: str) -> str:
    """“10 % off, 6.00 less to pay”."""
    saved = money(offer.saves, currency)
    if offer.on_top is None and offer.percent:
        return _("%(percent)s %% off, saves %(sum)s") % {"percent": offer.percent, "sum": saved}
    if offer.voucher is not None and offer.voucher.benefit == Voucher.Benefit.FREE_SERVICE and offer.saves:
        return _("a free service, saves %(sum)s") % {"sum": saved}
    return _("saves %(sum)s") % {"sum": saved}


def _why_won(receipt: Quote, currency: str) -> str:
    others = [offer for offer in receipt.lost if not offer.refusal]
    if not others:
        return ""
    second = others[0]
    if second.lost_by > 0:
        return _("Better than %(other)s by %(sum)s.") % {
            "other": name_of(second),
            "sum": money(second.lost_by, currency),
        }
    if second.lost_by == 0:
        return _("Saves as much as %(other)s and would end sooner.") % {"other": name_of(second)}
    return _("Chosen by you; %(other)s would save %(sum)s more.") % {
        "other": name_of(second),
        "sum": money(-second.lost_by, currency),
    }


def _why_lost(offer: Offer, receipt: Quote, currency: str) -> str:
    if receipt.won is None:
        return _("Not used, as you chose.")
    if offer.lost_by > 0:
        return _("%(sum)s less than %(other)s.") % {
            "other": name_of(receipt.won),
            "sum": money(offer.lost_by, currency),
        }
    if offer.lost_by == 0:
        return _("Saves the same and lasts longer: kept for another time.")
    return _("%(sum)s more than %(other)s.") % {"other": name_of(receipt.won), "sum": money(-offer.lost_by, currency)}


def sums(receipt: Quote, currency: str) -> list[dict[str, object]]:
    """The rows above the total."""
    rows: list[dict[str, object]] = [{"label": _("Services and products"), "value": money(receipt.full, currency)}]
    if receipt.won is not None:
        rows.append({"label": name_of(receipt.won), "value": money(-receipt.won.saves, currency), "less": True})
    if receipt.points_used:
        rows.append(
            {
                "label": ngettext("Paid with %(points)s point", "Paid with %(points)s points", receipt.points_used)
                % {"points": receipt.points_used},
                "value": money(-receipt.points_worth, currency),
                "less": True,
            }
        )
    if receipt.certificates_pay:
        rows.append({"label": _("Gift certificate"), "value": money(-receipt.certificates_pay, currency), "less": True})
    return rows if len(rows) > 1 else []


def lowered_words(usual: Sequence[tuple[str, Decimal]], currency: str) -> list[str]:
    """“Lashes: usually 60.00.”, for each of these for which less is asked."""
    return [
        _("%(name)s: usually %(sum)s.") % {"name": isolated(name), "sum": money(price, currency)}
        for name, price in usual
    ]


def certificates(receipt: Quote, currency: str) -> list[dict[str, object]]:
    """What each gift certificate pays and keeps, as sentences; what was paid ahead for an order is called so."""
    ahead = paid_ahead_for(share.certificate.code for share in receipt.certificates)
    return [
        {
            "code": share.certificate.code,
            "text": _pays_words(share, currency, is_ahead=share.certificate.code in ahead),
            "why": _kept_words(share, currency, ahead.get(share.certificate.code, "")),
            "is_idle": not share.amount,
        }
        for share in receipt.certificates
    ]


def _pays_words(share: Share, currency: str, *, is_ahead: bool) -> str:
    told = {"sum": money(share.amount, currency)}
    if is_ahead:
        return _("Paid ahead: %(sum)s") % told if share.amount else _("Paid ahead: nothing is left for it to pay")
    return (
        _("Gift certificate pays %(sum)s") % told
        if share.amount
        else _("Gift certificate: nothing is left for it to pay")
    )


def _kept_words(share: Share, currency: str, ahead_for: str) -> str:
    """“Made out to Mila; 40.00 stays on it.” “For Shampoo; 0.00 stays on it.”"""
    left = money(share.certificate.balance - share.amount, currency)
    if ahead_for:
        return _("For %(product)s; %(sum)s stays on it.") % {"product": isolated(ahead_for), "sum": left}
    if share.certificate.made_out_to:
        return _("Made out to %(name)s; %(sum)s stays on it.") % {
            "name": isolated(share.certificate.made_out_to),
            "sum": left,
        }
    return _("%(sum)s stays on it.") % {"sum": left}


def followed_words(followed: Followed, currency: str) -> list[str]:
    """What a receipt or a refund did beside money and points, each as a sentence."""
    said = []
    ahead = paid_ahead_for(movement.certificate.code for movement in followed.certificates)
    for movement in followed.certificates:
        told = {
            "code": isolated(movement.certificate.code),
            "sum": money(abs(movement.amount), currency),
            "left": money(movement.certificate.balance, currency),
        }
        if movement.amount < 0 and movement.certificate.code in ahead:
            told["product"] = isolated(ahead[movement.certificate.code])
            said.append(_("%(sum)s was paid ahead for %(product)s; %(left)s is left of it.") % told)
        elif movement.amount < 0:
            said.append(_("Gift certificate %(code)s paid %(sum)s; %(left)s is left on it.") % told)
        else:
            said.append(_("%(sum)s went back onto gift certificate %(code)s; %(left)s is on it.") % told)
    if followed.gift is not None:
        said.append(_("Given as she left: %(gift)s.") % {"gift": isolated(followed.gift.gift.name)})
    if followed.voucher is not None:
        until = date_words(followed.voucher.valid_until, get_language() or "en")
        told = {"name": voucher_name(followed.voucher), "day": until}
        said.append(_("%(name)s: hers again, until %(day)s.") % told)
    if followed.referral:
        said.append(_("What recommending her gave to both was taken back."))
    if followed.partner:
        said.append(_("The partner's code is counted off; it stays used."))
    return said


def gift_words(proposal: Proposal) -> str:
    """Why this client, this gift."""
    if proposal.is_first_visit:
        return _("It is her first visit: she does not expect it.")
    if proposal.was_merely_satisfied:
        return _("Last time she was merely satisfied: it would please her.")
    return _("There is enough for everybody today.")


def slot_value(slot: Slot) -> str:
    """What a form sends back for this slot."""
    hands = slot.masters if len(slot.team) > 1 else slot.team
    return f"{slot.starts_at:%Y-%m-%dT%H:%M}Z {','.join(str(each.pk) for each in hands)}"


def slot_choices(slots: Sequence[Slot]) -> list[dict[str, object]]:
    """Free slots for the page; the first is the proposal."""
    return [
        {
            "value": slot_value(slot),
            "starts": slot.starts_local,
            "who": listed(each.name for each in slot.team),
            "best": place == 0,
        }
        for place, slot in enumerate(slots)
    ]
