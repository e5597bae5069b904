"""What the clock asks of care."""

from celery import shared_task
from django.utils import timezone

from crm.care.services import lay_out_late


@shared_task(name="crm.lay_out_steps")
def lay_out_steps_task() -> None:
    """Visits that went past their list get it, so that what was not ticked counts as not done."""
    lay_out_late(now=timezone.now())
