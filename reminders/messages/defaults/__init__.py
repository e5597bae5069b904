"""The words that came with Regulars, for each kind of message in each language."""

from reminders.messages.defaults import ar, bs, en, ru
from reminders.messages.defaults.complaints import COMPLAINTS
from reminders.messages.defaults.purse import PURSE
from reminders.messages.defaults.shape import Words

TEXTS: dict[str, dict[str, Words]] = {
    language: {**words.TEXTS, **COMPLAINTS[language]}
    for language, words in {"en": en, "ru": ru, "bs": bs, "ar": ar}.items()
}
PHRASES: dict[str, dict[str, str]] = {
    language: {**words.PHRASES, **PURSE[language]}
    for language, words in {"en": en, "ru": ru, "bs": bs, "ar": ar}.items()
}

__all__ = ["PHRASES", "TEXTS", "Words"]
