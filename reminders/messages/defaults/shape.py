"""What a text is made of."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Words:
    """A kind's words in one language, with placeholders (reminders/messages/syntax.py)."""

    subject: str
    body: str
    button: str
    sms: str
