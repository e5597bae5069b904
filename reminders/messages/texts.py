"""The words of each kind: the owner's where she wrote some, else those that came with Regulars."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from crm.team.once import put_in, read_once
from reminders.campaigns.selectors.campaigns import campaign_key, texts_of
from reminders.messages.defaults import PHRASES, TEXTS, Words
from reminders.messages.models import NO_TEXT, OWNERS_WORDS, Kind, Message, MessageText
from reminders.messages.syntax import TextRefused, names, parse

# of every message; the name is not known of everybody
ALWAYS = {"salon", "link"}
ABOUT_APPOINTMENT = {"day", "hour", "master", "details"}
MAYBE_OF_APPOINTMENT = {"address", "phone", "service", "duration", "price"}
# where the same was done to more dates of a series
OF_SERIES = {"series", "dates"}
MAYBE_OF_VISIT = {"visit_day", "master", "service"}
VOUCHER = {"percent", "code", "book_until", "valid_until", "for_what", "limits"}
# what a button does; on paper and on the phone there is none
ON_SCREEN = {"by_itself"}
# what makes up for a bad day
AMENDS = {"percent", "code", "valid_until"}
# of a campaign of vouchers: one of the first three, by its benefit
COUPON = {"percent", "amount", "gift", "code", "valid_until"}
EVENT = {"day", "hour", "details"}


@dataclass(frozen=True, slots=True)
class Placeholders:
    """`sure` ones can always be filled. `maybe` ones may be empty: the paragraph (of an SMS: the line) is left out then."""

    sure: frozenset[str]
    maybe: frozenset[str]

    @property
    def all(self) -> frozenset[str]:
        return self.sure | self.maybe


def _of(sure: set[str] = frozenset(), maybe: set[str] = frozenset()) -> Placeholders:  # type: ignore[assignment]
    return Placeholders(frozenset(ALWAYS | sure), frozenset({"name"} | maybe))


_APPOINTMENT = _of(ABOUT_APPOINTMENT, MAYBE_OF_APPOINTMENT)
PLACEHOLDERS: dict[str, Placeholders] = {
    Kind.REASSURANCE: _of(maybe={*MAYBE_OF_VISIT, "care_guide", "quotes"}),
    Kind.FEEDBACK: _of({"visit_day"}, {"master", "service"}),
    Kind.LASHES: _of({"question"}, {*MAYBE_OF_VISIT, "offer"}),
    Kind.DUE_SOON: _of(maybe={*MAYBE_OF_VISIT, "offer"}),
    Kind.WIN_BACK: _of(maybe={*MAYBE_OF_VISIT, *VOUCHER, *ON_SCREEN, "offer"}),
    Kind.SECOND_WIN_BACK: _of(maybe={*MAYBE_OF_VISIT, *VOUCHER, *ON_SCREEN, "offer"}),
    Kind.BIRTHDAY: _of({"wishes"}, {"gift", "code", "valid_until"}),
    Kind.REMINDER_24H: _APPOINTMENT,
    Kind.REMINDER_2H: _APPOINTMENT,
    Kind.CONFIRMATION: _of(ABOUT_APPOINTMENT, {*MAYBE_OF_APPOINTMENT, *OF_SERIES}),
    Kind.CHANGE: _of(ABOUT_APPOINTMENT, {*MAYBE_OF_APPOINTMENT, *OF_SERIES, "before"}),
    Kind.CANCELLATION: _of(ABOUT_APPOINTMENT, {*MAYBE_OF_APPOINTMENT, *OF_SERIES}),
    Kind.MASTER_ILL: _of(ABOUT_APPOINTMENT, {*MAYBE_OF_APPOINTMENT, *AMENDS, "offer"}),
    Kind.MASTER_LATE: _of(ABOUT_APPOINTMENT, {*MAYBE_OF_APPOINTMENT, *AMENDS, "before"}),
    Kind.POINTS_EXPIRING: _of({"points", "expires", "worth"}),
    Kind.CARD_REVIEW: _of({"level", "discount", "until", "missing"}),
    Kind.THANKS: _of(maybe={"cause"}),
    Kind.WAITING_OFFER: _of(
        {"day", "hour", "master", "details", "terms"}, {"address", "phone", "service", "until", "before"}
    ),
    Kind.WAITING_TAKEN: _of({"day", "hour", "master"}, {"address", "phone", "service"}),
    Kind.OPT_OUT: _of(maybe={"offer"}),
    Kind.ANSWER: _of(),
    Kind.NEWS: _of(maybe=COUPON),
    Kind.HOLIDAY: _of(maybe=COUPON),
    Kind.EVENT: _of(EVENT, {*COUPON, "place", "phone"}),
    Kind.EVENT_PLACE: _of({*EVENT, "event"}, {"place", "phone", "friend"}),
    Kind.EVENT_REMINDER: _of({*EVENT, "event"}, {"place", "phone", "friend"}),
    Kind.EVENT_OFF: _of({*EVENT, "event"}, {"place", "phone"}),
    Kind.COMPLAINT_RECEIVED: _of({"number"}, {"until", "phone"}),
    Kind.COMPLAINT_ANSWER: _of({"number"}, {"answer", "solutions", "phone"}),
    Kind.COMPLAINT_RESOLVED: _of({"number"}, {"phone"}),
    Kind.ORDER_STAGE: _of({"product", "stage"}, {"promised", "address", "phone"}),
    Kind.ORDER_LATE: _of({"product", "promised", "before", "reason"}, {"phone"}),
    Kind.OTHER_PLACES: _of({"product", "places"}, {"phone"}),
    Kind.BACK_IN_STOCK: _of({"product"}, {"address", "phone"}),
    Kind.USED_UP: _of({"products"}, {"phone"}),
}
# an SMS greets in its own line of text, a letter above it
SMS_ONLY = {"hello"}


class NoWords(LookupError):
    """Nobody has written words for this kind yet."""


@read_once
def words_of(kind: str, language: str) -> Words:
    """The words of a kind in a language: the owner's row, else the default."""
    return _words_in(MessageText.objects.filter(kind=kind, language=language).first(), kind, language)


def know_words(wanted: Iterable[tuple[str, str]]) -> None:
    """Reads the words of these kinds and languages in one go, where what is read is kept."""
    own = {(row.kind, row.language): row for row in MessageText.objects.all()}
    for kind, language in wanted:
        put_in(words_of, kind, language, answer=_words_in(own.get((kind, language)), kind, language))


def _words_in(row: MessageText | None, kind: str, language: str) -> Words:
    if row is None:
        return default_words(kind, language)
    return Words(subject=row.subject, body=row.body, button=row.button, sms=row.sms)


def words_of_message(message: Message, language: str) -> Words:
    """The words of a message: those of its campaign where it is of one, else those of its kind.

    Raises NoWords where a campaign has none in this language.
    """
    if message.kind not in OWNERS_WORDS:
        return words_of(message.kind, language)
    text = texts_of(campaign_key(message.occasion)).get(language)
    if text is None:
        raise NoWords(message.kind)
    return Words(subject=text.subject, body=text.body, button=text.button, sms=text.sms)


def default_words(kind: str, language: str) -> Words:
    """What came with Regulars; the salon's language where a language is unknown.

    Raises NoWords for a kind whose words are the owner's or the desk's alone.
    """
    if kind in NO_TEXT:
        raise NoWords(kind)
    return TEXTS.get(language, TEXTS[settings.DEFAULT_LANGUAGE])[kind]


def phrase(name: str, language: str) -> str:
    """A short standing text around the messages, such as the greeting."""
    return PHRASES.get(language, PHRASES[settings.DEFAULT_LANGUAGE])[name]


def validate_text(*, kind: str, subject: str, body: str, sms: str, button: str = "") -> None:
    """Raise ValidationError by field for what could not be filled: an unknown placeholder, a brace left open."""
    known = PLACEHOLDERS[kind]
    wrong: dict[str, str] = {}
    for field, text, allowed in (
        # a subject and a button cannot be left out, so they may name only what there always is
        ("subject", subject, known.sure - {"link", "details"}),
        ("body", body, known.all),
        ("button", button, frozenset({"salon"})),
        ("sms", sms, known.all - {"details"} | SMS_ONLY),
    ):
        try:
            unknown = sorted(set(names(parse(text))) - allowed)
        except TextRefused as error:
            wrong[field] = str(error)
            continue
        if unknown:
            wrong[field] = str(_("There is nothing to put in for {unknown}. Here you may write: {allowed}.")).format(
                unknown=_braced(unknown), allowed=_braced(sorted(allowed))
            )
    if "\n" in subject.strip():
        wrong["subject"] = str(_("A subject is one line."))
    if wrong:
        raise ValidationError(wrong)


def _braced(placeholders: list[str]) -> str:
    return ", ".join(f"{{{name}}}" for name in placeholders)
