"""The owner's own hand in the ledger: up or down, with a reason that stays (rules.md, Points)."""

from datetime import datetime

from django.db import transaction

from crm.people.models import Client
from crm.people.services.changes import note_change
from crm.team.models import User
from loyalty.points.models import LedgerEntry, LoyaltySettings
from loyalty.points.selectors import loyalty_settings
from loyalty.points.services.gestures import NothingGiven, NotYourDecision, refuse_own_card
from loyalty.points.services.ledger import earlier_entry, fact_of, grant_to, lock_balance_of, spend_from

Kind = LedgerEntry.Kind


def adjust_points(
    *,
    client: Client,
    points: int,
    reason: str,
    user: User,
    now: datetime,
    key: str,
    rules: LoyaltySettings | None = None,
) -> LedgerEntry:
    """Puts a balance right by so many points, up or down; a reason is asked for, and nobody adjusts her own.

    Raises NothingGiven, NotYourDecision, OwnCard, NotEnoughPoints, KeyReused.
    """
    if not points or not reason.strip():
        raise NothingGiven
    if user.role != User.Role.OWNER:
        raise NotYourDecision
    refuse_own_card(client, user, now)
    rules = rules or loyalty_settings()
    with transaction.atomic():
        balance = lock_balance_of(client, now=now)
        fact = fact_of(client, source="office", key=f"adjusted {key}", now=now, reason=reason.strip(), user=user)
        if earlier := earlier_entry(balance.account_id, fact, Kind.ADJUSTED, points):
            return earlier
        note_change([client.pk])
        if points > 0:
            return grant_to(balance, points, Kind.ADJUSTED, fact, rules)
        return spend_from(balance, -points, Kind.ADJUSTED, fact, rules)
