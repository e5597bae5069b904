"""What was asked for at the checkout and not given, written down for the owner (practices.md, P30)."""

from django.http import HttpRequest
from django.utils import timezone

from crm.desk.checkout.forms import Draft
from crm.desk.checkout.till import Till
from crm.team.connection import connection_of
from loyalty.checkout.selectors import Quote
from loyalty.points.models import RefusedBenefit
from loyalty.vouchers.codes import read_code
from loyalty.vouchers.models import Voucher, WrongCode
from loyalty.vouchers.services import Guesser, note_refused, note_wrong_code


def guesser_of(request: HttpRequest) -> Guesser:
    """Whose wrong codes are counted at the desk: the login's."""
    return Guesser(WrongCode.Door.DESK, connection_of(request), user=request.user)


def note_refusals(request: HttpRequest, till: Till, draft: Draft, receipt: Quote) -> None:
    """Writes down what was shown and not taken; a code that nobody has issued counts as a guess (practices.md, P30).

    So does a certificate that is not there, though the page itself never sends one.
    """
    known = {share.certificate.code for share in receipt.certificates} | {refused.code for refused in receipt.refused}
    for _guess in set(draft.certificates) - known:
        note_wrong_code(guesser_of(request), now=timezone.now())
    for refused in receipt.refused:
        if refused.reason == Voucher.Refusal.UNKNOWN:
            note_wrong_code(guesser_of(request), now=timezone.now())
        if refused.was_shown:
            note_of(request, till, draft, refused.kind, refused.reason, refused.words, refused.code)


def note_of(request: HttpRequest, till: Till, draft: Draft, kind: str, reason: str, words: str, code: str = "") -> None:
    """One refusal of this form, once however often it is worked out."""
    code = kept_code(code)
    note_refused(
        kind=kind,
        place=RefusedBenefit.Place.CHECKOUT,
        reason=reason,
        words=words,
        typed=code,
        client=till.client,
        branch=till.branch,
        appointment=till.appointment,
        user=request.user,
        now=timezone.now(),
        key=f"{draft.key} {code} {reason}",
    )


def kept_code(typed: str) -> str:
    """What was typed, if it is or may be a code: letters and figures with a figure among them. A name is not kept."""
    if (code := read_code(typed)) is not None:
        return code
    code = "".join(sign for sign in typed.upper() if not sign.isspace() and sign != "-")
    is_code = code.isascii() and code.isalnum() and any(sign.isdigit() for sign in code)
    return code[:20] if is_code else ""
