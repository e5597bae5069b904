"""The rooms' models, gathered for Django."""

from reminders.campaigns.models import *  # noqa: F403
from reminders.consent.models import *  # noqa: F403
from reminders.inbox.models import *  # noqa: F403
from reminders.journeys.models import *  # noqa: F403
from reminders.letters.models import *  # noqa: F403
from reminders.links.models import *  # noqa: F403
from reminders.messages.models import *  # noqa: F403
from reminders.transports.models import *  # noqa: F403
