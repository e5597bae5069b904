"""Signed links for clients: short, bound to one purpose, and over at a date (trust.md, S2 and S3).

A token names the purpose, the client, what it is about and its last day; a signature with a salt of that
purpose makes it worthless for any other. It is a key to one small door, so 96 bits of signature are plenty,
and an SMS has room for it.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache

from django.conf import settings
from django.core import signing
from django.core.signing import b62_decode, b62_encode
from django.urls import reverse
from django.utils.crypto import salted_hmac

EPOCH = date(2020, 1, 1)
SIGNATURE_BYTES = 12
LONGEST = 100


class Door(StrEnum):
    """What a link opens. What it is about: an appointment, a message, an offer, a place on the waiting list,
    a result card, a campaign that invites, a complaint, a visit, an order, or nothing but the client."""

    APPOINTMENT = "a"
    OFFER = "o"
    FEEDBACK = "f"
    ANSWER = "q"
    PREFERENCES = "p"
    UNSUBSCRIBE = "u"
    HOME = "h"
    WAITING = "w"
    CARD = "c"
    LISTED = "l"
    RESULT = "r"
    EVENT = "e"
    COMPLAIN = "k"
    COMPLAINT = "m"
    SCORE = "s"
    ORDER = "g"


# days after the sending on which a link still opens
DAYS = {
    Door.APPOINTMENT: 30,
    Door.OFFER: 120,
    Door.FEEDBACK: 60,
    Door.ANSWER: 30,
    Door.PREFERENCES: 365,
    # an old letter must still be able to stop the next one
    Door.UNSUBSCRIBE: 1100,
    Door.HOME: 180,
    Door.WAITING: 60,
    Door.CARD: 180,
    Door.LISTED: 60,
    # shown at home until long after the next visit
    Door.RESULT: 365,
    # an invitation may go out long before
    Door.EVENT: 365,
    # from the foot of any letter, old ones too
    Door.COMPLAIN: 365,
    Door.COMPLAINT: 180,
    # on her telephone while she stands at the till
    Door.SCORE: 7,
    # from its acceptance until long after the hand-over
    Door.ORDER: 180,
}


class LinkRefused(Exception):
    """The link does not open."""


class LinkBroken(LinkRefused):
    """Changed, cut off, or made for another purpose."""


class LinkExpired(LinkRefused):
    """It was good once; `key` is what it said, and is believed for nothing but the language."""

    def __init__(self, key: "Key") -> None:
        super().__init__()
        self.key = key


@dataclass(frozen=True, slots=True)
class Key:
    """What a token says. `subject` is the key of what it is about, 0 where that is nothing but the client."""

    door: Door
    client_id: int
    subject: int
    until: date


class ShortSigner(signing.Signer):
    def signature(self, value: str, key: str | bytes | None = None) -> str:
        whole = salted_hmac(f"{self.salt}signer", value, key or self.key, algorithm="sha256").digest()
        return b62_encode(int.from_bytes(whole[:SIGNATURE_BYTES], "big"))


def signer(door: Door) -> ShortSigner:
    return ShortSigner(salt=f"reminders.links.{door.name.lower()}", sep=".")


def make_token(*, door: Door, client_id: int, subject: int = 0, today: date, until: date | None = None) -> str:
    """A token that opens up to and including `until` (none: as long as its kind does)."""
    last = until or today + timedelta(days=DAYS[door])
    days = max(0, (last - EPOCH).days)
    return signer(door).sign(f"{door}{b62_encode(client_id)}-{b62_encode(subject)}-{b62_encode(days)}")


def read_token(token: str, *, today: date, door: Door | None = None) -> Key:
    """What a token says. Raises LinkBroken (also where it is for another door) or LinkExpired."""
    if len(token) > LONGEST or not token.isascii():
        raise LinkBroken
    try:
        found = Door(token[:1])
        value = signer(found).unsign(token)
        client_id, subject, days = (b62_decode(part) for part in value[1:].split("-"))
    except (ValueError, signing.BadSignature):
        raise LinkBroken
    key = Key(found, client_id, subject, EPOCH + timedelta(days=days))
    if door is not None and found != door:
        raise LinkBroken
    if today > key.until:
        raise LinkExpired(key)
    return key


def open_url(*, door: Door, client_id: int, subject: int = 0, today: date, until: date | None = None) -> str:
    """The whole address that goes into a message."""
    token = make_token(door=door, client_id=client_id, subject=subject, today=today, until=until)
    return settings.PUBLIC_URL + _path("my:open").format(token)


def stop_url(*, client_id: int, subject: int, today: date) -> str:
    """The address for mail programs that unsubscribe by themselves (RFC 8058)."""
    token = make_token(door=Door.UNSUBSCRIBE, client_id=client_id, subject=subject, today=today)
    return settings.PUBLIC_URL + _path("my:stop").format(token)


@lru_cache
def _path(view: str) -> str:
    """Where a token goes in the path of a page: four of them stand in each letter."""
    return reverse(view, args=["TOKEN"]).replace("TOKEN", "{}")


STOPS = [(purpose, channel) for purpose in ("care", "marketing", "service") for channel in ("email", "sms")]
# behind the others: links that are out there keep their number
STOPS += [(purpose, "chat") for purpose in ("care", "marketing", "service")]


def stop_subject(purpose: str, channel: str) -> int:
    """What an unsubscribe link is about, as a number."""
    return STOPS.index((purpose, channel)) + 1


def stopped_by(subject: int) -> tuple[str, str]:
    """(purpose, channel) of an unsubscribe link."""
    if not 1 <= subject <= len(STOPS):
        raise LinkBroken
    return STOPS[subject - 1]


def slot_code(starts_at: datetime, master_id: int) -> str:
    """A free slot as a few letters of an address; no secret, and checked again when it is taken."""
    return f"{b62_encode(int(starts_at.timestamp()) // 60)}-{b62_encode(master_id)}"


def read_slot_code(code: str) -> tuple[datetime, int] | None:
    """(start, master's key) of a slot; none where it is not one."""
    minutes, _, master = code.partition("-")
    if not (0 < len(minutes) <= 6 and 0 < len(master) <= 8 and f"{minutes}{master}".isalnum() and code.isascii()):
        return None
    return datetime.fromtimestamp(b62_decode(minutes) * 60, tz=UTC), b62_decode(master)
