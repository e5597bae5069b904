"""The doorbells of what providers do not tell by themselves, and of what the owner is told. Each may be rung twice."""

from celery import shared_task
from django.utils import timezone

from reminders.messages.colleagues import tell_of_complaints
from reminders.messages.owner import tell_of_spending
from reminders.messages.reports import ask_providers


@shared_task(name="reminders.ask_providers")
def ask_providers_task() -> int:
    """Asks how SMS fared whose provider has no webhook."""
    return ask_providers(now=timezone.now())


@shared_task(name="reminders.tell_of_spending")
def tell_of_spending_task() -> int:
    """Tells the owner when SMS are near or at the month's limit."""
    return tell_of_spending()


@shared_task(name="reminders.tell_of_complaints")
def tell_of_complaints_task() -> int:
    """Tells colleagues of complaints whose deadline is near or over."""
    return tell_of_complaints(now=timezone.now())
