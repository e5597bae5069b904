"""What providers tell by `/hooks/<provider>/`: how a message fared, and what somebody wrote back."""

from datetime import datetime
from hashlib import sha256

from reminders.consent.models import Channel
from reminders.inbox.services import receive
from reminders.messages.reports import record_report
from reminders.transports.services import Call, Reply, WebhookRefused, named_provider


class NobodyThere(Exception):
    """No provider of this name is set up."""


def take_in(*, name: str, call: Call, now: datetime) -> str:
    """What the provider wants to read as an answer. Raises NobodyThere or WebhookRefused.

    Told twice or out of turn it has no second effect.
    """
    provider = named_provider(name)
    if provider is None:
        raise NobodyThere(name)
    if call.method == "GET" and not provider.hooks_by_get:
        raise WebhookRefused("This provider tells by POST.")
    for told in provider.parse_webhook(call):
        if isinstance(told, Reply):
            receive(
                channel=Channel.SMS,
                sender=told.sender,
                text=told.text,
                provider=name,
                provider_id=told.provider_id or _number_of(told),
                at=told.at or now,
                now=now,
            )
        else:
            record_report(provider=name, report=told, now=now)
    return provider.thanks


def _number_of(reply: Reply) -> str:
    """A reply without a number of its own: the same words of the same sender at the same time are the same."""
    return sha256(f"{reply.sender}\n{reply.text}\n{reply.at}".encode()).hexdigest()
