"""A coupon's code typed at self-booking: what it gives there, and hanging it on the booking (practices.md, P26)."""

from dataclasses import dataclass, replace
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from crm.people.models import Client
from crm.team.selectors import branch_day
from loyalty.points.models import RefusedBenefit
from loyalty.vouchers.models import Voucher, WrongCode
from loyalty.vouchers.selectors import certificate_by_code, occasion_of, voucher_by_code, why_not
from loyalty.vouchers.services import Guesser, may_try_code, note_refused, note_wrong_code
from reminders.links.doors import Reader
from reminders.links.services.booking import Wanted
from reminders.links.services.visits import Taken, hang_on
from reminders.links.words import price_of

Refusal = Voucher.Refusal
# a code that is good, for another visit than this one: who holds it is told so
CONDITIONS = {
    Refusal.TOO_EARLY,
    Refusal.BOOKED_LATE,
    Refusal.WEEKDAY,
    Refusal.HOUR,
    Refusal.FULL_HOUR,
    Refusal.OTHER_BRANCH,
    Refusal.NOT_FIRST,
    Refusal.TOO_LITTLE,
}
# of every other one the same is said, whether there is none, it was used, or it is somebody else's (trust.md, S8)
NOTHING_HERE = _(
    "This code gives nothing here. Look at each character once more. "
    "What is in your own name comes off by itself when you pay."
)
WAIT = _("There were many wrong codes. Try again in an hour, or book without one and show it when you pay.")
A_CERTIFICATE = _("This is a gift certificate. It pays at the salon, whatever you book; leave this field empty.")
COVERS_NOTHING = _("This code is good, but not for what you have chosen.")


@dataclass(frozen=True, slots=True)
class Coupon:
    """What was typed; the voucher where it is good for this visit, else why not in words for her."""

    typed: str = ""
    voucher: Voucher | None = None
    refusal: str = ""


def read_coupon(*, typed: str, wanted: Wanted, reader: Reader, connection: str) -> Coupon:
    """Whether this code makes this visit cheaper. Wrong ones are counted, by the client and by the connection."""
    typed, now = typed.strip(), reader.now
    if not typed:
        return Coupon()
    client = reader.client if reader.client.pk else None
    door = WrongCode.Door.MY if client is not None else WrongCode.Door.BOOK
    guesser = Guesser(door, connection, client=client)
    if not may_try_code(guesser, now=now):
        return Coupon(typed, refusal=str(WAIT))
    voucher = voucher_by_code(typed)
    if voucher is None and certificate_by_code(typed) is not None:
        return Coupon(typed, refusal=str(A_CERTIFICATE))
    reason = _why_not_for(voucher, client, wanted, reader)
    if reason and reason not in CONDITIONS:
        note_wrong_code(guesser, now=now)
        return Coupon(typed, refusal=str(NOTHING_HERE))
    words = str(Refusal(reason).label) if reason else ""
    price = price_of(wanted.services, voucher, reader, wanted.branch)
    if not words and price.full is not None and price.reduced is None:
        reason, words = Refusal.COVERS_NOTHING, str(COVERS_NOTHING)
    if words:
        note_refused(
            kind=RefusedBenefit.Kind.VOUCHER,
            place=RefusedBenefit.Place.BOOKING,
            reason=reason,
            words=words,
            typed=typed,
            client=client,
            branch=wanted.branch,
            now=now,
        )
        return Coupon(typed, refusal=words)
    return Coupon(typed, voucher)


def _why_not_for(voucher: Voucher | None, client: Client | None, wanted: Wanted, reader: Reader) -> str:
    """As at the checkout of that visit. Of a stranger it shows later whether it is her first one."""
    if voucher is None:
        return Refusal.UNKNOWN
    # pressed twice: it hangs on what the first press has booked
    known = (client.pk, wanted.starts_at) if client is not None else None
    kept_for = voucher.reserved_for
    is_this = kept_for is not None and (kept_for.client_id, kept_for.starts_at) == known
    total = price_of(wanted.services, None, reader, wanted.branch).full
    reason = why_not(
        voucher,
        client_id=client.pk if client is not None else None,
        today=branch_day(wanted.branch, wanted.starts_at),
        booked_on=branch_day(wanted.branch, reader.now),
        appointment_id=voucher.reserved_for_id if is_this else None,
        occasion=occasion_of(branch=wanted.branch, now=wanted.starts_at, total=total),
    )
    return "" if client is None and reason == Refusal.NOT_FIRST else reason


def hang_coupon(*, taken: Taken, typed: str, now: datetime) -> Taken:
    """Keeps the typed code for what was just booked; it stands without it where somebody was quicker."""
    voucher = voucher_by_code(typed) if typed.strip() and taken.is_new else None
    if voucher is None or voucher.client_id not in (None, taken.appointment.client_id):
        return taken
    return replace(taken, voucher_why_not=hang_on(voucher, taken.appointment, now))
