"""The rooms' pages of the office, gathered for Django."""

from reminders.campaigns.admin import *  # noqa: F403
from reminders.consent.admin import *  # noqa: F403
from reminders.inbox.admin import *  # noqa: F403
from reminders.letters.admin import *  # noqa: F403
from reminders.messages.admin import *  # noqa: F403
