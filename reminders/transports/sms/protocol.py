"""What every SMS provider can do, and how its settings are read."""

from typing import Protocol
from urllib.parse import SplitResult, parse_qsl, unquote

from django.core.exceptions import ImproperlyConfigured

from reminders.transports.outgoing import Accepted, Reply, Report
from reminders.transports.sms.hook import Call

# shorter ones are guessed
SHORTEST_KEY = 20


class Provider(Protocol):
    """One provider of SMS.

    `takes_key`: the same key sent twice is one SMS. `is_asked`: it tells nothing by itself, so `poll_status`
    is asked. `hooks_by_get`: its reports come by GET. `thanks`: what it wants to read when it was heard.
    """

    name: str
    takes_key: bool
    hooks_by_get: bool
    thanks: str

    @property
    def is_asked(self) -> bool: ...

    def send(self, *, to: str, text: str, key: str) -> Accepted:
        """Hand over; raises TemporaryFailure, PermanentFailure or UnknownFate."""
        ...

    def parse_webhook(self, call: Call) -> list[Report | Reply]:
        """What the provider tells us; raises WebhookRefused where it is not the provider who tells."""
        ...

    def poll_status(self, provider_id: str, *, to: str) -> Report | None:
        """How an SMS fared; none where the provider does not say. Raises as `send` does."""
        ...


class Quiet:
    """The manners of most providers, for an adapter to begin from."""

    takes_key = False
    hooks_by_get = False
    thanks = ""
    callback = ""

    def poll_status(self, provider_id: str, *, to: str) -> Report | None:
        return None

    @property
    def is_asked(self) -> bool:
        """Asked is who can be asked and was not told where to report."""
        return not self.callback and type(self).poll_status is not Quiet.poll_status


def options(url: SplitResult, *, allowed: frozenset[str], needed: frozenset[str]) -> dict[str, str]:
    """The settings behind the question mark, only those that this provider knows."""
    found = dict(parse_qsl(url.query, keep_blank_values=True))
    if unknown := found.keys() - allowed - needed:
        raise ImproperlyConfigured(
            f"SMS_URL has a setting that {url.scheme} does not know: {', '.join(sorted(unknown))}."
        )
    if missing := {name for name in needed if not found.get(name)}:
        raise ImproperlyConfigured(f"SMS_URL lacks {', '.join(sorted(missing))}.")
    return found


def login(url: SplitResult) -> tuple[str, str]:
    """User and password of an address, as they were before they were quoted."""
    return unquote(url.username or ""), unquote(url.password or "")


def key_of(callback: str, *, scheme: str) -> str:
    """The secret in the address that a provider calls which signs nothing: `.../hooks/NAME/?key=SECRET`."""
    if not callback:
        return ""
    key = dict(parse_qsl(callback.partition("?")[2])).get("key", "")
    if len(key) < SHORTEST_KEY:
        raise ImproperlyConfigured(
            f"SMS_URL: {scheme} signs nothing, so its callback needs ?key= with {SHORTEST_KEY} random characters."
        )
    return key
