"""STOP words (rules.md, Messages, Opt-out): the whole message, in any of the four languages."""

from rapidfuzz.distance import OSA

from reminders.inbox.plain import plain

STOP = frozenset(
    plain(word)
    for word in (
        *("stop", "unsubscribe", "cancel", "end", "quit"),
        *("стоп", "отписаться"),
        *("odjava", "stani"),
        *("توقف", "إلغاء"),
    )
)
START = frozenset(plain(word) for word in ("start", "старт", "подписаться", "prijava", "ابدأ", "اشتراك"))
# a slip in a word shorter than this makes another word of it
LONG_ENOUGH = 4
# no STOP word, and yet she may want no more: a person reads it
NO_MORE = tuple(
    plain(words)
    for words in (
        *("stop sending", "stop texting", "stop messaging", "stop writing", "stop emailing", "stop these"),
        *("unsubscribe", "remove me", "take me off", "no more messages", "no more emails", "don't text", "do not text"),
        *("don't write to me", "do not write to me", "don't message", "do not message", "opt out"),
        *("не пишите", "не пиши", "не присылайте", "не шлите", "не отправляйте", "отпишите", "отписаться"),
        *("хватит писать", "хватит слать", "удалите мой номер", "удалите меня"),
        *("ne šaljite", "nemojte slati", "nemojte mi slati", "ne pišite", "nemojte pisati", "nemojte mi pisati"),
        *("odjavite me", "odjavi me", "ne želim poruke", "prestanite slati", "bez poruka"),
        *("لا ترسلوا", "لا ترسل", "لا ترسلي", "أوقفوا الرسائل", "أوقف الرسائل", "إلغاء الاشتراك", "لا أريد رسائل"),
        *("توقفوا عن", "توقف عن"),
    )
)


def is_stop(text: str) -> bool:
    """Whether the whole message is a STOP word; said several times it is one too. A sentence is none."""
    words = plain(text).split()
    return bool(words) and all(word in STOP for word in words)


def is_start(text: str) -> bool:
    """Whether the whole message takes a STOP back."""
    return plain(text) in START


def may_mean_stop(text: str) -> bool:
    """One slip away from a STOP word, or a sentence that asks for no more: a person decides, no machine."""
    said = plain(text)
    if " " not in said and len(said) >= LONG_ENOUGH:
        near = (word for word in STOP if len(word) >= LONG_ENOUGH)
        return said not in STOP and any(OSA.distance(said, word) == 1 for word in near)
    return any(f" {words} " in f" {said} " for words in NO_MORE)
