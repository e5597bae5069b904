"""What the clock asks of sales."""

from celery import shared_task
from django.utils import timezone

from crm.sales.services import close_days


@shared_task(name="crm.close_days")
def close_days_task() -> None:
    """Freezes the figures of the days that are over."""
    close_days(now=timezone.now())
