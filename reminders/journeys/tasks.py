"""The doorbells: planning, sending and sweeping. Each may be rung twice or by two at once."""

from celery import shared_task
from django.utils import timezone

from crm.team.heartbeat import note_beat
from reminders.journeys.services.dispatch import send_due
from reminders.journeys.services.planning import plan_due
from reminders.messages.services import sweep as sweep_messages

# one turn takes no more than this many batches; the next minute goes on
BATCHES = 100


@shared_task(name="reminders.tick")
def tick() -> int:
    """Plans what is due and sends it; returns how many messages were taken."""
    note_beat("worker", now=timezone.now())
    plan_due(now=timezone.now())
    taken = 0
    for _batch in range(BATCHES):
        sent = send_due(now=timezone.now())
        taken += sent
        if not sent:
            break
    return taken


@shared_task(name="reminders.sweep")
def sweep() -> int:
    """Finds messages whose sender died."""
    return sweep_messages(now=timezone.now())
