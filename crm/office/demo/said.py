"""What the demo salon has said to its clients already, so that opening it sends nothing old."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random

from django.db.models import QuerySet

from crm.booking.models import AppointmentEvent
from crm.office.demo import SEED
from crm.office.demo.rows import Planned, Rows
from crm.orders.models import Order, OrderEvent
from crm.people.models import Client
from crm.team.models import User
from crm.team.selectors import branch_day
from reminders.journeys.facts import Facts
from reminders.journeys.models import Journey
from reminders.journeys.occasions import Occasion, occasion_of_start
from reminders.journeys.playing import LATE, Going, Play
from reminders.journeys.selectors.loading import Loader, rules
from reminders.journeys.services.planning import watch_everybody
from reminders.messages.models import Kind, Message, MessageEvent

# no kind may go later than this after its day
LONGEST = timedelta(days=31)
REMINDED_DAYS = 60


def switch_all_on(*, owner: User, now: datetime) -> None:
    """In the demo the owner has looked at the forecast and switched everything on."""
    for kind in Kind.values:
        Journey.objects.update_or_create(
            kind=kind,
            defaults={"is_on": True, "on_since": now, "forecast_seen_at": now, "switched_by": owner},
        )


def write_down(clients: QuerySet[Client], *, until: datetime, now: datetime) -> int:
    """Whatever would have gone before `until` counts as sent at its own moment; gives how many messages."""
    figures = rules()
    rows: list[Message] = []
    contacts = {pk: {"email": email, "sms": phone} for pk, email, phone in clients.values_list("pk", "email", "phone")}
    loader = Loader(as_of=now)
    for facts in loader.load(list(clients.values_list("pk", flat=True))):
        for going in Play(facts, figures, until - LONGEST).run(until):
            if going.is_held_back:
                continue
            address = contacts[facts.client].get(going.channel, "")
            rows.extend(_sent(facts, going, occasion, address) for occasion in going.occasions)
    return _keep(rows)


def _sent(facts: Facts, going: Going, occasion: Occasion, address: str) -> Message:
    return Message(
        client_id=facts.client,
        branch_id=facts.branch,
        kind=occasion.kind,
        purpose=occasion.purpose,
        occasion=occasion.key,
        reason=occasion.reason,
        state=Message.State.SENT,
        appointment_id=occasion.appointment,
        visit_on=occasion.visit_on,
        send_at=going.at,
        not_after=max(occasion.not_after, going.at),
        planned_at=going.at,
        channel=going.channel,
        address=address,
        language=facts.language,
        sent_at=going.at,
        sent_on=going.at.astimezone(facts.branch_zone).date(),
        provider="demo",
    )


def remember_reminders(rows: Rows, done: Sequence[Planned], *, now: datetime) -> int:
    """The reminders of the last weeks' visits."""
    rng = Random(f"{SEED} reminders")
    messages = []
    for planned in done:
        appointment, client = planned.appointment, planned.guest.client
        at = appointment.starts_at - timedelta(hours=24)
        if now - at > timedelta(days=REMINDED_DAYS) or at >= now or appointment.booked_at > at:
            continue
        if not client.email or rng.random() < 0.1:
            continue
        messages.append(
            Message(
                client=client,
                branch=rows.branch,
                kind=Kind.REMINDER_24H,
                purpose="service",
                occasion=occasion_of_start(appointment.starts_at),
                state=Message.State.DELIVERED,
                appointment=appointment,
                send_at=at,
                not_after=appointment.starts_at - timedelta(hours=3),
                planned_at=at,
                channel="email",
                language=client.language,
                address=client.email,
                sent_at=at,
                sent_on=at.astimezone(rows.zone).date(),
                provider="demo",
            )
        )
    return _keep(messages)


def remember_bad_day(events: Sequence[AppointmentEvent]) -> int:
    """Who heard, minutes after it was said, that her master is ill."""
    messages = []
    for event in events:
        appointment, client = event.appointment, event.appointment.client
        at = max(event.at, event.held_until or event.at)
        messages.append(
            Message(
                client=client,
                branch=appointment.branch,
                kind=Kind.MASTER_ILL,
                purpose="service",
                occasion=f"{occasion_of_start(appointment.starts_at)}/{event.pk}",
                state=Message.State.DELIVERED,
                appointment=appointment,
                event=event,
                send_at=at,
                not_after=appointment.starts_at,
                planned_at=at,
                channel="email",
                language=client.language,
                address=client.email,
                sent_at=at,
                sent_on=branch_day(appointment.branch, at),
                provider="demo",
            )
        )
    return _keep(messages)


def remember_orders(orders: Sequence[Order]) -> int:
    """Who ordered something has heard of each step of it."""
    messages = []
    steps = OrderEvent.objects.filter(order__in=orders, kind__in=[*Order.Stage.values, OrderEvent.Kind.LATE])
    for step in steps.select_related("order__client", "order__branch").order_by("at", "pk"):
        client, branch = step.order.client, step.order.branch
        at = max(step.at, step.held_until or step.at)
        messages.append(
            Message(
                client=client,
                branch=branch,
                kind=Kind.ORDER_LATE if step.kind == OrderEvent.Kind.LATE else Kind.ORDER_STAGE,
                purpose="service",
                occasion=f"{step.order_id}/{step.pk}",
                state=Message.State.DELIVERED,
                send_at=at,
                not_after=at + timedelta(days=14),
                planned_at=at,
                channel="email",
                language=client.language,
                address=client.email,
                sent_at=at,
                sent_on=branch_day(branch, at),
                provider="demo",
            )
        )
    return _keep(messages)


def look_ahead(*, now: datetime) -> None:
    """From here on the worker looks after everybody; what was to go within the last hour still goes."""
    watch_everybody(now=now - LATE)


def _keep(rows: list[Message]) -> int:
    known = set(
        Message.objects.filter(client__in={row.client_id for row in rows}).values_list("client_id", "kind", "occasion")
    )
    new = []
    for row in rows:
        key = (row.client_id, row.kind, row.occasion)
        if key not in known:
            known.add(key)
            new.append(row)
    Message.objects.bulk_create(new, batch_size=500)
    MessageEvent.objects.bulk_create(
        [MessageEvent(message=row, state=row.state, at=row.sent_at) for row in new], batch_size=500
    )
    return len(new)
