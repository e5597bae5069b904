"""What a transport takes, what it gives back, and the three ways in which it can fail."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file that goes along with a mail."""

    name: str
    content: bytes
    content_type: str
    # of the content type: {"method": "REQUEST"}
    parameters: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """One message, ready to go. `html`, `subject`, `headers` and `attachments` are the mail's only.

    The key is the message's for ever: the same key is the same message, however often it is tried.
    """

    channel: str
    to: str
    text: str
    idempotency_key: str
    subject: str = ""
    html: str = ""
    language: str = "en"
    sender_name: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    attachments: tuple[Attachment, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """The provider has it. `cost` is none where the provider does not say."""

    provider: str
    provider_id: str
    parts: int = 1
    cost: Decimal | None = None


class Fate(StrEnum):
    """What a provider reports later; `SENT` is not the end yet."""

    SENT = "sent"
    DELIVERED = "delivered"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A delivery report."""

    provider_id: str
    fate: Fate
    detail: str = ""
    address_is_dead: bool = False
    cost: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What a client wrote back."""

    sender: str
    text: str
    provider_id: str = ""
    at: datetime | None = None


class TransportFailure(Exception):
    """A message did not go, or nobody knows; `reason` is for the desk and holds no secret."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = " ".join(reason.split())[:300]


class TemporaryFailure(TransportFailure):
    """It has certainly not gone and may be tried again, not before `retry_after` seconds where one is given."""

    def __init__(self, reason: str, *, retry_after: int | None = None) -> None:
        super().__init__(reason)
        self.retry_after = retry_after


class PermanentFailure(TransportFailure):
    """It has certainly not gone and never will. `address_is_dead`: because of the address, not of the letter."""

    def __init__(self, reason: str, *, address_is_dead: bool) -> None:
        super().__init__(reason)
        self.address_is_dead = address_is_dead


class UnknownFate(TransportFailure):
    """It was handed over and no answer came: it may have gone (trust.md, Messages)."""
