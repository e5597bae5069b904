"""Points for rebooking on the spot: promised, then given or gone with the appointment's state (rules.md, Points)."""

from datetime import date, datetime, timedelta

from django.db import transaction

from crm.booking.models import Appointment, AppointmentEvent
from crm.people.models import Client
from loyalty.points.earning import EarningRules
from loyalty.points.models import EarningRule, LedgerEntry, LoyaltySettings, PendingGrant
from loyalty.points.selectors import earning_rules
from loyalty.points.services.ledger import account_of, grant_points, lock_balance

Status = Appointment.Status
# bookings by link on the day of a visit are found by the tick within this time
LOOK_BACK = timedelta(days=2)


@transaction.atomic
def promise_rebooking(
    *,
    client: Client,
    appointment: Appointment,
    on: date,
    now: datetime,
    rules: LoyaltySettings,
    account_id: int | None = None,
    earning: EarningRules | None = None,
) -> None:
    """Promises the points for a visit booked on the day `on` of another one; once per visit day.

    How many is settled here: a rule that the owner changes later touches no promise.
    """
    if not rules.rebooking_on or not rules.rebooking_points:
        return
    earning = earning or earning_rules(appointment.branch, on)
    points = earning.points(EarningRule.Kind.REBOOKING, rules.rebooking_points)
    if not points:
        return
    promise = PendingGrant(
        key=rebooking_key(client.pk, on),
        account_id=account_id or account_of(client, now=now).pk,
        points=points,
        kind=LedgerEntry.Kind.REBOOKING,
        appointment=appointment,
        promised_at=now,
    )
    # promised before: the key is unique, and the first promise stands
    PendingGrant.objects.bulk_create([promise], ignore_conflicts=True)


def rebooking_key(client_id: int, on: date) -> str:
    return f"rebooking {client_id} {on}"


def promise_rebookings(*, now: datetime, rules: LoyaltySettings) -> int:
    """Promises what was booked on the spot by other doors than the checkout; gives how many."""
    if not rules.rebooking_on:
        return 0
    booked = list(
        Appointment.objects.filter(rebooked_on_spot=True, booked_at__gt=now - LOOK_BACK, booked_on__isnull=False)
        .exclude(status=Status.CANCELLED)
        .select_related("client", "branch")
        .order_by("booked_at", "pk")
    )
    keys = {rebooking_key(each.client_id, each.booked_on): each for each in reversed(booked) if each.booked_on}
    known = set(PendingGrant.objects.filter(key__in=keys).values_list("key", flat=True))
    missing = [appointment for key, appointment in keys.items() if key not in known]
    for appointment in missing:
        if appointment.booked_on:
            promise_rebooking(
                client=appointment.client, appointment=appointment, on=appointment.booked_on, now=now, rules=rules
            )
    return len(missing)


def settle_pending(*, now: datetime, rules: LoyaltySettings) -> int:
    """Gives, moves or drops what is pending, by the state of its appointment; gives how many changed.

    Done: given. Cancelled by her or missed: gone. Cancelled by the salon: waits for the replacement
    and goes with it. What can still be undone at the desk waits.
    """
    undoable = AppointmentEvent.objects.filter(
        kind__in=[AppointmentEvent.Kind.CANCELLED, AppointmentEvent.Kind.NO_SHOW],
        undone_at__isnull=True,
        held_until__gt=now,
    )
    over = (
        PendingGrant.objects.filter(
            state=PendingGrant.State.PENDING, appointment__status__in=[Status.DONE, Status.CANCELLED, Status.NO_SHOW]
        )
        .exclude(appointment__in=undoable.values("appointment"))
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    return sum(settle_one(pending_id=pk, now=now, rules=rules) for pk in list(over))


@transaction.atomic
def settle_one(*, pending_id: int, now: datetime, rules: LoyaltySettings) -> bool:
    """Settles one promise if its time has come; two clocks at once settle it once."""
    pending = PendingGrant.objects.select_related("account__client__branch", "appointment").get(pk=pending_id)
    lock_balance(pending.account)
    pending.refresh_from_db(fields=["state"])
    if pending.state != PendingGrant.State.PENDING:
        return False
    appointment = pending.appointment
    if appointment.status == Status.DONE:
        grant_points(
            client=pending.account.client,
            points=pending.points,
            kind=pending.kind,
            source=f"appointment {appointment.pk}",
            key=f"pending {pending.pk}",
            now=now,
            rules=rules,
        )
        return _close(pending, PendingGrant.State.GRANTED, now)
    if appointment.status == Status.CANCELLED and appointment.cancelled_by == Appointment.By.SALON:
        replacement = replacement_of(appointment)
        if replacement is None:
            return False
        pending.appointment = replacement
        pending.save(update_fields=["appointment"])
        return True
    return _close(pending, PendingGrant.State.VANISHED, now)


def replacement_of(appointment: Appointment) -> Appointment | None:
    """What was booked for the client once the salon had cancelled: the earliest that was not cancelled itself."""
    return (
        Appointment.objects.filter(client=appointment.client_id, booked_at__gte=appointment.cancelled_at)
        .exclude(status=Status.CANCELLED)
        .exclude(pk=appointment.pk)
        .order_by("booked_at", "pk")
        .first()
    )


def _close(pending: PendingGrant, state: str, now: datetime) -> bool:
    pending.state, pending.settled_at = state, now
    pending.save(update_fields=["state", "settled_at"])
    return True
