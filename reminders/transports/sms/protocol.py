"""What every SMS provider can do, and how its settings are read."""

from collections.abc import Mapping
from typing import Protocol
from urllib.parse import SplitResult, parse_qsl, unquote

from django.core.exceptions import ImproperlyConfigured

from reminders.transports.outgoing import Accepted, Reply, Report


class WebhookRefused(Exception):
    """What came to the hook is not signed by the provider, or cannot be read."""


class Provider(Protocol):
    """One provider of SMS. `takes_key`: the same key sent twice is one SMS."""

    name: str
    takes_key: bool

    def send(self, *, to: str, text: str, key: str) -> Accepted:
        """Hand over; raises TemporaryFailure, PermanentFailure or UnknownFate."""
        ...

    def parse_webhook(self, *, url: str, headers: Mapping[str, str], form: Mapping[str, str]) -> list[Report | Reply]:
        """What the provider tells us; raises WebhookRefused where it is not the provider who tells."""
        ...

    def poll_status(self, provider_id: str) -> Report | None:
        """How an SMS fared; none where the provider does not say."""
        ...


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
