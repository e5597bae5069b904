"""Reads of campaigns: the one that a message is of, its words, what an invitation speaks of."""

from collections.abc import Mapping

from django.conf import settings
from django.db.models import QuerySet

from crm.people.models import Client
from crm.team.models import Branch
from crm.team.once import read_once
from reminders.campaigns.models import Campaign, CampaignText, Event, Guest


def campaign_key(occasion: str) -> int:
    """The campaign that an occasion names; 0 where it names none (a message of another system)."""
    key = occasion.rpartition("/")[2]
    return int(key) if key.isascii() and key.isdecimal() and len(key) < 16 else 0


@read_once
def texts_of(campaign: int) -> Mapping[str, CampaignText]:
    """Its words by language."""
    return {text.language: text for text in CampaignText.objects.filter(campaign=campaign)}


@read_once
def event_of(campaign: int) -> Event | None:
    """The event that a campaign invites to."""
    return Event.objects.select_related("campaign__branch").filter(campaign=campaign).first()


@read_once
def campaign_of(key: int) -> Campaign | None:
    return Campaign.objects.select_related("branch", "coupon").filter(pk=key).first()


def language_for(languages: frozenset[str] | set[str], hers: str) -> str:
    """In which of the written languages she is addressed: hers, else the salon's, else one that there is."""
    for language in (hers, settings.DEFAULT_LANGUAGE):
        if language in languages:
            return language
    return min(languages, default=settings.DEFAULT_LANGUAGE)


def place_of(event: Event, branch: Branch) -> str:
    """Where it is: as written, else the salon's address."""
    return event.place or branch.address


def campaigns_newest_first() -> QuerySet[Campaign]:
    return Campaign.objects.select_related("branch", "event", "released_by").order_by("-created_at", "-pk")


def guest_of(event: Event, client: Client) -> Guest | None:
    """Her answer, if she has given one."""
    return Guest.objects.filter(event=event, client=client).first()
