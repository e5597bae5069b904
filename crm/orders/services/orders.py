"""An order from its acceptance to the hand-over, told stage by stage (practices.md, P35)."""

from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from crm.booking.services.step import lock_client
from crm.catalogue.models import Product, StockMove
from crm.catalogue.services import Moved, move_stock
from crm.orders.models import Order, OrderEvent
from crm.people.models import Client
from crm.people.services.changes import note_change
from crm.sales.models import Sale
from crm.team.models import Branch, User
from crm.team.selectors import branch_day, salon_settings

Stage, Kind = Order.Stage, OrderEvent.Kind
# what is done at the desk and may be a slip; an acceptance is called off, a hand-over is a receipt and is returned
UNDOABLE = (Kind.ORDERED, Kind.ON_THE_WAY, Kind.ARRIVED, Kind.CALLED_OFF, Kind.LATE)


class OrderRefused(Exception):
    """The order cannot be changed like this. `words` say why, for the desk."""

    words: str | Promise = _("This order cannot be changed like this.")

    def __str__(self) -> str:
        return str(self.words)


class PromiseInThePast(OrderRefused):
    words = _("Promise her a day that is still to come.")


class SameDay(OrderRefused):
    words = _("She has been promised this day already. Choose another one.")


class ReasonNotSaid(OrderRefused):
    words = _("Say why it takes longer: she reads it.")


class StageTaken(OrderRefused):
    words = _("Somebody has moved this order on meanwhile. Look once more.")


class NotReadyYet(OrderRefused):
    words = _("It is handed over at the till when it has arrived.")


class PrepaidAlready(OrderRefused):
    words = _("Something is paid ahead for this order already.")


class UndoIsOver(OrderRefused):
    words = _("Too late to take it back: she has been told, or something else has happened since.")


@transaction.atomic
def accept_order(
    *,
    client: Client,
    product: Product,
    branch: Branch,
    quantity: int,
    price: Decimal,
    promised_on: date,
    now: datetime,
    user: User | None,
    note: str = "",
    key: str | None = None,
) -> Order:
    """Takes an order; she is told at once. The same key again gives the first one. Raises PromiseInThePast."""
    lock_client(client.pk)
    if key and (done := Order.objects.filter(key=key).first()):
        return done
    today = branch_day(branch, now)
    if promised_on < today:
        raise PromiseInThePast
    order = Order.objects.create(
        branch=branch,
        client=client,
        product=product,
        quantity=quantity,
        price=price,
        promised_on=promised_on,
        first_promised_on=promised_on,
        note=note,
        accepted_at=now,
        accepted_on=today,
        accepted_by=user,
        key=key,
    )
    _write(order, Kind.ACCEPTED, now=now, user=user)
    return order


@transaction.atomic
def advance(*, order: Order, stage: str, now: datetime, user: User | None, is_booked_in: bool = False) -> OrderEvent:
    """The order has come to a later stage up to *arrived*; stages in between may be left out.

    Arrived by itself it comes onto the shelf, unless its delivery was booked in (`is_booked_in`). Raises StageTaken
    where it stands there already or further, NotReadyYet for a stage that the till reaches.
    """
    order = _locked(order)
    if stage not in Order.OPEN:
        raise NotReadyYet
    if order.stage not in Order.OPEN or Order.WAY.index(Stage(stage)) <= Order.WAY.index(Stage(order.stage)):
        raise StageTaken
    took_in = order.quantity if stage == Stage.ARRIVED and not is_booked_in else 0
    event = _step(order, stage, now=now, user=user, took_in=took_in)
    if took_in:
        _move(order, took_in, StockMove.Kind.DELIVERY, now=now, user=user)
    return event


@transaction.atomic
def promise_anew(*, order: Order, promised_on: date, reason: str, now: datetime, user: User | None) -> OrderEvent:
    """The promised day slips: she is told the new one and why.

    Raises StageTaken, PromiseInThePast, SameDay, ReasonNotSaid.

    A day earlier than promised is no slip, but she hears of it in the same way.
    """
    order = _locked(order)
    if order.stage not in Order.COMING:
        raise StageTaken
    if promised_on < branch_day(order.branch, now):
        raise PromiseInThePast
    if promised_on == order.promised_on:
        raise SameDay
    if not reason.strip():
        raise ReasonNotSaid
    event = _write(
        order,
        Kind.LATE,
        now=now,
        user=user,
        reason=reason.strip()[:200],
        promised_before=order.promised_on,
        promised_after=promised_on,
    )
    Order.objects.filter(pk=order.pk).update(promised_on=promised_on)
    return event


@transaction.atomic
def call_off(*, order: Order, reason: str, now: datetime, user: User | None) -> OrderEvent:
    """The order is no more; what has arrived stays on the shelf. Raises StageTaken."""
    order = _locked(order)
    if order.stage not in Order.OPEN:
        raise StageTaken
    return _step(order, Stage.CALLED_OFF, now=now, user=user, reason=reason.strip()[:200])


@transaction.atomic
def hand_over(*, order: Order, sale: Sale, now: datetime, user: User | None) -> OrderEvent:
    """She has it: the receipt is written, the order is over. Raises NotReadyYet, StageTaken."""
    order = _locked(order)
    if order.stage == Stage.HANDED_OVER or order.client_id != sale.client_id:
        raise StageTaken
    if order.stage != Stage.ARRIVED:
        raise NotReadyYet
    event = _step(order, Stage.HANDED_OVER, now=now, user=user)
    Order.objects.filter(pk=order.pk).update(sale=sale)
    return event


@transaction.atomic
def note_prepaid(*, order: Order, amount: Decimal, code: str, now: datetime, user: User | None) -> None:
    """So much is paid ahead; the till keeps it under this code. Raises StageTaken, PrepaidAlready."""
    order = _locked(order)
    if order.stage not in Order.OPEN:
        raise StageTaken
    if order.prepaid:
        raise PrepaidAlready
    Order.objects.filter(pk=order.pk).update(prepaid=amount, prepaid_code=code)
    _write(order, Kind.PREPAID, now=now, user=user)


def undo_ends_at(event: OrderEvent) -> datetime | None:
    """Until when this step can be taken back; none if it cannot, or its message has been let go."""
    return event.held_until if event.kind in UNDOABLE and event.undone_at is None else None


@transaction.atomic
def undo_step(*, event: OrderEvent, now: datetime, user: User | None) -> Order:
    """The order as it was before its last step; her message is not sent. Raises UndoIsOver."""
    order = _locked(event.order)
    event = OrderEvent.objects.get(pk=event.pk)
    ends_at = undo_ends_at(event)
    happened = order.events.filter(undone_at__isnull=True).exclude(kind__in=(Kind.UNDONE, Kind.PREPAID))
    last = happened.order_by("-at", "-pk").first()
    if ends_at is None or now >= ends_at or last is None or last.pk != event.pk:
        raise UndoIsOver
    OrderEvent.objects.filter(pk=event.pk).update(undone_at=now)
    changes: dict[str, object] = {"stage": event.stage_before, "ended_at": None, "ended_on": None}
    if event.promised_before is not None:
        changes["promised_on"] = event.promised_before
    Order.objects.filter(pk=order.pk).update(**changes)
    if event.took_in:
        _move(order, -event.took_in, StockMove.Kind.CORRECTION, now=now, user=user, reason=str(_("Taken back.")))
    _write(order, Kind.UNDONE, now=now, user=user)
    order.refresh_from_db()
    return order


@transaction.atomic
def tell_now(*, event: OrderEvent, now: datetime) -> bool:
    """Lets the held message go; the step can no longer be taken back. False if it was not held any more."""
    held = OrderEvent.objects.filter(pk=event.pk, undone_at__isnull=True, held_until__gt=now)
    if not held.update(held_until=now):
        return False
    note_change([event.order.client_id])
    return True


def _locked(order: Order) -> Order:
    """The order as it is, behind its client's lock."""
    lock_client(order.client_id)
    return Order.objects.select_for_update(of=("self",)).select_related("branch", "product", "client").get(pk=order.pk)


def _step(
    order: Order, stage: str, *, now: datetime, user: User | None, reason: str = "", took_in: int = 0
) -> OrderEvent:
    """Writes the stage down and puts the order there."""
    event = _write(order, stage, now=now, user=user, reason=reason, took_in=took_in)
    ended = {} if stage in Order.OPEN else {"ended_at": now, "ended_on": branch_day(order.branch, now)}
    Order.objects.filter(pk=order.pk).update(stage=stage, **ended)
    return event


def _write(order: Order, kind: str, *, now: datetime, user: User | None, **fields: object) -> OrderEvent:
    minutes = salon_settings().undo_minutes if kind in UNDOABLE else 0
    event = OrderEvent.objects.create(
        order=order,
        kind=kind,
        at=now,
        user=user,
        stage_before=order.stage,
        held_until=now + timedelta(minutes=minutes) if minutes else None,
        **fields,
    )
    note_change([order.client_id])
    return event


def _move(order: Order, quantity: int, kind: str, *, now: datetime, user: User | None, reason: str = "") -> None:
    move_stock(
        moves=[Moved(order.product, quantity, kind)], now=now, user=user, source=f"order {order.pk}", reason=reason
    )
