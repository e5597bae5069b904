"""How a client can be reached, and by which clock she lives."""

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from crm.people.models import Client
from crm.team.models import Branch
from reminders.consent.models import Channel, ContactPermission, Purpose
from reminders.consent.selectors import agreed_at
from reminders.consent.windows import Narrowing
from reminders.journeys.facts import Contact
from reminders.transports.services import can_reach

CHANNELS = (Channel.EMAIL, Channel.SMS, Channel.CALL, Channel.CHAT)
ASKED = (Purpose.CARE, Purpose.MARKETING)


def client_zone(client: Client, branch: Branch) -> ZoneInfo:
    """Her own zone where one is set and known, else the branch's (rules.md, Time and Quiet hours)."""
    try:
        return ZoneInfo(client.time_zone or branch.time_zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo(branch.time_zone)


def contact_of(client: Client, permission: ContactPermission) -> Contact:
    def channels(purpose: str) -> frozenset[str]:
        return frozenset(name for name in CHANNELS if getattr(permission, f"{purpose}_{name}", False))

    return Contact(
        email=bool(client.email) and permission.email_dead_at is None,
        phone=bool(client.phone) and permission.call_dead_at is None,
        sms=bool(client.phone) and permission.sms_dead_at is None,
        letter=bool(client.postal_address.strip()),
        chat=bool(client.messenger) and can_reach(client.messenger),
        preferred=client.preferred_channel,
        service=channels("service") | {"call"},
        care=channels("care"),
        care_refused=permission.care_refused,
        marketing=channels("marketing"),
        since={
            (purpose, channel): at
            for purpose in ASKED
            for channel in CHANNELS
            if (at := agreed_at(permission, purpose, channel)) is not None
        },
        hours=hours_of(permission),
    )


def hours_of(permission: ContactPermission) -> Narrowing | None:
    """The hours of every day in which she wishes to be written to; none: the salon's."""
    if permission.hours_from is None or permission.hours_until is None:
        return None
    return Narrowing(begins=permission.hours_from, ends=permission.hours_until, is_only=True)
