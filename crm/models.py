"""The rooms' models, gathered for Django."""

from crm.booking.models import *  # noqa: F403
from crm.care.models import *  # noqa: F403
from crm.catalogue.models import *  # noqa: F403
from crm.orders.models import *  # noqa: F403
from crm.people.models import *  # noqa: F403
from crm.sales.models import *  # noqa: F403
from crm.team.models import *  # noqa: F403
