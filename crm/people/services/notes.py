"""What the salon remembers about a client (practices.md, P1), health notes apart."""

from collections.abc import Collection
from datetime import date, datetime

from django.db import transaction

from crm.people.models import Client, HealthNote, HealthNoteReading, Note
from crm.team.models import Branch, User
from crm.team.selectors import branch_day


@transaction.atomic
def add_note(
    *,
    client: Client,
    text: str,
    now: datetime,
    branch: Branch,
    author: User,
    kind: str = Note.Kind.STORY,
    ask_again_on: date | None = None,
    is_pinned: bool = False,
) -> Note:
    """Writes a dated note; the day is the branch's."""
    return Note.objects.create(
        client=client,
        kind=kind,
        text=text.strip(),
        written_on=branch_day(branch, now),
        written_at=now,
        ask_again_on=ask_again_on,
        is_pinned=is_pinned,
        author=author,
        author_name=str(author),
    )


@transaction.atomic
def update_note(*, note: Note, text: str, kind: str, ask_again_on: date | None) -> Note:
    """Changes what a note says; a new day to ask on asks again."""
    if ask_again_on != note.ask_again_on:
        note.asked_on = None
    note.text, note.kind, note.ask_again_on = text.strip(), kind, ask_again_on
    note.save(update_fields=["text", "kind", "ask_again_on", "asked_on"])
    return note


def pin_note(*, note: Note, is_pinned: bool) -> None:
    """Pinned notes stand on top of the card."""
    Note.objects.filter(pk=note.pk).update(is_pinned=is_pinned)


def tick_asked(*, client: Client, note_ids: Collection[int], today: date) -> int:
    """These stories were asked about today; gives how many."""
    return Note.objects.filter(client=client, pk__in=note_ids, ask_again_on__lte=today).update(asked_on=today)


def untick_asked(*, note: Note) -> None:
    """It was not asked after all."""
    Note.objects.filter(pk=note.pk).update(asked_on=None)


@transaction.atomic
def remove_note(*, note: Note) -> int:
    """Takes a note off the card; its history keeps it. Gives the key with which it can be put back."""
    key = note.pk
    note.delete()
    return key


@transaction.atomic
def restore_note(*, client: Client, key: int) -> Note | None:
    """Puts a removed note back as it last was; none if there is nothing to put back."""
    if Note.objects.filter(pk=key).exists():
        return None
    last = Note.history.filter(id=key, client_id=client.pk).order_by("-history_date", "-history_id").first()
    if last is None:
        return None
    note = last.instance
    note.save(force_insert=True)
    return note


@transaction.atomic
def add_health_note(*, client: Client, text: str, now: datetime, branch: Branch, author: User | None) -> HealthNote:
    """Writes an allergy or sensitivity, encrypted, for this branch; an answer by link has no author."""
    return HealthNote.objects.create(
        client=client,
        branch=branch,
        text=text.strip(),
        written_on=branch_day(branch, now),
        written_at=now,
        author=author,
        author_name=str(author) if author else "",
    )


def retire_health_note(*, note: HealthNote) -> None:
    """It is no longer true; it stays on record."""
    HealthNote.objects.filter(pk=note.pk).update(is_current=False)


def read_health_notes(
    *, clients: Collection[Client], branch: Branch, user: User, where: str, now: datetime
) -> dict[int, list[HealthNote]]:
    """Current health notes of these clients in this branch, by client, the newest first.

    Whoever calls this shows them: each client with a note is recorded as read (trust.md, Privacy).
    Two statements, whatever the number of clients.
    """
    found: dict[int, list[HealthNote]] = {}
    for note in HealthNote.objects.filter(client__in=clients, branch=branch, is_current=True).order_by(
        "-written_on", "-pk"
    ):
        found.setdefault(note.client_id, []).append(note)
    HealthNoteReading.objects.bulk_create(
        HealthNoteReading(client_id=client_id, user=user, read_at=now, where=where) for client_id in found
    )
    return found
