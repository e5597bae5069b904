"""What the clock and the pages ask of the office."""

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from crm.office.broker import purge_delivered
from crm.office.journeys.services import work_out_forecasts
from crm.office.merging.services import gather_strays
from crm.office.uploads.services import run_imports


@shared_task(name="office.run_imports")
def run_imports_task() -> None:
    """Looks through and takes in the files that owners have uploaded."""
    run_imports(now=timezone.now())


@shared_task(name="office.work_out_forecasts")
def work_out_forecasts_task() -> int:
    """Works out the looks at the days ahead that owners of large salons have asked for."""
    return work_out_forecasts(now=timezone.now())


@shared_task(name="office.gather_strays")
def gather_strays_task() -> int:
    """Moves what was written on a card at the moment at which it was put aside."""
    return gather_strays(now=timezone.now())


@shared_task(name="crm.purge_broker")
def purge_broker_task() -> None:
    """Throws away what the embedded broker has delivered."""
    purge_delivered(settings.BROKER_URL)
