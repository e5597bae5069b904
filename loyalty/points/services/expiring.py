"""What the clock does with points whose days are over, and that she was told (rules.md, Points, Validity)."""

from datetime import date, datetime, timedelta

from django.db import transaction

from crm.people.models import Client
from crm.team.selectors import branch_day
from loyalty.points.models import PointsAccount, PointsLot
from loyalty.points.selectors import loyalty_settings
from loyalty.points.services.ledger import expire_lots, lock_balance


@transaction.atomic
def record_notice(*, client: Client, expires_on: date, now: datetime) -> None:
    """The client was told that these points expire; called when the message has gone."""
    PointsLot.objects.filter(
        account__client=client, expires_on=expires_on, remaining__gt=0, noticed_at__isnull=True
    ).update(noticed_at=now)


def expire_points(*, now: datetime) -> int:
    """Expires whatever is over, each client by her home branch's day; gives the points that went."""
    rules = loyalty_settings()
    # the earliest zone is 14 hours ahead; who is not there yet is left out by her own day
    latest = (now + timedelta(hours=14)).date()
    accounts = (
        PointsAccount.objects.filter(lots__remaining__gt=0, lots__expires_on__lte=latest)
        .select_related("client__branch")
        .distinct()
        .order_by("pk")
    )
    gone = 0
    for account in accounts:
        with transaction.atomic():
            today = branch_day(account.client.branch, now)
            gone += expire_lots(lock_balance(account), today, now, rules)
    return gone
