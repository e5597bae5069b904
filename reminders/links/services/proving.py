"""A code of six digits shows that a telephone or an address is hers (trust.md, S8).

Asking and guessing are slowed: by the address, by the connection, and for the whole salon. Whether the
address is known to the salon is not looked at here, so the answer is the same for everybody.
"""

import secrets
from datetime import datetime, timedelta

import structlog
from django.db.models import F, QuerySet, Sum
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext_lazy as _

from crm.team.models import Branch
from reminders.links.models import ATTEMPTS, ContactCode
from reminders.messages.rendering import render_code
from reminders.transports.services import PermanentFailure, TransportFailure, UnknownFate, send

log = structlog.get_logger(__name__)

CODE_MINUTES = 10
# how long what was proved may be booked with
PROVED_MINUTES = 30
KEPT = timedelta(days=1)
HOUR = timedelta(hours=1)
# an SMS takes that long to arrive
PAUSE = timedelta(seconds=30)
CODES_OF_AN_ADDRESS = 5
CODES_OF_A_CONNECTION = 20
# a salon's busiest hour is far below; what is above is a machine that makes the salon pay for SMS
CODES_OF_THE_SALON = 200
GUESSES_OF_A_CONNECTION = 50


class NotProved(Exception):
    """The contact is not shown to be hers; `words` say what to do."""

    words = _("This did not work. Ask for a new code.")

    def __str__(self) -> str:
        return str(self.words)


class TooMany(NotProved):
    """Asked for or guessed too often in the last hour."""

    words = _("There were many attempts in a short time. Wait a while, or call us.")


class TooSoon(TooMany):
    """The last code has hardly had time to arrive."""

    words = _("A code went out a moment ago. Wait half a minute before you ask for another one.")


class CodeNotSent(NotProved):
    """The number or the address took nothing."""

    words = _("We could not send anything there. Look at it once more, or choose the other way.")


class WrongCode(NotProved):
    words = _("This is not the code we sent. Look at it once more.")


class CodeOver(NotProved):
    """Too old, tried too often, or of another address."""

    words = _("This code is no longer good. Ask for a new one.")


def ask_for_code(
    *, channel: str, address: str, visitor: str, language: str, branch: Branch, now: datetime
) -> ContactCode:
    """Sends a code; the row's `key` goes to the browser that asked. Raises TooMany or CodeNotSent.

    `visitor` is the connection it came by. It calls the network: not inside a transaction. She waits for it,
    so it goes now and by itself, and she hears at once if it cannot.
    """
    ContactCode.objects.filter(sent_at__lt=now - KEPT).delete()
    address_digest, visitor_digest = digest("address", f"{channel} {address}"), digest("visitor", visitor)
    lately = ContactCode.objects.filter(sent_at__gt=now - HOUR)
    if (
        lately.filter(address_digest=address_digest).count() >= CODES_OF_AN_ADDRESS
        or lately.filter(visitor_digest=visitor_digest).count() >= CODES_OF_A_CONNECTION
        or lately.count() >= CODES_OF_THE_SALON
    ):
        raise TooMany
    key, code = secrets.token_hex(16), f"{secrets.randbelow(1_000_000):06}"
    # written before it is sent: what was asked for counts, whatever becomes of it
    row = ContactCode.objects.create(
        key=key,
        address_digest=address_digest,
        visitor_digest=visitor_digest,
        code_digest=digest(key, code),
        sent_at=now,
        good_until=now + timedelta(minutes=CODE_MINUTES),
    )
    outgoing = render_code(
        channel=channel,
        to=address,
        code=code,
        minutes=CODE_MINUTES,
        language=language,
        branch=branch,
        key=f"code-{row.key}",
    )
    try:
        send(outgoing)
    except UnknownFate as error:
        # it may well have gone; she can ask for another
        log.warning("nobody knows whether a code went out", why=error.reason)
    except TransportFailure as error:
        log.warning("a code could not be sent", why=error.reason, for_good=isinstance(error, PermanentFailure))
        raise CodeNotSent from error
    return row


def refuse_too_soon(*, key: str, now: datetime) -> None:
    """Between two codes to the same browser is a pause. Raises TooSoon."""
    if ContactCode.objects.filter(key=key, sent_at__gt=now - PAUSE).exists():
        raise TooSoon


def prove(*, key: str, channel: str, address: str, code: str, visitor: str, now: datetime) -> None:
    """The code is right. Raises WrongCode, CodeOver or TooMany; each call is one attempt, also of two at once."""
    own = ContactCode.objects.filter(key=key, address_digest=digest("address", f"{channel} {address}"))
    # the count is in the update itself: many guesses at once are as many attempts
    if not own.filter(attempts__lt=ATTEMPTS, good_until__gt=now, proved_at__isnull=True).update(
        attempts=F("attempts") + 1
    ):
        raise CodeOver
    guessed = ContactCode.objects.filter(visitor_digest=digest("visitor", visitor), sent_at__gt=now - HOUR)
    if (guessed.aggregate(all=Sum("attempts"))["all"] or 0) > GUESSES_OF_A_CONNECTION:
        raise TooMany
    if not constant_time_compare(own.get().code_digest, digest(key, code)):
        raise WrongCode
    own.update(proved_at=now)


def is_proved(*, key: str, channel: str, address: str, now: datetime) -> bool:
    """Whether this browser has shown lately that this address is hers."""
    return _proved(key, channel, address, now).exists()


def proof_of(*, key: str, channel: str, address: str, now: datetime) -> ContactCode:
    """The proof, locked for the rest of the transaction, so that it is booked with once. Raises CodeOver."""
    _wait_in_line(digest("address", f"{channel} {address}"))
    found = _proved(key, channel, address, now).select_for_update(of=("self",)).select_related("appointment").first()
    if found is None:
        raise CodeOver
    return found


def _wait_in_line(address_digest: str) -> None:
    """Two browsers that have proved one address wait for each other: whom the first writes down the second finds."""
    list(ContactCode.objects.select_for_update().filter(address_digest=address_digest).order_by("pk"))


def _proved(key: str, channel: str, address: str, now: datetime) -> QuerySet[ContactCode]:
    return ContactCode.objects.filter(
        key=key,
        address_digest=digest("address", f"{channel} {address}"),
        proved_at__gt=now - timedelta(minutes=PROVED_MINUTES),
    )


def digest(salt: str, value: str) -> str:
    """Keyed with the salon's secret: a copy of the table tells neither numbers nor codes."""
    return salted_hmac(f"reminders.links.proving {salt}", value, algorithm="sha256").hexdigest()
