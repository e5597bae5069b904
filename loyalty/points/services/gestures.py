"""Points by hand: so many a day for each login, what goes beyond is decided by a second person (rules.md, Points)."""

from datetime import datetime
from uuid import uuid4

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from crm.people.models import Client
from crm.team.models import User
from crm.team.selectors import branch_day
from loyalty.points.models import ASKED, GestureRequest, LedgerEntry, LoyaltySettings, RefusedBenefit
from loyalty.points.selectors import bears_her_name, is_own_card, left_by_hand
from loyalty.points.services.ledger import KeyReused, account_of, grant_points
from loyalty.points.services.refusals import note_refused

Kind, State = LedgerEntry.Kind, GestureRequest.State


class GestureRefused(Exception):
    """Points cannot be given by hand so; `words` say it to the desk."""

    words = _("These points cannot be given.")

    def __str__(self) -> str:
        return str(self.words)


class GesturesOff(GestureRefused):
    words = _("Points by hand are switched off. Ask the owner.")


class NothingGiven(GestureRefused):
    words = _("How many points, and what for? Both are needed.")


class OwnCard(GestureRefused):
    words = _("Nobody gives points to herself. Ask a colleague; the owner sees who gave them.")


class NotYourDecision(GestureRefused):
    words = _("An owner decides this, and not the one who asked.")


class DecidedBefore(GestureRefused):
    words = _("This has been decided already.")


def give_gesture(
    *,
    client: Client,
    points: int,
    reason: str,
    user: User,
    now: datetime,
    rules: LoyaltySettings,
    key: str = "",
) -> LedgerEntry | GestureRequest:
    """Gives points by hand, at once up to the day's limit of this login; above it an owner is asked.

    Gives the entry, or the request where it has to wait. An owner has no limit; whoever bears the client's name
    always waits for another owner's word. The same key again gives what came of the first time. Raises
    GesturesOff, NothingGiven, OwnCard, KeyReused.
    """
    is_owner = user.role == User.Role.OWNER
    reason = reason.strip()
    if not rules.gesture_on and not is_owner:
        raise GesturesOff
    if points <= 0 or not reason:
        raise NothingGiven
    refuse_own_card(client, user, now)
    key = f"gesture {key or uuid4()}"
    with transaction.atomic():
        wait_for_login(user)
        if asked := GestureRequest.objects.filter(key=key).first():
            if (asked.account.client_id, asked.points) != (client.pk, points):
                raise KeyReused(f"{key!r} asks for {asked.points} points for another client")
            return asked
        given = LedgerEntry.objects.filter(key=key).exists()
        same = {"account__client": client, "points": points, "reason": reason, "asked_by": user, "state": State.OPEN}
        if not given and (asked := GestureRequest.objects.filter(**same).first()):
            # the page opened anew and sent once more: the same wish waits already
            return asked
        if not given and (bears_her_name(user, client) or (not is_owner and _over(client, points, user, now, rules))):
            return GestureRequest.objects.create(
                account=account_of(client, now=now), points=points, reason=reason, key=key, asked_by=user, asked_at=now
            )
        return grant_points(
            client=client,
            points=points,
            kind=Kind.GESTURE,
            source="gesture",
            key=key,
            now=now,
            reason=reason,
            user=user,
            rules=rules,
        )


def wait_for_login(user: User) -> None:
    """Two forms of one login wait for each other here, so that together they stay within the limit."""
    User.objects.select_for_update().get(pk=user.pk)


def _over(client: Client, points: int, user: User, now: datetime, rules: LoyaltySettings) -> bool:
    """Whether this would be more than the login may give on this day of the client's branch."""
    return points > left_by_hand(user, branch_day(client.branch, now), rules)


def grant_gesture(
    *, request: GestureRequest, user: User, now: datetime, rules: LoyaltySettings | None = None
) -> LedgerEntry:
    """An owner grants what another one asked for; the ledger names who asked. Asked twice it happens once.

    Raises NotYourDecision, OwnCard, DecidedBefore.
    """
    client = request.account.client
    _refuse_decision(request, client, user, now)
    with transaction.atomic():
        request = GestureRequest.objects.select_for_update().get(pk=request.pk)
        if request.entry is not None:
            return request.entry
        if request.state != State.OPEN:
            raise DecidedBefore
        entry = grant_points(
            client=client,
            points=request.points,
            kind=Kind.GESTURE,
            source=f"{ASKED}{request.pk}",
            key=request.key,
            now=now,
            reason=request.reason,
            user=request.asked_by,
            rules=rules,
        )
        _close(request, State.GRANTED, user, now, entry)
        return entry


def decline_gesture(*, request: GestureRequest, user: User, now: datetime) -> None:
    """An owner declines it; declined twice it stays declined. Raises NotYourDecision, OwnCard, DecidedBefore."""
    _refuse_decision(request, request.account.client, user, now)
    with transaction.atomic():
        request = GestureRequest.objects.select_for_update().get(pk=request.pk)
        if request.state == State.GRANTED:
            raise DecidedBefore
        if request.state == State.OPEN:
            _close(request, State.DECLINED, user, now, None)


def _close(request: GestureRequest, state: str, user: User, now: datetime, entry: LedgerEntry | None) -> None:
    request.state, request.decided_by, request.decided_at, request.entry = state, user, now, entry
    request.save(update_fields=["state", "decided_by", "decided_at", "entry"])


def _refuse_decision(request: GestureRequest, client: Client, user: User, now: datetime) -> None:
    if user.role != User.Role.OWNER or user.pk == request.asked_by_id:
        _note(client, user, now, "own_request" if user.pk == request.asked_by_id else "not_owner")
        raise NotYourDecision
    refuse_own_card(client, user, now)


def refuse_own_card(client: Client, user: User, now: datetime) -> None:
    """Outside any transaction of the verb: what was tried is seen even though nothing came of it."""
    if is_own_card(user, client):
        _note(client, user, now, "own_card")
        raise OwnCard


def _note(client: Client, user: User, now: datetime, reason: str) -> None:
    note_refused(
        kind=RefusedBenefit.Kind.GESTURE,
        place=RefusedBenefit.Place.DESK,
        reason=reason,
        now=now,
        client=client,
        user=user,
    )
