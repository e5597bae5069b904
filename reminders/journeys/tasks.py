"""The doorbells: planning, sending and sweeping. Each may be rung twice or by two at once."""

from time import monotonic

from celery import shared_task
from django.utils import timezone

from crm.team.heartbeat import note_beat
from reminders.journeys.services.asking import ask_people
from reminders.journeys.services.dispatch import send_for
from reminders.journeys.services.freed import end_thoughts, offer_freed_times
from reminders.journeys.services.planning import plan_due
from reminders.journeys.services.releasing import finish_campaigns
from reminders.journeys.services.switching import look_again_where_rules_changed
from reminders.messages.services import sweep as sweep_messages
from reminders.transports.services import connection_held

# one turn lasts so many seconds; the next minute goes on
TURN = 50.0
# seconds; who books while a long campaign goes out is planned for in between, and goes before what is left of it
PLANS_AGAIN = 5.0


@shared_task(name="reminders.tick")
def tick() -> int:
    """Offers freed times, plans what is due and sends it; returns how many messages were taken."""
    # the sign of life that /readyz and the doctor look for
    note_beat("worker", now=timezone.now())
    offer_freed_times(now=timezone.now())
    taken, began, is_done = 0, monotonic(), False
    with connection_held():
        while not is_done and monotonic() - began < TURN:
            plan_due(now=timezone.now())
            sent, is_done = send_for(PLANS_AGAIN, clock=timezone.now)
            taken += sent
    # last: after a night without a worker nobody's time to think ends before she has heard of it
    end_thoughts(now=timezone.now())
    return taken


@shared_task(name="reminders.sweep")
def sweep() -> int:
    """Finds messages whose sender died."""
    return sweep_messages(now=timezone.now())


@shared_task(name="reminders.ask_people")
def ask_people_task() -> int:
    """Puts on the call list who is better asked by a person."""
    return ask_people(now=timezone.now())


@shared_task(name="reminders.finish_campaigns")
def finish_campaigns_task() -> int:
    """Closes campaigns of which nothing goes any more."""
    return finish_campaigns(now=timezone.now())


@shared_task(name="reminders.look_again")
def look_again_task() -> None:
    """Looks at everybody anew where the owner's figures have changed."""
    look_again_where_rules_changed(now=timezone.now())
