"""The rooms' tasks, gathered for Celery."""

from reminders.journeys.tasks import *  # noqa: F403
from reminders.messages.tasks import *  # noqa: F403
