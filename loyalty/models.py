"""The rooms' models, gathered for Django."""

from loyalty.amends.models import *  # noqa: F403
from loyalty.cards.models import *  # noqa: F403
from loyalty.clubs.models import *  # noqa: F403
from loyalty.gifts.models import *  # noqa: F403
from loyalty.partners.models import *  # noqa: F403
from loyalty.points.models import *  # noqa: F403
from loyalty.referrals.models import *  # noqa: F403
from loyalty.vouchers.models import *  # noqa: F403
