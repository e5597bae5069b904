"""Photographs of the work are there while she allows it, and so are their files (practices.md, P54)."""

import errno
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.storage import FileSystemStorage

from crm.care.models import PhotographConsent, WorkPhotograph
from crm.care.selectors import photograph_refusals_since, photograph_wishes, photographs_to_show
from crm.care.services import (
    answer_about_photographs,
    keep_photographs,
    refuse_photographs_again,
    remove_photograph,
    take_back_photographs,
)
from crm.care.services.photographs import NoRoom, NotAllowed, TooManyPhotographs
from crm.people.pictures import clean_picture
from tests.crm.people.test_pictures import photograph, read
from tests.factories import NOW, TODAY, make_appointment, make_photograph

pytestmark = pytest.mark.django_db

BEFORE, AFTER = WorkPhotograph.Moment.BEFORE, WorkPhotograph.Moment.AFTER
QUESTION = "May we?"


@pytest.fixture(autouse=True)
def media(settings, tmp_path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def files(folder: Path) -> int:
    return sum(1 for each in folder.rglob("*.jpg"))


def say(cast, purpose, is_given, *, now=NOW, client=None) -> int:
    return answer_about_photographs(
        client=client or cast.vera,
        purpose=purpose,
        is_given=is_given,
        where="desk",
        now=now,
        user=cast.receptionist,
        text_shown=QUESTION,
    )


def keep(cast, *widths, now=NOW, **more) -> list[WorkPhotograph]:
    pictures = [clean_picture(photograph(width=width)) for width in widths]
    wanted = {"client": cast.vera, "branch": cast.branch, "moment": AFTER, "user": cast.receptionist} | more
    return keep_photographs(pictures=pictures, now=now, **wanted)


def test_without_her_yes_none_is_kept(cast, media):
    for answers in ((), (False,), (True, False)):
        for after, is_given in enumerate(answers):
            say(cast, "kept", is_given, now=NOW + timedelta(minutes=after))
        with pytest.raises(NotAllowed):
            keep(cast, 60)
    assert (WorkPhotograph.objects.count(), files(media)) == (0, 0)


def test_they_belong_to_the_visit_and_each_is_kept_once(cast, media):
    visit = make_appointment(
        client=cast.vera, master=cast.anna, starts_at=NOW - timedelta(days=1), services=[cast.lashes]
    )
    say(cast, "kept", True)
    about = {"appointment": visit, "master": cast.anna, "moment": BEFORE}

    kept = keep(cast, 60, 80, 60, **about)
    again = keep(cast, 80, 100, **about)

    assert [len(kept), len(again), files(media)] == [2, 1, 6]
    assert {(each.on, each.moment, each.master, each.added_by) for each in WorkPhotograph.objects.all()} == {
        (visit.on, "before", cast.anna, cast.receptionist)
    }


def test_the_same_sent_as_the_other_moment_is_of_that_one(cast, media):
    say(cast, "kept", True)
    first = keep(cast, 60, moment=BEFORE)[0]

    later = NOW + timedelta(minutes=1)
    both = keep(cast, 60, 80, moment=AFTER, now=later)
    again = keep(cast, 60, moment=AFTER, now=later)

    assert [each.pk == first.pk for each in both] == [False, True]
    assert (again, files(media)) == ([], 4)
    first.refresh_from_db()
    assert (first.moment, first.added_at) == (AFTER, NOW)


def test_the_small_one_is_small(cast):
    say(cast, "kept", True)
    kept = keep(cast, 1200)[0]
    assert read(kept.image.read()).size == (1200, 40)
    assert read(kept.small.read()).size == (480, 16)


def test_an_answer_is_kept_with_its_words_and_the_same_twice_is_one(cast):
    for _tap in range(2):
        say(cast, "kept", True)
    event = PhotographConsent.objects.get()
    assert (event.purpose, event.is_given, event.at, event.where, event.user_name, event.text_shown) == (
        "kept", True, NOW, "desk", str(cast.receptionist), QUESTION,
    )  # fmt: skip
    wishes = photograph_wishes(cast.vera)
    assert (wishes.may_keep, wishes.may_show) == (True, False)


def test_a_no_removes_all_of_hers_in_every_branch_and_nobody_elses(cast, media, django_capture_on_commit_callbacks):
    for client in (cast.vera, cast.dina):
        say(cast, "kept", True, client=client)
        keep(cast, 60, client=client)
    keep(cast, 80, branch=cast.elsewhere)
    say(cast, "shown", True)

    with django_capture_on_commit_callbacks(execute=True):
        removed = say(cast, "kept", False, now=NOW + timedelta(hours=1))

    assert (removed, files(media)) == (2, 2)
    assert WorkPhotograph.objects.get().client == cast.dina
    # what may be shown to others has ended with it: a yes to the first later on is no yes to the second
    say(cast, "kept", True, now=NOW + timedelta(hours=2))
    assert (photograph_wishes(cast.vera).may_keep, photograph_wishes(cast.vera).may_show) == (True, False)


def test_only_results_of_those_who_said_so_are_shown_to_others(cast):
    for client in (cast.vera, cast.dina, cast.leila):
        say(cast, "kept", True, client=client)
    say(cast, "shown", True)
    say(cast, "shown", True, client=cast.dina)
    say(cast, "shown", False, client=cast.dina, now=NOW + timedelta(hours=1))
    for client in (cast.vera, cast.dina, cast.leila):
        make_photograph(client, branch=cast.branch, on=TODAY)
    make_photograph(cast.vera, branch=cast.branch, on=TODAY, moment="before")
    make_photograph(cast.vera, branch=cast.elsewhere, on=TODAY)

    assert [(each.client, each.moment) for each in photographs_to_show([cast.branch])] == [(cast.vera, "after")]


def test_what_came_together_is_taken_back_together_for_ten_minutes(cast, media, django_capture_on_commit_callbacks):
    say(cast, "kept", True)
    first, second, other = *keep(cast, 60, 80), *keep(cast, 100, now=NOW + timedelta(minutes=1))
    assert take_back_photographs(photograph=first, now=NOW + timedelta(minutes=10, seconds=1)) == 0

    with django_capture_on_commit_callbacks(execute=True):
        assert take_back_photographs(photograph=second, now=NOW + timedelta(minutes=10)) == 2
    assert (WorkPhotograph.objects.get(), files(media)) == (other, 2)

    with django_capture_on_commit_callbacks(execute=True):
        remove_photograph(photograph=other)
    assert files(media) == 0


def test_a_full_disk_is_said_and_leaves_nothing_half(cast, media, monkeypatch):
    say(cast, "kept", True)
    keep(cast, 60)
    save = FileSystemStorage._save

    def until_full(storage, name, content):
        if files(media) == 4:
            save(storage, name, content)
            raise OSError(errno.ENOSPC, "No space left on device")
        return save(storage, name, content)

    monkeypatch.setattr(FileSystemStorage, "_save", until_full)
    with pytest.raises(NoRoom, match="no room left"):
        keep(cast, 80, 100)

    assert (WorkPhotograph.objects.count(), files(media)) == (1, 2)


def test_a_day_has_an_end(cast, media, monkeypatch):
    monkeypatch.setattr("crm.care.services.photographs.MOST_A_DAY", 2)
    say(cast, "kept", True)
    keep(cast, 60)
    with pytest.raises(TooManyPhotographs):
        keep(cast, 80, 100)
    assert files(media) == 2


def test_a_no_said_after_a_copy_was_made_is_said_again(cast, media, django_capture_on_commit_callbacks):
    """As a restore does: what was said since is read, the older state comes back, and it is said anew."""
    say(cast, "kept", True, now=NOW - timedelta(days=2))
    say(cast, "kept", False, now=NOW)
    said = photograph_refusals_since(NOW - timedelta(days=1))
    PhotographConsent.objects.filter(is_given=False).delete()
    keep(cast, 60)

    with django_capture_on_commit_callbacks(execute=True):
        assert refuse_photographs_again(refusals=said) == 1

    event = PhotographConsent.objects.get(is_given=False)
    assert (event.where, event.at, event.text_shown) == ("restore", NOW, QUESTION)
    assert (WorkPhotograph.objects.count(), files(media)) == (0, 0)
