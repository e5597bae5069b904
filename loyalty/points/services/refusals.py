"""Writing down what was asked for and not given (practices.md, P30)."""

from datetime import datetime

from crm.booking.models import Appointment
from crm.people.models import Client
from crm.sales.models import Sale
from crm.team.models import Branch, User
from loyalty.points.models import RefusedBenefit

# what fits beside a code
TYPED = 60
WORDS = 200


def note_refused(
    *,
    kind: str,
    place: str,
    reason: str,
    now: datetime,
    words: str = "",
    typed: str = "",
    client: Client | None = None,
    branch: Branch | None = None,
    appointment: Appointment | None = None,
    sale: Sale | None = None,
    user: User | None = None,
    key: str = "",
) -> None:
    """Notes a refused benefit for the owner; with a `key` once for it. One query.

    `kind` and `place` are RefusedBenefit's, `reason` a short word that stays the same, such as a Voucher.Refusal.
    To be called where the refusal's own transaction does not take the note back with it.
    """
    row = RefusedBenefit(
        kind=kind,
        place=place,
        reason=reason,
        words=str(words)[:WORDS],
        typed=typed.strip()[:TYPED],
        client=client,
        branch=branch or (client.branch if client is not None else None),
        appointment=appointment,
        sale=sale,
        user=user,
        at=now,
        key=key or None,
    )
    RefusedBenefit.objects.bulk_create([row], ignore_conflicts=bool(key))
