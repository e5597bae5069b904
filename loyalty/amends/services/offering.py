"""Solutions to choose from, at least two, and whoever has to agree first (practices.md, P31)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from crm.care.models import Complaint, ComplaintEvent, ComplaintOption
from crm.care.services import ComplaintRefused
from crm.care.services.complaints import note_answered, record
from crm.catalogue.models import Service
from crm.people.services import note_change
from crm.sales.models import Sale
from crm.sales.selectors import returnable
from crm.sales.services import ReturnFact
from crm.team.models import User
from crm.team.selectors import salon_settings
from loyalty.amends.selectors import given_in, may_decide, needs_a_second, percent_of_visit, price_of
from loyalty.gifts.models import Gift
from loyalty.points.selectors import bears_her_name, is_own_card, loyalty_settings

Event, Kind, State = ComplaintEvent.Kind, ComplaintOption.Kind, ComplaintOption.State
STANDING = (State.WAITING, State.OFFERED)
AT_LEAST = 2
ZERO = Decimal(0)


class AmendsRefused(ComplaintRefused):
    """It cannot be made up for like this; `words` say why."""

    words = _("This cannot be given like this.")


class OfferTwo(AmendsRefused):
    words = _("Offer her a choice of at least two.")


class SayHowMuch(AmendsRefused):
    words = _("Say what it is, and how much.")


class OwnCase(AmendsRefused):
    words = _("Nobody makes up to herself. Ask a colleague.")


class NotYourDecision(AmendsRefused):
    words = _("Somebody else decides this: the reception up to its limit, else an owner, and never who offered it.")


class DecidedBefore(AmendsRefused):
    words = _("This has been decided already.")


@dataclass(frozen=True, slots=True)
class Solution:
    """One thing to offer. `kind` says which of the others is meant; `cost` only of something in one's own words."""

    kind: str
    # one form sent twice offers once
    key: str
    text: str = ""
    percent: int | None = None
    points: int | None = None
    services: Sequence[Service] = ()
    sale: Sale | None = None
    # nothing: whatever of the receipt is not returned yet
    returns: Sequence[ReturnFact] = ()
    gift: Gift | None = None
    cost: Decimal = ZERO


def offer_solutions(
    *, complaint: Complaint, solutions: Sequence[Solution], user: User, now: datetime
) -> list[ComplaintOption]:
    """Puts solutions before her; with what stands already there are at least two. She hears an answer by it.

    One above the limit of who offers it waits for a second person. The same key again is the same offer.
    Raises OfferTwo, SayHowMuch, OwnCase, ComplaintRefused once it is over.
    """
    if is_own_card(user, complaint.client):
        raise OwnCase
    with transaction.atomic():
        current = lock_complaint(complaint)
        keys = [solution.key for solution in solutions]
        known = {option.key for option in ComplaintOption.objects.filter(key__in=keys)}
        given = given_in(current)
        for solution in solutions:
            if solution.key not in known:
                _offer(current, solution, given, user, now)
        standing = current.options.filter(state__in=STANDING)
        if standing.count() < AT_LEAST and not known:
            raise OfferTwo
        note_answered(current, now)
        # she is told of it
        note_change([current.client_id])
        return list(ComplaintOption.objects.filter(key__in=keys).order_by("pk"))


def lock_complaint(complaint: Complaint) -> Complaint:
    """The case behind its lock, as it is now. Raises ComplaintRefused once it is over."""
    current = (
        Complaint.objects.select_for_update(of=("self",))
        .select_related("client", "branch", "appointment__master", "owner")
        .get(pk=complaint.pk)
    )
    if current.resolved_at is not None:
        raise ComplaintRefused
    return current


def _offer(complaint: Complaint, solution: Solution, given: Decimal, user: User, now: datetime) -> None:
    cost, returns = _cost_of(complaint, solution)
    waits = bears_her_name(user, complaint.client) or needs_a_second(
        kind=solution.kind, cost=cost, given=given, user=user, rules=salon_settings()
    )
    option = ComplaintOption.objects.create(
        complaint=complaint,
        kind=solution.kind,
        state=State.WAITING if waits else State.OFFERED,
        key=solution.key,
        text=solution.gift.name if solution.gift else solution.text.strip(),
        percent=solution.percent,
        points=solution.points,
        sale=solution.sale,
        returns=returns,
        thing=solution.gift.pk if solution.gift else None,
        cost=cost,
        offered_by=user,
        offered_at=now,
    )
    if solution.services:
        option.services.set(solution.services)
    record(complaint, Event.ASKED if waits else Event.OFFERED, now=now, user=user, text=str(option))


def _cost_of(complaint: Complaint, solution: Solution) -> tuple[Decimal, list[list[int | str]]]:
    """What it costs at most, and of a refund its lines. Raises SayHowMuch, AmendsRefused for another's receipt."""
    if solution.kind == Kind.REDO and solution.services:
        return price_of(solution.services), []
    if solution.kind == Kind.DISCOUNT and solution.percent and solution.percent <= 100:
        return percent_of_visit(complaint, solution.percent), []
    if solution.kind == Kind.POINTS and solution.points and solution.points > 0:
        return solution.points * loyalty_settings().point_value, []
    if solution.kind == Kind.GIFT and solution.gift is not None:
        if solution.gift.branch_id != complaint.branch_id:
            raise AmendsRefused
        return solution.gift.cost, []
    if solution.kind == Kind.REFUND and solution.sale is not None:
        return _refund_of(complaint, solution.sale, solution.returns)
    if solution.kind == Kind.OTHER and solution.text.strip() and solution.cost >= 0:
        return solution.cost, []
    raise SayHowMuch


def _refund_of(
    complaint: Complaint, sale: Sale, returns: Sequence[ReturnFact]
) -> tuple[Decimal, list[list[int | str]]]:
    if sale.client_id != complaint.client_id or sale.branch_id != complaint.branch_id or sale.refund_of_id is not None:
        raise AmendsRefused
    left = {part.line.pk: part for part in returnable(sale) if part.quantity > 0}
    wanted = {fact.line.pk: fact.quantity for fact in returns} or {key: part.quantity for key, part in left.items()}
    if not wanted or any(key not in left or not 0 < count <= left[key].quantity for key, count in wanted.items()):
        raise SayHowMuch
    cost = sum((left[key].amount * count / left[key].quantity for key, count in wanted.items()), ZERO)
    return cost.quantize(Decimal("0.001")), [[key, str(count)] for key, count in wanted.items()]


def agree_to_option(*, option: ComplaintOption, user: User, now: datetime) -> ComplaintOption:
    """A second person agrees: from now on she may choose it. Agreed to twice it is once.

    Raises NotYourDecision, OwnCase, DecidedBefore, ComplaintRefused once the case is over.
    """
    return _decide(option, State.OFFERED, Event.AGREED, user, now, "")


def refuse_option(*, option: ComplaintOption, user: User, now: datetime, why: str = "") -> ComplaintOption:
    """A second person does not agree: it is not offered. Raises as `agree_to_option` does."""
    return _decide(option, State.REFUSED, Event.REFUSED, user, now, why)


def _decide(option: ComplaintOption, state: str, event: str, user: User, now: datetime, why: str) -> ComplaintOption:
    if is_own_card(user, option.complaint.client):
        raise OwnCase
    with transaction.atomic():
        complaint = lock_complaint(option.complaint)
        current = ComplaintOption.objects.select_for_update().get(pk=option.pk)
        if current.state == state and current.decided_by_id == user.pk:
            return current
        if current.state != State.WAITING:
            raise DecidedBefore
        if not may_decide(user, current, given=given_in(complaint), rules=salon_settings()):
            raise NotYourDecision
        current.state, current.decided_by, current.decided_at = state, user, now
        current.save(update_fields=["state", "decided_by", "decided_at"])
        record(complaint, event, now=now, user=user, text=": ".join(filter(None, [str(current), why.strip()])))
        note_change([complaint.client_id])
        return current


def withdraw_option(*, option: ComplaintOption, user: User, now: datetime) -> None:
    """It was offered by mistake, or she does not want it; chosen ones stay. Raises DecidedBefore."""
    with transaction.atomic():
        lock_complaint(option.complaint)
        if not ComplaintOption.objects.filter(pk=option.pk, state__in=STANDING).update(state=State.DECLINED):
            raise DecidedBefore
