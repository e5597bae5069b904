"""A provider's call at `/hooks/<provider>/`, and whether it is the provider who calls."""

import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any


class WebhookRefused(Exception):
    """What came to the hook is not signed by the provider, is stale, or cannot be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One request. `url` is the address as the provider knows it, with what stands behind the question mark."""

    method: str
    url: str
    headers: Mapping[str, str]
    query: Mapping[str, str]
    form: Mapping[str, str]
    body: bytes
    now: datetime

    def json(self) -> Any:
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            raise WebhookRefused("This cannot be read.")

    def fields(self) -> dict[str, str]:
        """What was told by a form or by JSON, whichever the provider was asked to use."""
        if self.form:
            return dict(self.form)
        found = self.json()
        if not isinstance(found, dict):
            raise WebhookRefused("This cannot be read.")
        return {str(name): "" if value is None else str(value) for name, value in found.items()}


def check_key(call: Call, key: str) -> None:
    """For providers that sign nothing: the secret stands in the address that only they know."""
    if not key or not same(call.query.get("key", ""), key):
        raise WebhookRefused("The key in the address is not ours.")


def check_fresh(call: Call, at: datetime, *, lasts: timedelta) -> None:
    """What was signed long ago may have been listened to on its way."""
    if abs(call.now - at) > lasts:
        raise WebhookRefused("This was signed long ago.")


def same(given: str, wanted: str) -> bool:
    """In a time that tells nothing of how much of it is right."""
    return hmac.compare_digest(given.encode(), wanted.encode())
