"""What a conversation shows: each thing said with its words for people, and what is offered to the desk."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.utils import timezone
from django.utils.text import capfirst
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.booking.models import Appointment
from crm.desk.words import Chip, hour_words, listed, money, short_day
from crm.team.models import Branch
from reminders.consent.models import Channel
from reminders.consent.selectors import message_settings
from reminders.inbox.models import Conversation, Letter, Meaning
from reminders.inbox.plain import own_words
from reminders.inbox.selectors import AHEAD, Said
from reminders.messages.models import Kind, Message
from reminders.messages.words import in_words
from reminders.transports.services import segments

ICONS = {Channel.EMAIL: "mail", Channel.SMS: "sms"}
MINUTE = timedelta(minutes=1)
# what did not reach her
FAILED = (Message.State.FAILED, Message.State.DROPPED, Message.State.CANCELLED, Message.State.UNKNOWN)


@dataclass(slots=True)
class Line:
    """One thing said, for the page: `folded` shows its words only when asked."""

    text: str
    when: str
    icon: str
    ours: bool = False
    title: str = ""
    state: str = ""
    failed: bool = False
    folded: bool = False
    language: str = ""
    rest: str = ""
    letter: Letter | None = None


@dataclass(frozen=True, slots=True)
class Offer:
    """What her newest words ask for, as far as it is still to be done."""

    letter: Letter
    appointment: Appointment | None = None
    cancel: bool = False
    move: bool = False
    book: bool = False
    stop: bool = False
    # she would cancel, and nothing is booked in her name
    unknown: bool = False
    complaint: bool = False


def lines(talk: Iterable[Said], branch: Branch) -> list[Line]:
    """Both directions by time."""
    return [
        _came(said.letter) if said.letter is not None else _sent(said.message, branch)
        for said in talk
        if said.letter is not None or said.message is not None
    ]


def offers(conversation: Conversation, talk: Iterable[Said]) -> list[Offer]:
    """Of the letters that nobody has dealt with, each step once, the newest letter's first.

    Words alone do not cancel: who answered a letter that would cancel still has the button, as long as the appointment stands.
    """
    if conversation.client_id is None:
        return []
    found: list[Offer] = []
    seen: set[object] = set()
    letters = [said.letter for said in talk if said.letter is not None and said.at >= conversation.waiting_since]
    for letter in reversed(letters):
        for step in _steps(letter):
            if conversation.done_at is not None and not (step.appointment and letter.meaning == Meaning.CANCEL):
                continue
            about = (step.appointment and step.appointment.pk, step.book, step.stop, step.unknown, step.complaint)
            if about not in seen:
                seen.add(about)
                found.append(step)
    return found


def _steps(letter: Letter) -> Iterable[Offer]:
    ahead = letter.appointment if letter.appointment and letter.appointment.status in AHEAD else None
    moves = letter.meaning == Meaning.MOVE
    if ahead is not None and (ahead.starts_at is None or ahead.starts_at > timezone.now()):
        yield Offer(letter, appointment=ahead, cancel=True, move=moves or letter.meaning == Meaning.CANCEL)
    elif moves:
        yield Offer(letter, book=True)
    elif letter.meaning == Meaning.CANCEL and letter.appointment is None:
        yield Offer(letter, unknown=True)
    if letter.meaning == Meaning.DOUBT:
        yield Offer(letter, stop=True)
    if letter.complaint is not None and letter.complaint.resolved_at is None:
        yield Offer(letter, complaint=True)


def meaning_chip(meaning: str) -> Chip | None:
    """What the last letter asks for, for the list."""
    return (
        {
            Meaning.CANCEL: {"label": _("would cancel"), "icon": "calendar", "tone": "warn"},
            Meaning.MOVE: {"label": _("would move"), "icon": "calendar", "tone": "accent"},
            Meaning.COMPLAINT: {"label": _("not content"), "icon": "complaint", "tone": "bad"},
            Meaning.STOP: {"label": _("said stop"), "icon": "never", "tone": "warn"},
            Meaning.DOUBT: {"label": _("perhaps no more messages"), "icon": "question", "tone": "warn"},
            Meaning.START: {"label": _("wants messages again"), "icon": "good", "tone": "good"},
        }.get(Meaning(meaning))
        if meaning
        else None
    )


def waiting_words(since: datetime) -> str:
    """How long she has waited, in the largest unit; nothing within the first minute."""
    return timesince(since, depth=1) if timezone.now() - since >= MINUTE else ""


def size_words(text: str, branch: Branch) -> str:
    """`2 parts, 0.20 KM`: what an SMS with these words takes."""
    parts = segments(text.strip()).parts
    if not parts:
        return ""
    counted = ngettext("%(number)d part", "%(number)d parts", parts) % {"number": parts}
    return listed((counted, _cost_words(message_settings().sms_price * parts, branch)))


def _cost_words(cost: Decimal, branch: Branch) -> str:
    return money(cost, branch.currency) if cost else ""


def _came(letter: Letter) -> Line:
    words = own_words(letter.text)
    return Line(
        text=words or letter.text or letter.subject,
        # what stands under her own words, for whoever wants to see the whole
        rest=letter.text if words and words != letter.text.strip() else "",
        title=letter.subject,
        when=_moment(letter.at),
        icon=ICONS.get(Channel(letter.channel), "sms"),
        letter=letter,
    )


def _sent(message: Message, branch: Branch) -> Line:
    is_answer = message.kind == Kind.ANSWER
    failed = message.state in FAILED
    state = message.get_state_display()
    if is_answer and message.state in (Message.State.PLANNED, Message.State.SENDING):
        state = _("on its way")
    if failed and message.state_reason:
        state = f"{state}: {in_words(message.state_reason)}"
    parts = ""
    if is_answer and message.channel == Channel.SMS and message.sent_at is not None:
        counted = ngettext("%(number)d part", "%(number)d parts", message.parts) % {"number": message.parts}
        parts = listed((counted, _cost_words(message.cost, branch)))
    by = message.written_by
    kind = capfirst(message.get_kind_display())
    return Line(
        # of what another system sent only the kind is known
        text=message.body or kind,
        title=(by.get_short_name() or str(by)) if is_answer and by is not None else kind,
        when=_moment(message.sent_at or message.planned_at),
        icon=ICONS.get(Channel(message.channel), "sms") if message.channel else "sms",
        ours=True,
        state=listed((state, parts)),
        failed=failed,
        # a letter of ours is long and known; its subject says which
        folded=bool(message.body) and not is_answer and message.channel == Channel.EMAIL,
        rest=message.subject,
        language=message.language,
    )


def _moment(at) -> str:
    local = timezone.localtime(at)
    return listed((short_day(local.date()), hour_words(at)))
