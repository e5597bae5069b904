"""What the clock asks of booking."""

from celery import shared_task
from django.utils import timezone

from crm.booking.services.passing import refresh_passed


@shared_task(name="crm.refresh_passed")
def refresh_passed_task() -> None:
    """Appointments whose hour has passed are no longer the next ones."""
    refresh_passed(now=timezone.now())
