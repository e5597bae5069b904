"""The words that came with Regulars, for each kind of message in each language."""

from reminders.messages.defaults import ar, bs, en, ru
from reminders.messages.defaults.shape import Words

TEXTS: dict[str, dict[str, Words]] = {"en": en.TEXTS, "ru": ru.TEXTS, "bs": bs.TEXTS, "ar": ar.TEXTS}
PHRASES: dict[str, dict[str, str]] = {"en": en.PHRASES, "ru": ru.PHRASES, "bs": bs.PHRASES, "ar": ar.PHRASES}

__all__ = ["PHRASES", "TEXTS", "Words"]
