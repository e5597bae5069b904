"""A letter comes in: whose it is, what it answers."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from email.utils import parseaddr

from django.db import IntegrityError, transaction

from crm.people.models import Client
from crm.people.selectors.contacts import whose_contact
from crm.team.models import Branch
from reminders.consent.models import Channel
from reminders.inbox.models import Conversation, Letter
from reminders.messages.models import Message

NUMBER = re.compile(r"(?:\+|00)?([1-9]\d{6,14})")
# what is older is hardly what she answers
ANSWERED_WITHIN = timedelta(days=30)
TEXT_LIMIT = 20_000


def receive(
    *,
    channel: str,
    sender: str,
    text: str,
    provider: str,
    provider_id: str,
    at: datetime,
    now: datetime,
    subject: str = "",
    in_reply_to: str = "",
) -> Letter | None:
    """Keeps what a client wrote, in her conversation; none if this letter (provider and its number) was there already.

    `sender` is a number or an address as the provider writes it, `in_reply_to` the Message-ID that a mail names.
    """
    try:
        with transaction.atomic():
            return _keep(
                channel=channel,
                sender=tidy_sender(channel, sender),
                text=_clean(text)[:TEXT_LIMIT],
                provider=provider,
                provider_id=provider_id,
                # a provider's clock may be ahead; nothing comes before it was written
                at=min(at, now),
                subject=" ".join(_clean(subject).split())[:300],
                in_reply_to=in_reply_to.strip(),
            )
    except IntegrityError:
        # told twice at once: the other one has kept it
        if Letter.objects.filter(provider=provider, provider_id=provider_id).exists():
            return None
        raise


def tidy_sender(channel: str, sender: str) -> str:
    """The bare address of a mail, a number as clients' numbers are kept (E.164); what is neither, as it came."""
    sender = _clean(sender).strip()
    if channel == Channel.EMAIL:
        return (parseaddr(sender)[1] or sender).lower()[:320]
    number = NUMBER.fullmatch(re.sub(r"[\s().-]", "", sender))
    return f"+{number.group(1)}" if number else sender[:320]


def _keep(
    *,
    channel: str,
    sender: str,
    text: str,
    provider: str,
    provider_id: str,
    at: datetime,
    subject: str,
    in_reply_to: str,
) -> Letter | None:
    if Letter.objects.filter(provider=provider, provider_id=provider_id).exists():
        return None
    clients = whose_contact(phone=sender) if channel == Channel.SMS else whose_contact(email=sender)
    answered = _answered(clients, channel, in_reply_to, at)
    client = answered.client if answered else clients[0] if clients else None
    branch = answered.branch if answered else client.branch if client else None
    conversation = _conversation(client, branch, channel, sender, at)
    return Letter.objects.create(
        conversation=conversation,
        channel=channel,
        sender=sender,
        subject=subject,
        text=text,
        provider=provider,
        provider_id=provider_id,
        at=at,
        answers=answered,
    )


def _answered(clients: Sequence[Client], channel: str, in_reply_to: str, at: datetime) -> Message | None:
    """The message it answers: the one that the mail names, else the last one sent to any of them by this channel.

    With that it is settled who of several with one telephone wrote: the one last written to.
    """
    sent = Message.objects.filter(
        client__in=clients, channel=channel, sent_at__lte=at, sent_at__gt=at - ANSWERED_WITHIN
    ).select_related("client__branch", "branch", "appointment")
    if in_reply_to and (named := sent.filter(provider_id=in_reply_to).first()):
        return named
    return sent.order_by("-sent_at", "-pk").first()


def _conversation(
    client: Client | None, branch: Branch | None, channel: str, sender: str, at: datetime
) -> Conversation:
    """Hers, or the stranger's; it waits from this letter on if it did not wait already."""
    whose = {"client": client} if client else {"client": None, "channel": channel, "sender": sender}
    fresh = {"channel": channel, "sender": sender, "branch": branch, "waiting_since": at, "last_at": at}
    conversation, is_new = Conversation.objects.select_for_update().get_or_create(**whose, defaults=fresh)
    if is_new:
        return conversation
    if conversation.done_at is not None:
        conversation.waiting_since, conversation.done_at, conversation.done_by = at, None, None
    conversation.last_at = max(conversation.last_at, at)
    conversation.channel, conversation.sender = channel, sender
    conversation.branch = branch
    conversation.save(update_fields=["waiting_since", "done_at", "done_by", "last_at", "channel", "sender", "branch"])
    return conversation


def _clean(text: str) -> str:
    # PostgreSQL keeps no NUL
    return text.replace("\x00", "").replace("\r\n", "\n")
