"""Reads of clubs: who should be in, which clubs a client is in, what they give her."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Max, OuterRef, Q, QuerySet, Subquery, Sum

from crm.booking.models import Visit
from crm.people.models import Client
from crm.reports.selectors.standing import On, stages_on
from crm.sales.models import Sale
from crm.team.models import Branch
from loyalty.clubs.models import Club, ClubMember

Rule = Club.Rule


@dataclass(frozen=True, slots=True)
class ClubDiscount:
    """A club's closed offer: a percentage off services; of these (their keys), or of all where empty."""

    percent: int
    services: frozenset[int]
    name: str
    expires_on: date | None
    club_id: int


def club_now() -> dict[str, Any]:
    """What a query of clients is annotated with: the name of a club she is in, if she is in one."""
    names = ClubMember.objects.filter(client=OuterRef("pk"), until__isnull=True, club__is_active=True)
    return {"club_name": Subquery(names.order_by("club__name", "club").values("club__name")[:1])}


@dataclass(frozen=True, slots=True)
class ClubBenefits:
    """What her clubs give her at a checkout: the best closed offer, and the earning rules (their keys) that hold."""

    discount: ClubDiscount | None = None
    rules: frozenset[int] = frozenset()


def club_benefits_of(client: Client, branch: Branch, today: date) -> ClubBenefits:
    """Both at once: one query for who is in no club, three for a member."""
    clubs = list(
        Club.objects.filter(
            Q(branch=branch) | Q(branch__isnull=True),
            is_active=True,
            pk__in=ClubMember.objects.filter(client=client, until__isnull=True).values("club"),
        ).prefetch_related("services", "rules")
    )
    offers = sorted(
        (club for club in clubs if club.percent and is_offered(club, today)),
        key=lambda club: (-club.percent, club.offer_until or date.max, club.pk),
    )
    rules = frozenset(rule.pk for club in clubs for rule in club.rules.all())
    if not offers:
        return ClubBenefits(None, rules)
    best = offers[0]
    services = frozenset(service.pk for service in best.services.all())
    return ClubBenefits(ClubDiscount(best.percent, services, best.name, best.offer_until, best.pk), rules)


def is_offered(club: Club, today: date) -> bool:
    """Whether the day lies in the window of its offer, both days included."""
    return (club.offer_from or today) <= today <= (club.offer_until or today)


def extra_days_of(client: Client | None) -> int:
    """How many days further ahead than everybody she books by herself, by the best of her clubs. One query."""
    if client is None or client.pk is None:
        return 0
    best = Club.objects.filter(
        is_active=True, pk__in=ClubMember.objects.filter(client=client, until__isnull=True).values("club")
    ).aggregate(days=Max("extra_days"))
    return best["days"] or 0


def to_be_kept(today_at_most: date) -> QuerySet[Club]:
    """Clubs whose members were not worked out yet on the latest date anywhere."""
    return (
        Club.objects.filter(is_active=True)
        .filter(Q(kept_on__isnull=True) | Q(kept_on__lt=today_at_most))
        .select_related("branch")
        .order_by("pk")
    )


def who_belongs(club: Club, *, today: date, now: datetime) -> set[int]:
    """The clients (their keys) who are in on a day, by the owner's rule and by her hand."""
    chosen = dict(club.choices.values_list("client", "is_in"))
    found = _by_rule(club, today, now)
    return (found | {client for client, is_in in chosen.items() if is_in}) - {
        client for client, is_in in chosen.items() if not is_in
    }


def _by_rule(club: Club, today: date, now: datetime) -> set[int]:
    match club.rule:
        case Rule.REVENUE:
            return _first_by_revenue(club, today)
        case Rule.VISITS:
            return _often_here(club, today)
        case Rule.STAGE:
            return _of_stage(club, now)
        case _:
            return set()


def _first_by_revenue(club: Club, today: date) -> set[int]:
    """The first so many percent of the clients who paid in the days up to and including today.

    Counted as the report is (`report pareto`): by money paid, a part of a client counts as one.
    """
    sales = Sale.objects.filter(client__isnull=False, on__gt=today - timedelta(days=club.days), on__lte=today)
    if club.branch_id is not None:
        sales = sales.filter(branch=club.branch_id)
    paying = list(
        sales.exclude(client__status__in=[Client.Status.DECEASED, Client.Status.BLOCKED])
        .values("client")
        .annotate(revenue=Sum("paid"))
        .filter(revenue__gt=0)
        .order_by("-revenue", "client")
        .values_list("client", flat=True)
    )
    return set(paying[: -(-len(paying) * club.top_percent // 100)])


def _often_here(club: Club, today: date) -> set[int]:
    visits = Visit.objects.filter(on__gt=today - timedelta(days=club.days), on__lte=today)
    if club.branch_id is not None:
        visits = visits.filter(branch=club.branch_id)
    return set(
        visits.exclude(client__status__in=[Client.Status.DECEASED, Client.Status.BLOCKED])
        .values("client")
        .annotate(days=Count("pk"))
        .filter(days__gte=club.min_visits)
        .order_by()
        .values_list("client", flat=True)
    )


def _of_stage(club: Club, now: datetime) -> set[int]:
    wanted = {"advocate"} if club.stage == Club.Stage.ADVOCATE else {"regular", "advocate"}
    here = None
    if club.branch_id is not None:
        here = set(Client.objects.filter(branch=club.branch_id).values_list("pk", flat=True))
    return {entry.client.pk for entry, stage in stages_on(On.of(None, now), only=here) if stage in wanted}
