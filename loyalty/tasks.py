"""What the clock asks of the loyalty programme."""

from celery import shared_task
from django.utils import timezone

from loyalty.cards.services import review_cards
from loyalty.clubs.services import keep_clubs
from loyalty.points.selectors import loyalty_settings
from loyalty.points.services import expire_points, grant_birthdays, grant_feedback, promise_rebookings, settle_pending
from loyalty.referrals.services import settle_claims
from loyalty.vouchers.services import expire_certificates, settle_reservations, settle_rewards


@shared_task(name="loyalty.settle")
def settle() -> None:
    """Pending points and reservations follow their appointments; points, certificates, card levels and clubs their days."""
    now, rules = timezone.now(), loyalty_settings()
    promise_rebookings(now=now, rules=rules)
    settle_pending(now=now, rules=rules)
    settle_reservations(now=now, rules=rules)
    settle_rewards(now=now)
    grant_feedback(now=now, rules=rules)
    expire_points(now=now)
    expire_certificates(now=now)
    review_cards(now=now, rules=rules)
    settle_claims(now=now, rules=rules)
    keep_clubs(now=now)


@shared_task(name="loyalty.birthdays")
def birthdays() -> None:
    """The points of who has her birthday where it is that day now."""
    grant_birthdays(now=timezone.now(), rules=loyalty_settings())
