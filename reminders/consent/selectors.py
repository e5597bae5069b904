"""Reads of what clients allow, and of the owner's rules of manners."""

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta

from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Coalesce, Lower

from crm.people.models import Client
from crm.people.selectors import former_codes
from crm.team.once import read_once
from reminders.consent.lapsing import ConsentRules, ends_at, months_before
from reminders.consent.models import Channel, ConsentEvent, ContactPermission, MessageSettings, NarrowedWindow, Purpose
from reminders.consent.windows import MIDNIGHT, Narrowing, Windows

# who comes every month is asked once or twice before a yes ends
ASKED_AHEAD = timedelta(days=60)


@read_once
def message_settings() -> MessageSettings:
    """The one row of rules; the defaults where nobody has saved any."""
    return MessageSettings.objects.filter(pk=1).first() or MessageSettings(pk=1)


@read_once
def windows_in_use() -> Windows:
    """When messages may go out by a client's clock, narrowed as the owner wants it."""
    settings = message_settings()
    narrowed = tuple(
        Narrowing(
            weekday=row.weekday,
            first_on=row.first_on,
            last_on=row.last_on,
            begins=row.begins or time.min,
            ends=row.ends or MIDNIGHT,
            is_only=row.how == NarrowedWindow.How.ONLY,
        )
        for row in NarrowedWindow.objects.order_by("pk")
    )
    return Windows(opens=settings.quiet_until, closes=settings.quiet_from, narrowed=narrowed)


def permission_of(client: Client) -> ContactPermission:
    """What she allows; what nobody has written down is the default."""
    return ContactPermission.objects.filter(client=client).first() or ContactPermission(client=client)


def consent_rules() -> ConsentRules:
    """For what consent is asked, and how long it holds."""
    settings = message_settings()
    return ConsentRules(
        care_first=settings.care_first, care_months=settings.care_months, marketing_months=settings.marketing_months
    )


def agreed_at(permission: ContactPermission, purpose: str, channel: str) -> datetime | None:
    """When she last agreed to it; none where nobody knows."""
    return getattr(permission, f"{purpose}_{channel}_at", None)


def is_in_force(permission: ContactPermission, purpose: str, channel: str, at: datetime) -> bool:
    """Whether what she allows may be used at this instant: a yes that has ended is none."""
    since = agreed_at(permission, purpose, channel)
    return is_allowed(permission, purpose, channel) and consent_rules().holds(purpose, since, at)


@dataclass(frozen=True, slots=True)
class Ending:
    """A yes that ends soon, or has ended; `ends_at` is none where nobody knows since when it was."""

    purpose: str
    channel: str
    ends_at: datetime | None
    has_ended: bool


def endings(permission: ContactPermission, at: datetime) -> list[Ending]:
    """Of what she allows, what has to be asked for anew by now: at her next visit or on her page, never by a message."""
    rules, found = consent_rules(), []
    for purpose in (Purpose.CARE, Purpose.MARKETING):
        months = rules.months(purpose)
        for channel in (Channel.EMAIL, Channel.SMS, Channel.CHAT) if months else ():
            since = agreed_at(permission, purpose, channel)
            if months is None or not is_allowed(permission, purpose, channel):
                continue
            last = ends_at(since, months) if since else None
            if last is None or last <= at + ASKED_AHEAD:
                found.append(Ending(purpose, channel, last, last is None or last <= at))
    return found


def agreed_to_offers(at: datetime) -> dict[str, Q]:
    """The same of many, for offers: by channel, the permissions whose yes holds at this instant. One query."""
    months = consent_rules().months(Purpose.MARKETING)
    since = months_before(at, months) if months else None
    return {
        channel: Q(**{f"marketing_{channel}": True}) & (Q(**{f"marketing_{channel}_at__gt": since}) if since else Q())
        for channel in (Channel.EMAIL, Channel.SMS)
    }


def is_allowed(permission: ContactPermission, purpose: str, channel: str) -> bool:
    """What she has said last, or the default; that a yes may have ended, and dead addresses, apart."""
    if purpose == Purpose.CARE and permission.care_refused:
        return False
    if channel == Channel.CALL and purpose == Purpose.SERVICE:
        return True
    return bool(getattr(permission, f"{purpose}_{channel}", False))


def stopped_addresses() -> dict[tuple[str, str], set[str]]:
    """By channel and address (mail without case), for which purposes somebody said no and has not said yes since."""
    stopped: dict[tuple[str, str], set[str]] = defaultdict(set)
    for channel, address in ((Channel.EMAIL, Lower("email")), (Channel.SMS, F("phone"))):
        for purpose in (Purpose.CARE, Purpose.MARKETING):
            # an address that stands on a card put aside is hers too
            person = Coalesce(OuterRef("merged_into"), OuterRef("pk"))
            refused = ConsentEvent.objects.filter(client=person, purpose=purpose, channel=channel, is_given=False)
            agrees = ContactPermission.objects.filter(**{"client": person, f"{purpose}_{channel}": True})
            if purpose == Purpose.CARE:
                agrees = agrees.filter(care_refused=False)
            found = Client.everyone.annotate(address=address).filter(Exists(refused), ~Exists(agrees))
            for each in found.exclude(address="").values_list("address", flat=True):
                stopped[channel, each].add(purpose)
    return dict(stopped)


@dataclass(frozen=True, slots=True)
class Refusal:
    """A no as it was said, by the client's code."""

    client: str
    purpose: str
    channel: str
    at: datetime
    user_name: str
    text_shown: str


def refusals_since(at: datetime) -> list[Refusal]:
    """What was refused after this instant and is refused still: the last word on each purpose and channel."""
    last: dict[tuple[str, str, str], Refusal | None] = {}
    events = ConsentEvent.objects.filter(at__gt=at).order_by("at", "pk")
    for event in events.select_related("client").iterator():
        refusal = Refusal(event.client.code, event.purpose, event.channel, event.at, event.user_name, event.text_shown)
        last[refusal.client, refusal.purpose, refusal.channel] = None if event.is_given else refusal
    refused = [refusal for refusal in last.values() if refusal is not None]
    # a copy made before two cards became one knows her by both numbers
    former = former_codes()
    return [*refused, *(replace(each, client=code) for each in refused for code in former.get(each.client, ()))]
