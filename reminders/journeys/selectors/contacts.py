"""How a client can be reached, and by which clock she lives."""

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from crm.people.models import Client
from crm.team.models import Branch
from reminders.consent.models import ContactPermission
from reminders.journeys.facts import Contact
from reminders.transports.services import can_reach


def client_zone(client: Client, branch: Branch) -> ZoneInfo:
    """Her own zone where one is set and known, else the branch's (rules.md, Time and Quiet hours)."""
    try:
        return ZoneInfo(client.time_zone or branch.time_zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo(branch.time_zone)


def contact_of(client: Client, permission: ContactPermission) -> Contact:
    def channels(purpose: str) -> frozenset[str]:
        names = ("email", "sms", "call", "chat")
        return frozenset(name for name in names if getattr(permission, f"{purpose}_{name}", False))

    return Contact(
        email=bool(client.email) and permission.email_dead_at is None,
        phone=bool(client.phone),
        sms=bool(client.phone) and permission.sms_dead_at is None,
        letter=bool(client.postal_address.strip()),
        chat=bool(client.messenger) and can_reach(client.messenger),
        preferred=client.preferred_channel,
        service=channels("service") | {"call"},
        care=channels("care"),
        care_refused=permission.care_refused,
        marketing=channels("marketing"),
    )
