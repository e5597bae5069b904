"""Making two cards of one client one (practices.md, P1; house.md, crm/office)."""

from collections.abc import Callable, Collection
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from crm.office.merging.decisions import Way, relations
from crm.office.merging.fields import FIELDS, differences, value_of
from crm.office.merging.records import (
    join_addressed,
    join_once,
    join_reports,
    join_tags,
    join_visits,
    join_wishes,
    refuse_photographs,
    refuse_same_receipt,
)
from crm.office.merging.said import (
    join_conversations,
    join_guests,
    join_messages,
    join_permissions,
    refuse_just_sending,
    refused_on_either,
    worked_out_anew,
)
from crm.office.merging.steps import MergeRefused, Merging
from crm.people.models import Client, ClientMerge
from crm.people.services import write_search, write_tokens
from crm.team.models import User
from crm.team.selectors import branch_day, branches_of
from loyalty.cards.selectors import card_of
from loyalty.cards.services import join_cards, raise_level
from loyalty.clubs.services import join_clubs
from loyalty.points.selectors import loyalty_settings
from loyalty.points.services import PeriodClosed, join_accounts
from loyalty.referrals.selectors import is_ring
from loyalty.referrals.services import hold_claims, join_referrals
from loyalty.vouchers.services import join_vouchers
from reminders.journeys.models import Watch


def why_not(*, user: User, one: Client, other: Client, seen: Collection[int] | None = None) -> str:
    """Why this person does not make these two one, in words; empty where she may.

    `seen` are the keys of the branches that a receptionist may see, where the caller knows them.
    """
    if one.pk == other.pk:
        return _("This is one card: there is nothing to make one.")
    if user.role not in (User.Role.OWNER, User.Role.RECEPTIONIST):
        return _("The reception or the owner makes two cards one.")
    if user.role == User.Role.OWNER:
        return ""
    if seen is None:
        seen = branches_of(user).values_list("pk", flat=True)
    if not {one.branch_id, other.branch_id} <= set(seen):
        return _("One of these cards belongs to another branch. The owner makes them one.")
    return ""


def what_hinders(*, kept: Client, aside: Client, now: datetime, user: User) -> str:
    """What has to be settled on these two cards before they can be one, in words; empty where nothing is."""
    step = Merging(kept, aside, user, now, branch_day(kept.branch, now))
    try:
        # who only looks waits for nobody
        _refuse(step, hold=False)
    except MergeRefused as refused:
        return refused.words
    return ""


@transaction.atomic
def merge_clients(*, kept: Client, aside: Client, taken: Collection[str], now: datetime, user: User) -> ClientMerge:
    """The second card becomes a part of the first: all that names it moves, and it is put aside for good.

    `taken` names the fields (FIELDS) whose value comes from the card put aside; what the other leaves empty is filled
    from it anyway. Asked for twice it happens once. Raises MergeRefused, in words for the desk.
    """
    if words := why_not(user=user, one=kept, other=aside):
        raise MergeRefused(words)
    kept, aside = _held(kept.pk, aside.pk)
    if aside.merged_into_id == kept.pk:
        return ClientMerge.objects.get(aside=aside)
    if aside.merged_into_id is not None or kept.merged_into_id is not None:
        raise MergeRefused(_("One of these cards has become a part of another one meanwhile. Look for her once more."))
    step = Merging(kept, aside, user, now, branch_day(kept.branch, now))
    _refuse(step, hold=True)
    names = [each.name for each in differences(kept, aside) if each.is_filled_up or each.name in taken]
    refused = refused_on_either(step)
    stood = {name: (_address(kept, name), _address(aside, name)) for name in ("phone", "email")}
    _join_loyalty(step)
    for join in JOINS:
        join(step)
    _move(step)
    _raise_card(step)
    referrer = aside.referred_by_id if "referred_by" in names else kept.referred_by_id
    _take_over(step, names)
    contacts = {name: (_address(kept, name), *both) for name, both in stood.items()}
    join_permissions(step, refused=refused, contacts=contacts)
    _settle_referrer(step, referrer)
    _put_aside(step)
    worked_out_anew(step)
    return ClientMerge.objects.create(
        kept=kept,
        aside=aside,
        at=now,
        user=user,
        user_name=str(user)[:150],
        taken=names,
        rows={
            what: {label: keys for label, keys in sorted(found.items()) if keys}
            for what, found in (("moved", step.moved), ("stayed", step.stayed), ("gone", step.gone))
        },
    )


# so long after a merge somebody may still have had the old card in hand
LOOK_BACK = timedelta(days=2)
# after what loyalty does for itself, and before the other rows move
JOINS: tuple[Callable[[Merging], None], ...] = (
    join_once,
    join_tags,
    join_visits,
    join_wishes,
    join_reports,
    join_addressed,
    join_guests,
    join_messages,
    join_conversations,
)


def _refuse(step: Merging, *, hold: bool) -> None:
    refuse_just_sending(step, hold=hold)
    refuse_same_receipt(step)
    refuse_photographs(step)


def _held(kept_id: int, aside_id: int) -> tuple[Client, Client]:
    """Both cards, held: first what plans for them, then the claims, then the clients in one order."""
    both = [kept_id, aside_id]
    list(Watch.objects.select_for_update().filter(pk__in=both).order_by("pk"))
    hold_claims()
    held = {
        client.pk: client
        for client in Client.everyone.select_for_update(of=("self",))
        .select_related("branch", "pulse")
        .filter(pk__in=both)
        .order_by("pk")
    }
    if len(held) != len(both):
        raise MergeRefused(_("One of these cards is no longer there."))
    return held[kept_id], held[aside_id]


def _join_loyalty(step: Merging) -> None:
    who = {"kept": step.kept, "aside": step.aside}
    joined = [each for each in relations() if each.model._meta.app_label == "loyalty" and each.way == Way.JOINED]
    before = {each.label: list(each.rows(step.aside).values_list("pk", flat=True)) for each in joined}
    join_referrals(**who, now=step.now, user=step.user)
    try:
        join_accounts(**who, now=step.now, user=step.user)
    except PeriodClosed as closed:
        raise MergeRefused(str(closed)) from closed
    join_cards(**who, now=step.now, user=step.user)
    join_vouchers(**who, now=step.now, user=step.user)
    join_clubs(**who, today=step.today)
    for relation in joined:
        left = set(relation.rows(step.aside).values_list("pk", flat=True))
        step.moved[relation.label] = [pk for pk in before[relation.label] if pk not in left]
        # what is once a client and she has already (partners' codes of one day) is told apart later
        step.stayed[relation.label] = sorted(left)


def _raise_card(step: Merging) -> None:
    """What was paid on both cards may earn a higher level: up at once (rules.md, Cards)."""
    if card := card_of(step.kept):
        raise_level(card=card, client=step.kept, today=step.today, now=step.now, rules=loyalty_settings())


def _move(step: Merging) -> None:
    """Walks every relation to a client: a table that nobody has thought of moves too."""
    for relation in relations():
        rows = relation.rows(step.aside)
        if relation.way == Way.REMADE:
            rows.delete()
        elif relation.way != Way.STAYS and relation.label not in BY_HAND:
            stays = step.stayed.get(relation.label, [])
            keys = list(rows.exclude(pk__in=stays).values_list("pk", flat=True))
            if keys:
                relation.model._base_manager.filter(pk__in=keys).update(**{relation.field.attname: step.kept.pk})
            step.moved[relation.label] = [*step.moved.get(relation.label, []), *keys]


# what has one row a client, and what loyalty has settled by now
BY_HAND = {
    "reminders.ContactPermission.client",
    "crm.Client.referred_by",
    "loyalty.ReferralClaim.friend",
    "loyalty.ReferralClaim.bringer",
    "loyalty.ClubChoice.client",
}


def gather_strays(*, now: datetime) -> int:
    """What somebody wrote on a card at the very moment at which it was put aside goes where it belongs; gives how many.

    Looks at the merges of the last two days; one query where there were none.
    """
    moved = 0
    for merge in ClientMerge.objects.filter(at__gt=now - LOOK_BACK).select_related("aside").order_by("pk"):
        for relation in relations():
            if relation.way == Way.MOVED and relation.label not in BY_HAND:
                rows = relation.rows(merge.aside)
                moved += rows.update(**{relation.field.attname: merge.aside.merged_into_id})
    return moved


def _take_over(step: Merging, names: Collection[str]) -> None:
    for name in names:
        if name != "referred_by":
            for field, value in zip(FIELDS[name], value_of(step.aside, name), strict=True):
                setattr(step.kept, field, value)


def _put_aside(step: Merging) -> None:
    """Both cards say in their history what happened; the words of search go with the one that stays."""
    kept, aside = step.kept, step.aside
    aside.merged_into = kept
    write_search(kept)
    for client in (aside, kept):
        client._history_user = step.user  # type: ignore[attr-defined]
        client._history_date = step.now  # type: ignore[attr-defined]
        client._change_reason = f"{kept.code} + {aside.code}"[:100]  # type: ignore[attr-defined]
        client.save()
    write_tokens([kept.pk])


def _settle_referrer(step: Merging, referrer: int | None) -> None:
    """Who was brought by either is brought by her; nobody brings herself, nor in a ring."""
    brought = Client.everyone.filter(referred_by=step.aside).exclude(pk=step.kept.pk)
    keys = list(brought.values_list("pk", flat=True))
    Client.everyone.filter(pk__in=keys).update(referred_by=step.kept)
    step.moved["crm.Client.referred_by"] = keys
    if referrer in step.both or (referrer is not None and is_ring(step.kept.pk, referrer)):
        referrer = None
    step.kept.referred_by_id = referrer


def _address(client: Client, name: str) -> str:
    """As two addresses are compared."""
    return str(getattr(client, name)).strip().casefold()
