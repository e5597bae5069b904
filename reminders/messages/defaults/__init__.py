"""The words that came with Regulars, for each kind of message in each language."""

from reminders.messages.defaults import ar, bs, en, ru
from reminders.messages.defaults.complaints import COMPLAINTS
from reminders.messages.defaults.purse import PURSE
from reminders.messages.defaults.shape import Words
from reminders.messages.defaults.shop import SHOP, STAGES

TEXTS: dict[str, dict[str, Words]] = {
    language: {**words.TEXTS, **COMPLAINTS[language], **SHOP[language]}
    for language, words in {"en": en, "ru": ru, "bs": bs, "ar": ar}.items()
}
PHRASES: dict[str, dict[str, str]] = {
    language: {**words.PHRASES, **PURSE[language], **STAGES[language]}
    for language, words in {"en": en, "ru": ru, "bs": bs, "ar": ar}.items()
}

__all__ = ["PHRASES", "TEXTS", "Words"]
