"""Keeping clubs: once a day, in sets; only who joins and who leaves is written (practices.md, P29)."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction

from crm.people.models import Client
from crm.team.models import Branch
from crm.team.selectors import branch_day
from loyalty.clubs.models import Club, ClubChoice, ClubMember
from loyalty.clubs.selectors import to_be_kept, who_belongs

CHUNK = 2_000


@dataclass(frozen=True, slots=True)
class Kept:
    """How many came in and how many went."""

    joined: int
    left: int


def keep_clubs(*, now: datetime) -> int:
    """Works out the members of each club once on each branch day; gives how many clubs were kept.

    After a night without the clock it is caught up with the first tick.
    """
    kept = 0
    for club in to_be_kept((now + timedelta(hours=14)).date()):
        today = today_of(club, now)
        if club.kept_on is None or club.kept_on < today:
            keep_club(club=club, today=today, now=now)
            kept += 1
    return kept


@transaction.atomic
def keep_club(*, club: Club, today: date, now: datetime) -> Kept:
    """Who belongs comes in, who does not goes; the others are not touched. Two clocks at once keep it once."""
    club = Club.objects.select_for_update(of=("self",)).get(pk=club.pk)
    there = dict(ClubMember.objects.filter(club=club, until__isnull=True).values_list("client", "pk"))
    belongs = who_belongs(club, today=today, now=now)
    joining = sorted(belongs - there.keys())
    leaving = sorted(pk for client, pk in there.items() if client not in belongs)
    ClubMember.objects.bulk_create(
        [ClubMember(club=club, client_id=client, since=today) for client in joining], batch_size=CHUNK
    )
    for start in range(0, len(leaving), CHUNK):
        ClubMember.objects.filter(pk__in=leaving[start : start + CHUNK]).update(until=today)
    Club.objects.filter(pk=club.pk).update(kept_on=today)
    return Kept(len(joining), len(leaving))


def today_of(club: Club, now: datetime) -> date:
    """The day of its branch; of the whole salon's that of the branch that was first."""
    branch = club.branch or Branch.objects.filter(is_active=True).order_by("pk").first()
    return branch_day(branch, now) if branch is not None else now.date()


@transaction.atomic
def join_clubs(*, kept: Client, aside: Client, today: date) -> None:
    """Two cards of one client become one: in a club that both are in she is since the earlier day, and once.

    Of the owner's own will about both the one about the card that stays holds. The caller holds both clients.
    """
    inside = {
        member.club_id: member for member in ClubMember.objects.filter(client=kept, until__isnull=True).order_by("pk")
    }
    for member in ClubMember.objects.filter(client=aside).order_by("pk"):
        if member.until is None and (hers := inside.get(member.club_id)):
            hers.since, member.since = min(hers.since, member.since), max(hers.since, member.since)
            hers.save(update_fields=["since"])
            member.until = max(today, member.since)
        member.client = kept
        member.save(update_fields=["client", "since", "until"])
    ClubChoice.objects.filter(client=aside).exclude(
        club__in=ClubChoice.objects.filter(client=kept).values("club")
    ).update(client=kept)
