"""What the clock and the pages ask of the office."""

from celery import shared_task
from django.utils import timezone

from crm.office.uploads.services import run_imports


@shared_task(name="office.run_imports")
def run_imports_task() -> None:
    """Looks through and takes in the files that owners have uploaded."""
    run_imports(now=timezone.now())
