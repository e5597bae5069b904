"""A master's calendar at an address of its own: signed, and dead as soon as it is revoked."""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.core import signing
from django.db import transaction
from django.db.models import Q

from crm.booking.models import CalendarFeed
from crm.booking.services.holding import lock_masters
from crm.team.models import Master, User

SIGNER = signing.Signer(salt="calendar-feed", sep=".")
# calendars of elsewhere look a few times an hour
SEEN_AGAIN = timedelta(hours=1)


def feed_token(feed: CalendarFeed) -> str:
    """What stands in the address; worth nothing without the signature, or once the feed is revoked."""
    return SIGNER.sign(feed.nonce.hex)


@transaction.atomic
def open_feed(*, master: Master, now: datetime, user: User | None = None) -> CalendarFeed:
    """A new address for this master's calendar; the one before is dead from now on."""
    lock_masters([master.pk])
    revoke_feed(master=master, now=now)
    return CalendarFeed.objects.create(master=master, nonce=uuid4(), created_at=now, created_by=user)


def revoke_feed(*, master: Master, now: datetime) -> bool:
    """Whoever still has the address sees nothing any more; False if there was none."""
    return bool(CalendarFeed.objects.filter(master=master, revoked_at__isnull=True).update(revoked_at=now))


def feed_behind(token: str) -> CalendarFeed | None:
    """The feed of an address: signed by us, not revoked, and its master works here (trust.md, S12)."""
    try:
        nonce = UUID(hex=SIGNER.unsign(token))
    except (signing.BadSignature, ValueError):
        return None
    return (
        CalendarFeed.objects.select_related("master__branch", "master__user")
        .filter(nonce=nonce, revoked_at__isnull=True, master__is_active=True)
        .filter(Q(master__user__isnull=True) | Q(master__user__is_active=True))
        .first()
    )


def note_read(*, feed: CalendarFeed, now: datetime) -> None:
    """That somebody still reads it, to the hour."""
    CalendarFeed.objects.filter(pk=feed.pk).filter(Q(read_at__isnull=True) | Q(read_at__lt=now - SEEN_AGAIN)).update(
        read_at=now
    )
