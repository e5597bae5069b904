"""The doorbell of what providers do not tell by themselves. May be rung twice or by two at once."""

from celery import shared_task
from django.utils import timezone

from reminders.messages.reports import ask_providers


@shared_task(name="reminders.ask_providers")
def ask_providers_task() -> int:
    """Asks how SMS fared whose provider has no webhook."""
    return ask_providers(now=timezone.now())
