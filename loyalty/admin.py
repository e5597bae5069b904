"""The rooms' pages of the office, gathered for Django."""

from loyalty.amends.admin import *  # noqa: F403
from loyalty.cards.admin import *  # noqa: F403
from loyalty.clubs.admin import *  # noqa: F403
from loyalty.gifts.admin import *  # noqa: F403
from loyalty.partners.admin import *  # noqa: F403
from loyalty.points.admin import *  # noqa: F403
from loyalty.referrals.admin import *  # noqa: F403
from loyalty.vouchers.admin import *  # noqa: F403
