"""The rooms' tasks, gathered for Celery."""

from crm.booking.tasks import *  # noqa: F403
from crm.care.tasks import *  # noqa: F403
from crm.sales.tasks import *  # noqa: F403
