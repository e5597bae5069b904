"""What the owner has released to these clients, and their answers to invitations: one query each, and one for words."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef

from crm.team.models import Branch
from crm.team.selectors import zone
from reminders.campaigns.models import Addressed, Campaign, CampaignText, Guest, occasion_of
from reminders.campaigns.selectors.campaigns import language_for
from reminders.journeys.drawing import Control
from reminders.journeys.facts import Facts, Posted, Seat

# a break may be long, and what is planned at its end was released before it; no news is older than this
BACK = timedelta(days=400)
OUT = (Campaign.State.RELEASED, Campaign.State.FINISHED)


def add_posted(facts: Mapping[int, Facts], *, as_of: datetime, forecasting: bool) -> None:
    """Released campaigns that mean her, the newest first: of two on one moment she gets that one."""
    rows = Addressed.objects.filter(
        client_id__in=facts, campaign__state__in=OUT, campaign__goes_on__gt=as_of.date() - BACK
    )
    if forecasting:
        rows = rows.filter(campaign__released_at__lte=as_of)
    answers = Guest.objects.filter(event__campaign=OuterRef("campaign"), client=OuterRef("client"))
    found = list(
        rows.annotate(answered=Exists(answers))
        .order_by("-campaign__goes_on", "-campaign_id")
        .values_list(
            "client_id",
            "day",
            "answered",
            "campaign_id",
            "campaign__kind",
            "campaign__goes_on",
            "campaign__hour",
            "campaign__event__starts_at",
            "campaign__control_percent",
            "campaign__seed",
        )
    )
    languages = _languages({row[3] for row in found})
    for client, day, answered, campaign, kind, goes_on, hour, starts_at, percent, seed in found:
        one = facts[client]
        if goes_on is None:
            # a released one has its day: a constraint says so
            continue
        one.posted.append(
            Posted(
                kind=kind,
                occasion=occasion_of(goes_on, campaign),
                on=goes_on + timedelta(days=day),
                hour=hour,
                language=language_for(languages[campaign], one.language),
                ends=starts_at,
                answered=answered,
                control=Control(f"campaign {campaign} {seed}", percent) if percent else None,
            )
        )


def _languages(campaigns: set[int]) -> dict[int, set[str]]:
    """In which languages each campaign is written."""
    found: dict[int, set[str]] = defaultdict(set)
    if campaigns:
        for campaign, language in CampaignText.objects.filter(campaign__in=campaigns).values_list(
            "campaign", "language"
        ):
            found[campaign].add(language)
    return found


def add_seats(
    facts: Mapping[int, Facts], branches: Mapping[int, Branch], *, as_of: datetime, forecasting: bool
) -> None:
    """Events ahead to which she comes or for which she waits."""
    guests = Guest.objects.filter(client_id__in=facts, event__starts_at__gt=as_of)
    if forecasting:
        guests = guests.filter(answered_at__lte=as_of)
    for guest in guests.exclude(state=Guest.State.NOT_COMING).select_related("event__campaign").order_by("pk"):
        one, event = facts[guest.client_id], guest.event
        here = zone(branches[event.campaign.branch_id or one.branch])
        one.seats.append(
            Seat(
                campaign=event.campaign_id,
                occasion=event.campaign.key,
                starts_at=event.starts_at,
                on=event.starts_at.astimezone(here).date(),
                coming=guest.state == Guest.State.COMING,
                answered_at=guest.answered_at,
                moved_up_at=guest.moved_up_at,
                cancelled_at=event.cancelled_at,
            )
        )
