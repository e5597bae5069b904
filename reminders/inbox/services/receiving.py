"""A letter comes in: whose it is, what it answers, and what is done about it at once."""

import re
from dataclasses import dataclass
from datetime import datetime
from email.utils import parseaddr

from django.db import IntegrityError, transaction

from crm.people.models import Client
from crm.people.selectors.contacts import whose_contact
from crm.team.models import Branch
from reminders.consent.models import Channel
from reminders.inbox.models import Conversation, Letter, Meaning
from reminders.inbox.plain import own_subject, own_words
from reminders.inbox.selectors import appointment_meant, message_answered
from reminders.inbox.services.heeding import heed
from reminders.inbox.stop_words import is_start, is_stop, may_mean_stop
from reminders.inbox.wishes import complains, wants_to_cancel, wants_to_move
from reminders.messages.models import Message

NUMBER = re.compile(r"(?:\+|00)?([1-9]\d{6,14})")
TEXT_LIMIT = 20_000
ABOUT_APPOINTMENT = (Meaning.STOP, Meaning.CANCEL, Meaning.MOVE)


@dataclass(frozen=True, slots=True)
class Arrived:
    """A letter as it came; a Message-ID that a mail names is without blanks."""

    channel: str
    sender: str
    subject: str
    text: str
    provider: str
    provider_id: str
    at: datetime
    in_reply_to: str


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

    `sender` is a number or an address as the provider writes it, `in_reply_to` the Message-ID that a mail names;
    the number of a mail is its own Message-ID, so that the answer stands under it. A STOP word is heeded at once
    (rules.md, Opt-out), words that complain open a complaint (Feedback and complaints).
    """
    arrived = Arrived(
        channel=channel,
        sender=tidy_sender(channel, sender),
        subject=" ".join(_clean(subject).split())[:300],
        text=_clean(text).strip()[:TEXT_LIMIT],
        provider=provider[:40],
        provider_id=provider_id[:200],
        # a provider's clock may be ahead; nothing comes before it was written
        at=min(at, now),
        in_reply_to=in_reply_to.strip(),
    )
    try:
        with transaction.atomic():
            return _keep(arrived, now)
    except IntegrityError:
        # told twice at once: the other one has kept it
        if _is_kept(arrived):
            return None
        raise


def tidy_sender(channel: str, sender: str) -> str:
    """The bare address of a mail, a number as clients' numbers are kept (E.164); what is neither, as it came."""
    sender = _clean(sender).strip()
    if channel == Channel.EMAIL:
        return (parseaddr(sender)[1] or sender).lower()[:320]
    number = NUMBER.fullmatch(re.sub(r"[\s().-]", "", sender))
    return f"+{number.group(1)}" if number else sender[:320]


def meaning_of(text: str) -> str:
    """What her words ask for: the whole message for STOP and START, else what is said in it; empty where nothing is."""
    for meaning, is_meant in (
        (Meaning.STOP, is_stop),
        (Meaning.START, is_start),
        (Meaning.DOUBT, may_mean_stop),
        (Meaning.MOVE, wants_to_move),
        (Meaning.CANCEL, wants_to_cancel),
        (Meaning.COMPLAINT, complains),
    ):
        if is_meant(text):
            return meaning
    return ""


def _keep(arrived: Arrived, now: datetime) -> Letter | None:
    if _is_kept(arrived):
        return None
    by_sms = arrived.channel == Channel.SMS
    clients = whose_contact(phone=arrived.sender) if by_sms else whose_contact(email=arrived.sender)
    # parent first; several who share a number always in the same order
    list(Client.objects.select_for_update().filter(pk__in=[client.pk for client in clients]).order_by("pk"))
    answered = message_answered(clients, arrived.channel, arrived.in_reply_to, arrived.at)
    client = answered.client if answered else clients[0] if clients else None
    # a mail may say it in its subject alone
    words = own_words(arrived.text) or own_subject(arrived.subject)
    meaning = meaning_of(words)
    appointment = appointment_meant(client, answered, meaning, now) if meaning in ABOUT_APPOINTMENT else None
    # a STOP is done by the time anybody could read it
    is_done = meaning == Meaning.STOP and client is not None and appointment is None
    letter = Letter.objects.create(
        conversation=_conversation(client, _branch(client, answered), arrived, is_done=is_done, now=now),
        channel=arrived.channel,
        sender=arrived.sender,
        subject=arrived.subject,
        text=arrived.text,
        provider=arrived.provider,
        provider_id=arrived.provider_id,
        at=arrived.at,
        answers=answered,
        meaning=meaning,
        appointment=appointment,
    )
    if client is not None:
        heed(letter=letter, words=words, client=client, sharing=clients, now=now)
    return letter


def _is_kept(arrived: Arrived) -> bool:
    return Letter.objects.filter(provider=arrived.provider, provider_id=arrived.provider_id).exists()


def _branch(client: Client | None, answered: Message | None) -> Branch | None:
    if answered is not None:
        return answered.branch
    return client.branch if client is not None else None


def _conversation(
    client: Client | None, branch: Branch | None, arrived: Arrived, *, is_done: bool, now: datetime
) -> Conversation:
    """Hers, or the stranger's; it waits from this letter on, if it did not wait already and is not done with."""
    by_what = {"channel": arrived.channel, "sender": arrived.sender}
    conversation, is_new = Conversation.objects.select_for_update().get_or_create(
        **({"client": client} if client else {"client": None, **by_what}),
        defaults={
            **by_what,
            "branch": branch,
            "waiting_since": arrived.at,
            "last_at": arrived.at,
            "done_at": now if is_done else None,
        },
    )
    if is_new:
        return conversation
    if conversation.done_at is not None and not is_done:
        conversation.waiting_since, conversation.done_at, conversation.done_by = arrived.at, None, None
    conversation.last_at = max(conversation.last_at, arrived.at)
    conversation.channel, conversation.sender, conversation.branch = arrived.channel, arrived.sender, branch
    conversation.save()
    return conversation


def _clean(text: str) -> str:
    # PostgreSQL keeps no NUL
    return text.replace("\x00", "").replace("\r\n", "\n")
