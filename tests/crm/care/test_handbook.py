"""The handbook and the small emergencies (practices.md, P4 and P33)."""

from datetime import timedelta

import pytest

from crm.care.models import HandbookEntry, HelpGiven, HelpKind, TeamScore
from crm.care.selectors import counted_entry, handbook, help_kinds, may_take_back, with_questions
from crm.care.services import (
    NoSuchScore,
    help_out,
    note_use,
    score_month,
    take_back_help,
    take_ready_handbook,
    take_ready_helps,
)
from crm.team.models import Master
from tests.factories import NOW, TODAY, make_appointment

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("expensive", "It is too expensive"),
        ("expnsive", "It is too expensive"),
        ("дорого", "It is too expensive"),
        ("dorogo", "It is too expensive"),
        ("preskupo", "It is too expensive"),
        ("price", "It is too expensive"),
        ("подумаю", "I will think about it"),
        ("حساسية", "I am afraid of an allergy"),
        ("alergya", "I am afraid of an allergy"),
    ],
)
def test_entry_is_found_by_a_word_in_any_script_with_slips(typed, found):
    take_ready_handbook()

    assert handbook(typed)[0].text_en == found


def test_nothing_alike_is_found_by_a_word_of_something_else():
    take_ready_handbook()

    assert handbook("zzgqx") == []
    assert handbook("expensive zzgqx") == []


def test_what_worked_more_often_stands_higher(cast):
    one, two, three = (HandbookEntry.objects.create(text_en=f"Too dear {n}", answer_en="It lasts.") for n in range(3))
    for entry, worked in ((one, False), (two, True), (two, True), (three, True), (three, False)):
        note_use(entry=entry, worked=worked, now=NOW, user=cast.owner)

    # (2+1)/(2+2) = 0.75, (1+1)/(2+2) = 0.5, (0+1)/(1+2) = 0.33
    assert handbook() == [two, three, one]
    assert [(each.worked, each.failed) for each in handbook("dear")] == [(2, 0), (1, 1), (0, 1)]


def test_use_on_the_same_visit_is_said_anew(cast):
    entry = HandbookEntry.objects.create(text_en="Too dear")
    visit = make_appointment(client=cast.vera, master=cast.anna, starts_at=NOW, services=[cast.lashes])
    for worked in (True, False):
        note_use(entry=entry, worked=worked, now=NOW, user=cast.owner, appointment=visit)

    counted = counted_entry(entry.pk)
    assert (counted.worked, counted.failed) == (0, 1)


def test_help_is_a_moment_of_care_and_a_slip_is_taken_back(cast):
    take_ready_helps()
    anna = cast.user_of(cast.anna)
    umbrella = help_kinds()[0]

    given = help_out(branch=cast.branch, kind=umbrella, client=cast.vera, words=" red one ", now=NOW, user=anna)
    nobody = help_out(branch=cast.branch, kind=umbrella, now=NOW, user=anna)

    assert (given.on, given.words, nobody.client) == (TODAY, "red one", None)
    assert may_take_back(given, anna, NOW + timedelta(minutes=30))
    assert not may_take_back(given, anna, NOW + timedelta(minutes=31))
    assert not may_take_back(given, cast.user_of(cast.boris), NOW)
    assert may_take_back(given, cast.receptionist, NOW + timedelta(days=3))
    take_back_help(given=given)
    assert list(HelpGiven.objects.all()) == [nobody]
    HelpKind.objects.filter(pk=umbrella.pk).update(is_active=False)
    assert umbrella not in help_kinds()


def test_master_is_asked_once_a_month_and_may_say_it_anew(cast):
    anna = cast.user_of(cast.anna)

    def asks(user, day=TODAY):
        return with_questions(Master.objects.filter(user=user), day).get().is_asked

    assert asks(anna)

    score_month(user=anna, branch=cast.branch, score=6, now=NOW)
    score_month(user=anna, branch=cast.branch, score=6, now=NOW, words="Too few towels ")
    score_month(user=anna, branch=cast.branch, score=7, now=NOW)

    assert list(TeamScore.objects.values_list("score", "words")) == [(7, "Too few towels")]
    assert not asks(anna)
    # July
    assert asks(anna, TODAY + timedelta(days=21))
    with pytest.raises(NoSuchScore):
        score_month(user=anna, branch=cast.branch, score=11, now=NOW)
    # who would rather not say is not asked again
    score_month(user=cast.user_of(cast.boris), branch=cast.branch, score=None, now=NOW)
    assert not asks(cast.user_of(cast.boris))
