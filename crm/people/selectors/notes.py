"""Reads of notes. Health notes are read through a verb, as every reading is recorded."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date

from django.db.models import F, Q

from crm.people.models import Client, Note
from crm.team.models import Branch, User

# kinds that the client must not see over the shoulder
PROTECTED = (Note.Kind.NEVER, Note.Kind.COMPLAINT, Note.Kind.GIFT)
# how many of the others a card shows at once
UNFOLDED = 5


@dataclass
class CardNotes:
    """Notes of a card: what to ask about today on top, then the pinned, then the newest first."""

    to_ask: list[Note] = field(default_factory=list)
    pinned: list[Note] = field(default_factory=list)
    others: list[Note] = field(default_factory=list)
    never: list[Note] = field(default_factory=list)

    @property
    def newest(self) -> list[Note]:
        """Those that are open at once."""
        return self.others if len(self.others) <= UNFOLDED + 1 else self.others[:UNFOLDED]

    @property
    def older(self) -> list[Note]:
        """The rest, behind a fold that is never for one note alone."""
        return self.others[len(self.newest) :]

    def __bool__(self) -> bool:
        return bool(self.to_ask or self.pinned or self.others or self.never)


def due_to_ask(today: date) -> Q:
    """Stories whose day to ask has come and that nobody has asked about since."""
    return Q(ask_again_on__lte=today) & (Q(asked_on__isnull=True) | Q(asked_on__lt=F("ask_again_on")))


def is_due_to_ask(note: Note, today: date) -> bool:
    """The same of one note at hand."""
    return (
        note.ask_again_on is not None
        and note.ask_again_on <= today
        and (note.asked_on is None or note.asked_on < note.ask_again_on)
    )


def notes_of(client: Client, *, today: date, over_the_shoulder: bool = False) -> CardNotes:
    """All notes of a client for her card; over the shoulder without the protected kinds. One query."""
    notes = Note.objects.filter(client=client).order_by("-written_on", "-pk")
    if over_the_shoulder:
        notes = notes.exclude(kind__in=PROTECTED)
    card = CardNotes()
    for note in notes:
        if note.kind == Note.Kind.NEVER:
            card.never.append(note)
        elif is_due_to_ask(note, today):
            card.to_ask.append(note)
        elif note.is_pinned:
            card.pinned.append(note)
        else:
            card.others.append(note)
    return card


def stories_to_ask(client_ids: Collection[int], *, today: date) -> dict[int, list[Note]]:
    """What to ask these clients about today, what to remember always (pinned, preferences), what never to mention.

    One query for all of them; gifts, formulas and old stories stay on the card.
    """
    found: dict[int, list[Note]] = defaultdict(list)
    for note in (
        Note.objects.filter(client__in=client_ids)
        .filter(due_to_ask(today) | Q(is_pinned=True) | Q(kind__in=[Note.Kind.PREFERENCE, Note.Kind.NEVER]))
        .order_by("-written_on", "-pk")
    ):
        found[note.client_id].append(note)
    return found


def may_read_health(user: User, branch: Branch) -> bool:
    """Who treats the client: masters of the branch, and the owner. The reception does not (trust.md, Privacy)."""
    if user.role == User.Role.OWNER:
        return True
    return user.role == User.Role.MASTER and user.branch_id == branch.pk
