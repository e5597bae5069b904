"""The rooms' tasks, gathered for Celery."""

from crm.sales.tasks import *  # noqa: F403
