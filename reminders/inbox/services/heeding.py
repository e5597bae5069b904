"""What is done about a letter before anybody has read it (rules.md, Opt-out; Feedback and complaints)."""

from collections.abc import Iterable
from datetime import datetime

from crm.care.models import Complaint
from crm.care.services import open_complaint
from crm.people.models import Client
from reminders.consent.models import Channel, ConsentEvent, Purpose
from reminders.consent.selectors import is_allowed, is_in_force, permission_of
from reminders.consent.services import grant, stop_channel
from reminders.inbox.models import Letter, Meaning
from reminders.inbox.selectors import open_complaint_of
from reminders.inbox.wishes import complains, harms
from reminders.messages.models import Kind, Message
from reminders.messages.services import say_back

SHOWN = 1000


def heed(*, letter: Letter, words: str, client: Client, sharing: Iterable[Client], now: datetime) -> None:
    """A STOP word stops the channel, a START word takes that back, words that complain open a complaint.

    `sharing` are all whom this number or address reaches: a telephone that wants no more gets no more.
    """
    if letter.meaning == Meaning.STOP:
        stop_by_word(letter=letter, words=words, client=client, sharing=sharing, now=now)
    elif letter.meaning == Meaning.START:
        _start(letter, words, client, now)
    elif complains(words):
        _complain(letter, words, client, now)


def stop_by_word(*, letter: Letter, words: str, client: Client, sharing: Iterable[Client], now: datetime) -> None:
    """No more care and marketing by this channel, with her word as evidence, and one confirmation."""
    was_stopped = _is_stopped(client, letter.channel)
    for each in {client.pk: client, **{each.pk: each for each in sharing}}.values():
        stop_channel(
            client=each, channel=letter.channel, where=ConsentEvent.Where.STOP, now=now, text_shown=words[:SHOWN]
        )
    told = Message.objects.filter(client=client, kind=Kind.OPT_OUT, channel=letter.channel).exists()
    if was_stopped and told and letter.appointment is None:
        return
    say_back(
        client=client,
        branch=letter.conversation.branch or client.branch,
        kind=Kind.OPT_OUT,
        occasion=f"letter {letter.pk}",
        channel=letter.channel,
        now=now,
        appointment=letter.appointment,
        in_reply_to=mail_id(letter),
    )


def mail_id(letter: Letter) -> str:
    """The Message-ID under which an answer by mail stands; none where the provider's number is no such thing."""
    is_one = letter.channel == Channel.EMAIL and letter.provider_id.startswith("<") and "@" in letter.provider_id
    return letter.provider_id if is_one else ""


def _is_stopped(client: Client, channel: str) -> bool:
    permission = permission_of(client)
    return not any(is_allowed(permission, purpose, channel) for purpose in (Purpose.CARE, Purpose.MARKETING))


def _start(letter: Letter, words: str, client: Client, now: datetime) -> None:
    """Care comes again; for offers one word is no consent, as nothing was shown to her."""
    if not is_in_force(permission_of(client), Purpose.CARE, letter.channel, now):
        grant(
            client=client,
            purpose=Purpose.CARE,
            channel=letter.channel,
            where=ConsentEvent.Where.START,
            now=now,
            text_shown=words[:SHOWN],
        )


def _complain(letter: Letter, words: str, client: Client, now: datetime) -> None:
    """One case for one trouble: while one is open, what she writes belongs to it."""
    complaint = open_complaint_of(client) or open_complaint(
        client=client,
        branch=letter.conversation.branch or client.branch,
        text=words[:4000],
        now=now,
        source=Complaint.Source.REPLY,
        appointment=letter.answers.appointment if letter.answers else None,
        is_urgent=harms(words),
    )
    letter.complaint = complaint
    letter.save(update_fields=["complaint"])
