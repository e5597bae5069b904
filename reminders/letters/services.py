"""Letters and cards on paper: laid there, printed, posted (practices.md, P15)."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string
from django.utils.translation import get_language

from crm.people.models import Client
from crm.people.services.changes import note_change
from crm.team.models import Branch, User
from crm.team.selectors import branch_day, zone
from reminders.consent.models import Channel, Purpose
from reminders.letters.models import PaperLetter
from reminders.letters.sheets import list_sheets, sheet_of
from reminders.messages.models import Kind, Message
from reminders.messages.services import note_state
from reminders.messages.speech import speech_of

# the post goes once a day
POSTED_WITHIN = timedelta(days=1)
CARD_WITHIN = timedelta(days=7)
# of what a letter may hold, on one sheet with its head
LETTER_FITS = 6000
CARD_FITS = 500
PROVIDER = "letter"

Outcome = PaperLetter.Outcome


def lay_letter(*, message: Message, text: str, now: datetime) -> PaperLetter:
    """Puts a letter in the place of this message among those to print; asked again it is the same letter."""
    letter, _created = PaperLetter.objects.get_or_create(
        key=f"message {message.pk}",
        defaults={
            "branch": message.branch,
            "client": message.client,
            "form": PaperLetter.Form.LETTER,
            "kind": message.kind,
            "message": message,
            "language": message.language or settings.DEFAULT_LANGUAGE,
            "text": text[:LETTER_FITS],
            "written_at": now,
            "due_at": max(min(message.not_after, now + POSTED_WITHIN), now),
        },
    )
    return letter


@transaction.atomic
def write_card(*, client: Client, branch: Branch, text: str, now: datetime, user: User) -> PaperLetter | None:
    """Lays a thank-you card among those to print: one a client and day; none if hers of today is there already."""
    today = branch_day(branch, now)
    card, is_new = PaperLetter.objects.get_or_create(
        key=f"card {client.pk} {today}",
        defaults={
            "branch": branch,
            "client": client,
            "form": PaperLetter.Form.CARD,
            "kind": Kind.THANKS,
            "language": speech_of(client).language,
            "text": text.strip()[:CARD_FITS],
            "written_at": now,
            "written_by": user,
            "due_at": now + CARD_WITHIN,
        },
    )
    return card if is_new else None


def print_letters(*, letters: Sequence[PaperLetter], now: datetime) -> bytes:
    """One PDF of all of these, a page for each; they count as printed, and wait to be posted."""
    sheets = [sheet_of(letter, now=now) for letter in letters]
    # what draws takes 50 MB of memory, which only the process that prints should spend
    pdf: bytes = import_string("reminders.letters.printing.draw")(sheets)
    PaperLetter.objects.filter(pk__in=[letter.pk for letter in letters], done_at__isnull=True).update(printed_at=now)
    return pdf


def print_list(*, branch: Branch, receiver: str, heading: str, lines: Sequence[str], now: datetime) -> bytes:
    """A list to a supplier as one PDF, in the language of who prints it."""
    language = get_language() or settings.DEFAULT_LANGUAGE
    sheets = list_sheets(
        branch=branch,
        receiver=receiver,
        heading=heading,
        lines=lines,
        language=language,
        on=branch_day(branch, now),
    )
    pdf: bytes = import_string("reminders.letters.printing.draw")(sheets)
    return pdf


@transaction.atomic
def post_letters(*, ids: Collection[int], branch: Branch, now: datetime, user: User) -> list[int]:
    """They are in the post: what each says has been said, and by whom it was posted. Gives those it holds for."""
    waiting = PaperLetter.objects.select_for_update().filter(pk__in=ids, branch=branch, done_at__isnull=True)
    letters = list(waiting.order_by("pk"))
    keys = [letter.pk for letter in letters]
    PaperLetter.objects.filter(pk__in=keys).update(done_at=now, done_by=user, outcome=Outcome.POSTED)
    note_state([letter.message for letter in letters if letter.message], Message.State.SENT, now, PROVIDER)
    for letter in letters:
        if letter.form == PaperLetter.Form.CARD:
            _say(letter, now, user)
    return keys


@transaction.atomic
def leave_out(*, letter: PaperLetter, now: datetime, user: User) -> bool:
    """It is not sent after all; False if somebody has decided already."""
    open_one = PaperLetter.objects.filter(pk=letter.pk, done_at__isnull=True)
    return bool(open_one.update(done_at=now, done_by=user, outcome=Outcome.LEFT_OUT))


@transaction.atomic
def take_back(*, ids: Collection[int], branch: Branch, now: datetime) -> int:
    """They are not in the post after all, or are sent after all: they wait again. Returns how many."""
    done = PaperLetter.objects.select_for_update().filter(pk__in=ids, branch=branch, done_at__isnull=False)
    letters = list(done.order_by("pk"))
    PaperLetter.objects.filter(pk__in=[letter.pk for letter in letters]).update(done_at=None, done_by=None, outcome="")
    cards = [letter for letter in letters if letter.form == PaperLetter.Form.CARD]
    unsaid = Message.objects.filter(provider=PROVIDER, state=Message.State.SENT).filter(
        pk__in=[letter.message_id for letter in cards]
    )
    messages = list(unsaid)
    unsaid.update(state=Message.State.CANCELLED, sent_at=None, sent_on=None)
    note_state(messages, Message.State.CANCELLED, now, "by hand")
    return len(letters)


def _say(card: PaperLetter, now: datetime, user: User) -> None:
    """A posted card is a message like others: it is said once, whoever posts it and how often."""
    said_on = now.astimezone(zone(card.branch)).date()
    sent = {
        "state": Message.State.SENT,
        "state_reason": "",
        "sent_at": now,
        "sent_on": said_on,
        "written_by": user,
    }
    message, _created = Message.objects.update_or_create(
        client=card.client,
        kind=card.kind,
        occasion=card.key,
        defaults=sent,
        create_defaults=sent
        | {
            "branch": card.branch,
            "purpose": Purpose.CARE,
            "channel": Channel.LETTER,
            "language": card.language,
            "provider": PROVIDER,
            "body": card.text,
            "send_at": now,
            "planned_at": now,
            "not_after": card.due_at if card.due_at > now else now,
        },
    )
    PaperLetter.objects.filter(pk=card.pk).update(message=message)
    note_state([message], Message.State.SENT, now, PROVIDER)
    note_change([card.client_id])
