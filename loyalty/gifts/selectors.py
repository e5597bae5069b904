"""Reads of gifts: what to propose, what is left to give, what was given."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum

from crm.booking.models import Appointment, Visit
from crm.care.models import Feedback
from crm.care.selectors import MERELY_SATISFIED
from crm.people.models import Client
from crm.team.models import Branch
from loyalty.gifts.models import Gift, GiftGiven, GiftPot
from loyalty.points.models import LoyaltySettings

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Proposal:
    """A gift to propose and why: a first visit, merely satisfied last time, or because there is enough for all."""

    gift: Gift
    is_first_visit: bool
    was_merely_satisfied: bool


def propose_gift(*, client: Client, branch: Branch, today: date, rules: LoyaltySettings) -> Proposal | None:
    """The gift to propose to this client as she leaves, if any (rules.md, Money, Gifts). At most three queries.

    Something from the stock that the pot covers: what she has had least often, of these the dearest, never what
    she got last. First visits and the merely satisfied go first: to others a gift is proposed only if the pot
    also covers one for each of those still expected today, and not again within the owner's days.
    """
    if not rules.gifts_on:
        return None
    pot = GiftPot.objects.filter(branch=branch).values("balance")
    affordable = list(
        Gift.objects.filter(branch=branch, kind=Gift.Kind.GIFT, is_active=True, stock__gt=0)
        .annotate(pot=Subquery(pot))
        .filter(cost__lte=F("pot"))
        .annotate(had=Count("given", filter=Q(given__client=client, given__taken_back_at__isnull=True)))
        .order_by("had", "-cost", "pk")
    )
    if not affordable:
        return None
    last = GiftGiven.objects.filter(client=OuterRef("pk"), kind=Gift.Kind.GIFT, taken_back_at__isnull=True).order_by(
        "-given_at", "-pk"
    )
    her = _told_apart(Client.objects.filter(pk=client.pk), today).annotate(
        last_gift=Subquery(last.values("gift")[:1]), last_gift_on=Subquery(last.values("on")[:1])
    )
    found = her.values("came_before", "last_score", "last_gift", "last_gift_on").get()
    gift = next((each for each in affordable if each.pk != found["last_gift"]), None)
    if gift is None or found["last_gift_on"] == today:
        return None
    is_first, was_seven = not found["came_before"], found["last_score"] in MERELY_SATISFIED
    if not (is_first or was_seven):
        rested = found["last_gift_on"] is None or found["last_gift_on"] <= today - timedelta(days=rules.gift_rest_days)
        cheapest = min(each.cost for each in affordable)
        if not rested or gift.pot - gift.cost < cheapest * _preferred_today(branch, client, today):
            return None
    return Proposal(gift, is_first, was_seven)


def with_gift(appointments: QuerySet[Appointment], gift_id: int) -> QuerySet[Any]:
    """Each with the cost of this gift of its branch, so that giving it need not read it first (`gift_named`)."""
    gifts = Gift.objects.filter(pk=gift_id, branch=OuterRef("branch"), kind=Gift.Kind.GIFT)
    return appointments.annotate(gift_cost=Subquery(gifts.values("cost")))


def gift_named(gift_id: int, branch: Branch, appointment: Any = None) -> Gift | None:
    """The branch's gift that a form names, as `with_gift` has read it with the appointment; else one query."""
    if not hasattr(appointment, "gift_cost"):
        return Gift.objects.filter(branch=branch, pk=gift_id).first() if gift_id else None
    cost = appointment.gift_cost
    return Gift(pk=gift_id, branch=branch, kind=Gift.Kind.GIFT, cost=cost) if cost is not None else None


def _told_apart(clients: QuerySet[Client], today: date) -> QuerySet[Client]:
    """Who came on an earlier day, and the last score of each."""
    scores = Feedback.objects.filter(client=OuterRef("pk")).order_by("-answered_at", "-pk")
    return clients.annotate(
        came_before=Exists(Visit.objects.filter(client=OuterRef("pk"), on__lt=today)),
        last_score=Subquery(scores.values("score")[:1]),
    )


def _preferred_today(branch: Branch, client: Client, today: date) -> int:
    """How many others with a first visit, or merely satisfied last time, are still expected or here today."""
    expected = Appointment.objects.filter(branch=branch, on=today, status__in=Appointment.OPEN).exclude(client=client)
    others = _told_apart(Client.objects.filter(pk__in=expected.values("client")), today)
    return others.filter(Q(came_before=False) | Q(last_score__in=MERELY_SATISFIED)).count()


def pot_of(branch: Branch) -> Decimal:
    """What is in the branch's pot."""
    return GiftPot.objects.filter(branch=branch).values_list("balance", flat=True).first() or ZERO


def gift_of_sale(sale_id: int) -> GiftGiven | None:
    """The gift that went with a receipt."""
    given = GiftGiven.objects.filter(sale=sale_id, kind=Gift.Kind.GIFT, taken_back_at__isnull=True)
    return given.select_related("gift").first()


def extras_spent(branch: Branch, today: date) -> Decimal:
    """What the branch's extras of this month have cost."""
    spent = GiftGiven.objects.filter(
        branch=branch, kind=Gift.Kind.EXTRA, on__gte=today.replace(day=1), on__lte=today, taken_back_at__isnull=True
    ).aggregate(cost=Sum("cost"))["cost"]
    return spent or ZERO


@dataclass(frozen=True, slots=True)
class Extras:
    """The extras that a branch may still give this month, what is left of its budget, what this visit has got."""

    choices: list[Gift]
    left: Decimal
    given: list[GiftGiven]


def extras_for(appointment: Appointment, *, today: date, rules: LoyaltySettings) -> Extras:
    """What the master may surprise this visit's client with (practices.md, P11): what the month's budget covers."""
    given = list(
        GiftGiven.objects.filter(appointment=appointment, kind=Gift.Kind.EXTRA, taken_back_at__isnull=True)
        .select_related("gift", "user")
        .order_by("given_at")
    )
    if not rules.extras_budget:
        return Extras([], ZERO, given)
    left = rules.extras_budget - extras_spent(appointment.branch, today)
    had = {each.gift_id for each in given}
    choices = Gift.objects.filter(branch=appointment.branch, kind=Gift.Kind.EXTRA, is_active=True, cost__lte=left)
    return Extras([each for each in choices.order_by("name") if each.pk not in had], left, given)


def got_at_visit() -> Q:
    """Of an appointment: whether she got an extra then, or a gift as she left."""
    given = GiftGiven.objects.filter(taken_back_at__isnull=True)
    return Q(Exists(given.filter(appointment=OuterRef("pk")))) | Q(
        Exists(given.filter(sale__appointment=OuterRef("pk")))
    )


def gifts_of(client: Client) -> QuerySet[GiftGiven]:
    """What she was given, the newest first."""
    given = GiftGiven.objects.filter(client=client, taken_back_at__isnull=True)
    return given.select_related("gift", "user").order_by("-given_at", "-pk")


def given_by_user(*, since: date, until: date) -> list[dict[str, Any]]:
    """How much each login gave from one day up to, not including, another: `user`, `kind`, `number`, `spent`."""
    given = GiftGiven.objects.filter(on__gte=since, on__lt=until, taken_back_at__isnull=True)
    sums = given.values("user", "kind").annotate(number=Count("pk"), spent=Sum("cost"))
    return [dict(row) for row in sums.order_by("user", "kind")]
