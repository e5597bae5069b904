"""A campaign as it is written: what, to whom, in which words, when. What has been released stays as it is."""

from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from crm.team.models import Branch, User
from reminders.campaigns.models import Campaign, CampaignText, Event
from reminders.campaigns.selectors.audience import Audience


class CampaignRefused(Exception):
    """`words` say it to the owner."""

    words = _("This cannot be done with this campaign.")

    def __str__(self) -> str:
        return str(self.words)


class AlreadyReleased(CampaignRefused):
    words = _("This campaign has been released: it is as it was then. Write another one.")


@transaction.atomic
def begin_campaign(
    *, kind: str, title: str, branch: Branch | None, user: User | None, now: datetime, holiday: str = ""
) -> Campaign:
    """A new draft."""
    return Campaign.objects.create(
        kind=kind,
        title=title,
        branch=branch,
        holiday=holiday if kind == Campaign.Kind.HOLIDAY else "",
        created_at=now,
        created_by=user,
    )


def locked_draft(campaign: Campaign) -> Campaign:
    """The campaign, held for the rest of the transaction. Raises AlreadyReleased."""
    held = Campaign.objects.select_for_update(of=("self",)).select_related("branch").get(pk=campaign.pk)
    if held.state != Campaign.State.DRAFT:
        raise AlreadyReleased
    return held


@transaction.atomic
def change_campaign(*, campaign: Campaign, **values: Any) -> Campaign:
    """What it is: title, branch, holiday, coupon, costs. Raises AlreadyReleased."""
    held = locked_draft(campaign)
    for name, value in values.items():
        setattr(held, name, value)
    held.save()
    return held


@transaction.atomic
def choose_audience(*, campaign: Campaign, audience: Audience) -> Campaign:
    """Who is meant, kept as rules: who fits them is asked at the release. Raises AlreadyReleased."""
    held = locked_draft(campaign)
    held.rules = audience.as_rules()
    held.save(update_fields=["rules"])
    return held


@transaction.atomic
def set_when(
    *, campaign: Campaign, goes_on: date, hour: time, portion: int | None, control_percent: int, fixed_costs: Decimal
) -> Campaign:
    """The day and hour by each client's clock, and whether it goes in daily portions. Raises AlreadyReleased."""
    held = locked_draft(campaign)
    held.goes_on, held.hour, held.portion = goes_on, hour, portion
    held.control_percent, held.fixed_costs = control_percent, fixed_costs
    held.save()
    return held


@transaction.atomic
def set_event(
    *, campaign: Campaign, starts_at: datetime, ends_at: datetime, place: str = "", seats: int | None = None
) -> Event:
    """When and where, and for how many. Raises AlreadyReleased."""
    held = locked_draft(campaign)
    event = Event.objects.filter(campaign=held).first() or Event(campaign=held)
    event.starts_at, event.ends_at, event.place, event.seats = starts_at, ends_at, place, seats
    event.save()
    return event


@transaction.atomic
def write_words(*, campaign: Campaign, language: str, words: Mapping[str, str]) -> CampaignText | None:
    """Its words in one language; without a subject and a letter there are none. Raises AlreadyReleased."""
    held = locked_draft(campaign)
    known = CampaignText.objects.filter(campaign=held, language=language).first()
    if not any(words.values()):
        if known is not None:
            known.delete()
        return None
    text = known or CampaignText(campaign=held, language=language)
    text.subject, text.body = words["subject"], words["body"]
    text.button, text.sms = words["button"], words["sms"]
    text.save()
    return text


@transaction.atomic
def throw_away(*, campaign: Campaign) -> None:
    """A draft that nobody needs. Raises AlreadyReleased."""
    locked_draft(campaign).delete()


@transaction.atomic
def begin_again(*, campaign: Campaign, user: User | None, now: datetime) -> Campaign:
    """A new draft with the same audience and words: last year's greeting for this year. The day is chosen anew."""
    title = str(_("%(title)s (again)")) % {"title": campaign.title}
    new = Campaign.objects.create(
        kind=campaign.kind,
        title=title[:120],
        branch=campaign.branch,
        holiday=campaign.holiday,
        hour=campaign.hour,
        portion=campaign.portion,
        rules=campaign.rules,
        control_percent=campaign.control_percent,
        fixed_costs=campaign.fixed_costs,
        created_at=now,
        created_by=user,
    )
    for text in campaign.texts.all():
        words = {name: getattr(text, name) for name in ("subject", "body", "button", "sms")}
        CampaignText.objects.create(campaign=new, language=text.language, **words)
    return new
