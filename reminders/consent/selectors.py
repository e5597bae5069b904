"""Reads of what clients allow, and of the owner's rules of manners."""

from crm.people.models import Client
from crm.team.once import read_once
from reminders.consent.models import Channel, ContactPermission, MessageSettings, Purpose


@read_once
def message_settings() -> MessageSettings:
    """The one row of rules; the defaults where nobody has saved any."""
    return MessageSettings.objects.filter(pk=1).first() or MessageSettings(pk=1)


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
