"""The rooms' pages of the office, gathered for Django."""

from crm.booking.admin import *  # noqa: F403
from crm.care.admin import *  # noqa: F403
from crm.catalogue.admin import *  # noqa: F403
from crm.orders.admin import *  # noqa: F403
from crm.people.admin import *  # noqa: F403
from crm.sales.admin import *  # noqa: F403
from crm.team.admin import *  # noqa: F403
