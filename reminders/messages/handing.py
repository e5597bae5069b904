"""One commit a message: writing down that one went, and handing over the next, in one go (trust.md, Messages).

What was accepted and is not written down yet is in doubt if its sender dies: never more than one message of a
sender is.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection, transaction

from crm.people.models import ClientChange
from crm.team.models import CrmSettings
from reminders.consent.models import MessageSettings
from reminders.messages.models import Message, MessageEvent
from reminders.messages.services import FIRST_QUESTION, hand_over, record_sent
from reminders.messages.spending import NOTHING
from reminders.transports.services import Accepted, is_asked

TABLES = {
    "message": Message._meta.db_table,
    "event": MessageEvent._meta.db_table,
    "change": ClientChange._meta.db_table,
    "salon": CrmSettings._meta.db_table,
    "rules": MessageSettings._meta.db_table,
}
# as `record_sent` and `hand_over` do it, in one statement: the conditions are in the updates themselves
BOTH = """
WITH sent AS (
    UPDATE {message} SET state = 'sent', state_reason = '', sent_at = %(now)s, sent_on = %(sent_on)s,
        provider = %(provider)s, provider_id = %(provider_id)s, parts = %(parts)s, ask_at = %(ask_at)s, claim = NULL
    WHERE id = %(sent)s AND state = 'sending' AND claim = %(sent_claim)s
    RETURNING id, client_id
), noted AS (
    INSERT INTO {event} (message_id, state, at, detail) SELECT id, 'sent', %(now)s, %(provider)s FROM sent
), changed AS (
    INSERT INTO {change} (client_id) SELECT client_id FROM sent
), handed AS (
    UPDATE {message} SET handed_at = %(handed_at)s, cost = 0, channel = %(channel)s, language = %(language)s,
        address = %(address)s, subject = %(subject)s, body = %(body)s
    WHERE id = %(next)s AND state = 'sending' AND claim = %(next_claim)s AND handed_at IS NULL
        AND NOT EXISTS (SELECT 1 FROM {salon} WHERE messages_paused_at IS NOT NULL)
        AND NOT EXISTS (SELECT 1 FROM {rules} WHERE held_at IS NOT NULL)
        AND NOT EXISTS (
            SELECT 1 FROM {change} WHERE {change}.client_id = {message}.client_id AND NOT id = ANY(%(known)s)
        )
    RETURNING id
)
SELECT (SELECT count(*) FROM handed)
""".format(**TABLES)  # noqa: S608


@dataclass(frozen=True, slots=True)
class Gone:
    """A message that its provider has accepted, by the clock as it was then; `sent_on` by her calendar."""

    message: Message
    accepted: Accepted
    now: datetime
    sent_on: date

    @property
    def goes_alone(self) -> bool:
        """Whether nothing but its own row has to be written: it carried no other, and cost nothing."""
        return not (self.message.carries.all() or self.message.cost or self.accepted.cost)


def record_and_hand_over(*, gone: Gone, message: Message, now: datetime, known: Iterable[int]) -> bool:
    """Writes down that one went (it `goes_alone`) and hands the next one, free of charge, over: one commit.

    Gives what `hand_over` gives. Whether the first was still ours changes nothing for the second.
    """
    if connection.vendor != "postgresql":
        with transaction.atomic():
            _record(gone)
            return hand_over(message=message, now=now, known=known)
    message.handed_at, message.cost = now, NOTHING
    accepted = gone.accepted
    with connection.cursor() as cursor:
        cursor.execute(
            BOTH,
            {
                "sent": gone.message.pk,
                "sent_claim": gone.message.claim,
                "now": gone.now,
                "sent_on": gone.sent_on,
                "provider": accepted.provider,
                "provider_id": accepted.provider_id,
                "parts": accepted.parts,
                "ask_at": gone.now + FIRST_QUESTION if accepted.provider_id and is_asked(accepted.provider) else None,
                "next": message.pk,
                "next_claim": message.claim,
                "handed_at": now,
                "channel": message.channel,
                "language": message.language,
                "address": message.address,
                "subject": message.subject,
                "body": message.body,
                "known": list(known),
            },
        )
        return bool(cursor.fetchone()[0])


def _record(gone: Gone) -> None:
    record_sent(
        message=gone.message,
        now=gone.now,
        sent_on=gone.sent_on,
        provider=gone.accepted.provider,
        provider_id=gone.accepted.provider_id,
        parts=gone.accepted.parts,
    )
