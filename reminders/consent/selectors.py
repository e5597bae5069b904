"""Reads of what clients allow, and of the owner's rules of manners."""

from datetime import time

from crm.people.models import Client
from crm.team.once import read_once
from reminders.consent.models import Channel, ContactPermission, MessageSettings, NarrowedWindow, Purpose
from reminders.consent.windows import MIDNIGHT, Narrowing, Windows


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


def is_allowed(permission: ContactPermission, purpose: str, channel: str) -> bool:
    """Whether this channel may be used for this purpose, dead addresses apart."""
    if purpose == Purpose.CARE and permission.care_refused:
        return False
    if channel == Channel.CALL and purpose == Purpose.SERVICE:
        return True
    return bool(getattr(permission, f"{purpose}_{channel}", False))
