"""Taking over the sums of the programme that the owner agreed to."""

from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from crm.office.programme.selectors import anybody_has_points
from crm.office.programme.sums import Sums, points_for, rate_for
from loyalty.cards.models import CardLevel
from loyalty.cards.services import ensure_levels
from loyalty.points.models import LoyaltySettings
from reminders.consent.models import MessageSettings


class SumsRefused(Exception):
    """They cannot be taken over; `words` say what is in the way."""

    def __init__(self, words: object) -> None:
        super().__init__(words)
        self.words = words

    def __str__(self) -> str:
        return str(self.words)


@dataclass(frozen=True, slots=True)
class Switches:
    """What the owner switches on; cashback is on from the start and stays as it is."""

    rebooking: bool
    referral: bool
    gesture: bool


@transaction.atomic
def take_over(*, sums: Sums, switches: Switches) -> LoyaltySettings:
    """Writes the sums as the rules from the next checkout on; what was granted before stays as it is.

    What a point is worth is never changed once clients hold some. Raises SumsRefused where another level of
    cards begins at the same sum.
    """
    LoyaltySettings.objects.get_or_create(pk=1)
    rules = LoyaltySettings.objects.select_for_update().get(pk=1)
    if not anybody_has_points():
        rules.point_value = sums.point_value
    value = rules.point_value
    rules.points_per_100 = rate_for(sums.cashback, value)
    rules.rebooking_points = points_for(sums.rebooking, value)
    rules.referrer_points = points_for(sums.referrer, value)
    rules.friend_points = points_for(sums.friend, value)
    rules.gesture_daily_points = points_for(sums.gesture, value)
    rules.rebooking_on, rules.referral_on, rules.gesture_on = switches.rebooking, switches.referral, switches.gesture
    rules.save()
    MessageSettings.objects.get_or_create(pk=1)
    messages = MessageSettings.objects.select_for_update().get(pk=1)
    if messages.large_purchase_factor != sums.large:
        messages.large_purchase_factor = sums.large
        messages.save()
    move_levels(sums)
    return rules


def move_levels(sums: Sums) -> None:
    """Gold and VIP begin at these sums, as far as the owner has such levels."""
    ensure_levels()
    levels = {level.code: level for level in CardLevel.objects.select_for_update()}
    wanted = {"gold": sums.gold, "vip": sums.vip}
    others = {level.from_paid for code, level in levels.items() if code not in wanted}
    if others & set(wanted.values()):
        raise SumsRefused(_("Another level of cards begins at this sum already."))
    moved = [code for code in wanted if code in levels and levels[code].from_paid != wanted[code]]
    # the one that makes room for the other goes first: no two levels begin at one sum, not for a moment
    if len(moved) == 2 and sums.gold >= levels["vip"].from_paid:
        moved.reverse()
    for code in moved:
        levels[code].from_paid = wanted[code]
        levels[code].save(update_fields=["from_paid"])
