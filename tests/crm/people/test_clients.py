"""Writing clients and notes down (practices.md, P1)."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from crm.people.models import Client, ClientChange, HealthNote, HealthNoteReading, Note
from crm.people.selectors import find_clients, may_read_health, notes_of, stories_to_ask
from crm.people.services import (
    add_health_note,
    add_note,
    create_client,
    pin_note,
    read_health_notes,
    rebuild_search,
    remove_note,
    restore_note,
    retire_health_note,
    set_client_status,
    tick_asked,
    untick_asked,
    update_client,
    update_note,
)
from tests.factories import NOW, TODAY, make_branch, make_cast, make_client, make_health_note, make_note

pytestmark = pytest.mark.django_db


def test_a_new_client_is_searchable_and_noted_as_changed():
    branch = make_branch(phone="+38733100100")
    client = create_client(branch=branch, name=" Mia Example ", phone="061 100 321", now=NOW)
    assert (client.name, client.phone, client.since) == ("Mia Example", "+38761100321", TODAY)
    assert (client.search_text.split()[0], client.search_digits) == ("mia", "38761100321")
    assert list(ClientChange.objects.values_list("client", flat=True)) == [client.pk]


def test_a_phone_nobody_can_ring_is_refused_by_field():
    with pytest.raises(ValidationError) as refusal:
        create_client(branch=make_branch(), name="Mia", phone="12", now=NOW)
    assert list(refusal.value.message_dict) == ["phone"]


def test_an_update_refreshes_search_and_refuses_half_a_birthday():
    client = make_client(branch=make_branch(), name="Mia Example")
    update_client(client=client, name="Nora Example")
    client.refresh_from_db()
    assert client.search_text.split()[0] == "nora"
    with pytest.raises(ValidationError):
        update_client(client=client, birth_month=5)


@pytest.mark.parametrize(
    ("day", "month", "year", "refused"),
    [
        (31, 2, None, {"birth_day": ["There is no such day."]}),
        (29, 2, 1999, {"birth_day": ["There is no such day."]}),
        (31, 4, 1999, {"birth_day": ["There is no such day."]}),
        (1, 5, 2100, {"birth_year": ["This year is still to come."]}),
        (29, 2, None, {}),
        (29, 2, 1996, {}),
        (31, 12, 1999, {}),
    ],
)
def test_a_birthday_is_a_day_of_the_calendar(day, month, year, refused):
    client = make_client(branch=make_branch())
    said = {}
    try:
        update_client(client=client, birth_day=day, birth_month=month, birth_year=year)
    except ValidationError as refusal:
        said = refusal.message_dict
    assert said == refused


def test_a_break_has_an_end_and_without_one_a_person_asks_after_ninety_days():
    client = make_client(branch=make_branch())
    set_client_status(client=client, status=Client.Status.BREAK, today=TODAY)
    client.refresh_from_db()
    assert (client.break_from, client.break_until, client.break_is_open) == (TODAY, date(2026, 9, 8), True)
    set_client_status(client=client, status=Client.Status.BREAK, today=TODAY, break_until=date(2026, 7, 1))
    client.refresh_from_db()
    assert (client.break_until, client.break_is_open) == (date(2026, 7, 1), False)
    with pytest.raises(ValidationError):
        set_client_status(client=client, status=Client.Status.BREAK, today=TODAY, break_until=TODAY)
    set_client_status(client=client, status=Client.Status.ACTIVE, today=TODAY)
    client.refresh_from_db()
    assert (client.break_from, client.break_until, client.break_is_open) == (None, None, False)


def test_rebuild_writes_only_what_differs():
    branch = make_branch()
    good, stale = make_client(branch=branch, name="Good"), make_client(branch=branch, name="Stale")
    Client.objects.filter(pk=stale.pk).update(search_text="old", search_digits="")
    assert rebuild_search() == ([stale.pk], [])
    assert (find_clients("sta"), find_clients("goo")) == ([stale], [good])


def test_card_shows_what_to_ask_first_then_pinned_then_newest():
    cast = make_cast()
    exam = make_note(cast.vera, "exam", on=TODAY - timedelta(days=30), ask_again_on=TODAY)
    later = make_note(cast.vera, "holiday", ask_again_on=TODAY + timedelta(days=1))
    pinned = make_note(cast.vera, "likes the window", on=TODAY - timedelta(days=90), is_pinned=True)
    old = make_note(cast.vera, "a dog", on=TODAY - timedelta(days=200))
    never = make_note(cast.vera, "the divorce", kind=Note.Kind.NEVER)
    card = notes_of(cast.vera, today=TODAY)
    assert (card.to_ask, card.pinned, card.others, card.never) == ([exam], [pinned], [later, old], [never])
    seen = notes_of(cast.vera, today=TODAY, over_the_shoulder=True)
    assert (seen.never, seen.others) == ([], [later, old])


def test_a_tick_takes_the_story_off_until_there_is_a_new_day():
    cast = make_cast()
    note = make_note(cast.vera, ask_again_on=TODAY - timedelta(days=3))
    assert tick_asked(client=cast.dina, note_ids=[note.pk], today=TODAY) == 0
    assert tick_asked(client=cast.vera, note_ids=[note.pk], today=TODAY) == 1
    assert stories_to_ask([cast.vera.pk], today=TODAY) == {}
    untick_asked(note=note)
    assert stories_to_ask([cast.vera.pk], today=TODAY) == {cast.vera.pk: [note]}
    tick_asked(client=cast.vera, note_ids=[note.pk], today=TODAY)
    note.refresh_from_db()
    update_note(note=note, text="how did it go", kind=note.kind, ask_again_on=TODAY + timedelta(days=7))
    assert (note.asked_on, stories_to_ask([cast.vera.pk], today=TODAY + timedelta(days=7))[cast.vera.pk]) == (
        None,
        [note],
    )


def test_a_note_is_written_pinned_removed_and_put_back():
    cast = make_cast()
    author = cast.user_of(cast.anna)
    note = add_note(client=cast.vera, text=" loves jazz ", now=NOW, branch=cast.branch, author=author)
    pin_note(note=note, is_pinned=True)
    note.refresh_from_db()
    assert (note.text, note.written_on, note.author_name, note.is_pinned) == ("loves jazz", TODAY, "Anna", True)
    note.save()
    key = remove_note(note=note)
    assert not Note.objects.filter(client=cast.vera).exists()
    assert restore_note(client=cast.dina, key=key) is None
    restored = restore_note(client=cast.vera, key=key)
    assert restored is not None
    assert (restored.pk, restored.text, restored.is_pinned) == (key, "loves jazz", True)
    assert restore_note(client=cast.vera, key=key) is None


def test_health_notes_are_encrypted_kept_to_the_branch_and_every_reading_is_recorded():
    cast = make_cast()
    add_health_note(
        client=cast.vera, text="Allergic to glue", now=NOW, branch=cast.branch, author=cast.user_of(cast.anna)
    )
    make_health_note(cast.vera, "Elsewhere's own", branch=cast.elsewhere)
    with connection.cursor() as cursor:
        cursor.execute("SELECT text FROM crm_healthnote")
        assert not any("glue" in row[0] for row in cursor.fetchall())
    user = cast.user_of(cast.boris)
    found = read_health_notes(clients=[cast.vera, cast.dina], branch=cast.branch, user=user, where="visit", now=NOW)
    assert [note.text for note in found[cast.vera.pk]] == ["Allergic to glue"]
    reading = HealthNoteReading.objects.get()
    assert (reading.client, reading.user, reading.read_at, reading.where) == (cast.vera, user, NOW, "visit")
    retire_health_note(note=HealthNote.objects.get(branch=cast.branch))
    assert read_health_notes(clients=[cast.vera], branch=cast.branch, user=user, where="visit", now=NOW) == {}


def test_only_who_treats_her_reads_health_notes():
    cast = make_cast()
    readers = [
        cast.owner,
        cast.user_of(cast.anna),
        cast.receptionist,
        cast.user_of(cast.outsider),
    ]
    assert [may_read_health(user, cast.branch) for user in readers] == [True, True, False, False]
