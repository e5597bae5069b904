"""The salon's standard: versions, what a visit runs on, why a step was left out, and its lesson (practices.md, P5, P55)."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from crm.booking.models import Appointment
from crm.care.models import StandardStep, VisitStep
from crm.care.ready import EVERY_VISIT, HANDBOOK, HELPS, SETS, TOUCHPOINTS
from crm.care.selectors import checklist_of, lessons_of, unread_lessons, visits_without_steps, with_steps_to_ask
from crm.care.services import (
    NothingNew,
    NothingToPublish,
    NotThatReason,
    SayWhyImpossible,
    StandardRefused,
    VisitOver,
    lay_out_late,
    lay_out_steps,
    note_asked,
    open_step,
    publish_standard,
    read_lesson,
    skip_step,
    take_ready_handbook,
    take_ready_helps,
    take_ready_standard,
    take_ready_touchpoints,
    tick_step,
)
from tests.factories import NOW, make_appointment, make_skill, make_standard

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(hours=1)
Status, State = Appointment.Status, VisitStep.State


@pytest.fixture
def visit(cast):
    return make_appointment(client=cast.vera, master=cast.anna, starts_at=NOW, services=[cast.lashes])


def words(appointment, now=NOW):
    return [row.step.text_en for row in checklist_of(appointment, now)]


def first(appointment, now=NOW):
    return checklist_of(appointment, now)[0].step_id


def rewrite(standard, *texts, at=LATER):
    """The owner writes other steps, and publishes them."""
    StandardStep.objects.filter(standard=standard, version=None).delete()
    for place, text in enumerate(texts):
        StandardStep.objects.create(standard=standard, position=place, text_en=text)
    return publish_standard(standard=standard, now=at, user=None)


def test_visit_has_the_steps_of_every_visit_and_then_those_of_its_services(cast, visit):
    make_standard("Clean the lashes", branch=cast.branch, service=cast.lashes)
    make_standard("Keep clothes dry", branch=cast.branch, service=cast.colour)
    make_standard("Greet by name", branch=cast.branch, optional=["Aroma"])
    make_standard("Elsewhere", branch=cast.elsewhere)

    assert words(visit) == ["Greet by name", "Aroma", "Clean the lashes"]
    assert not VisitStep.objects.exists()


def test_visit_that_has_begun_keeps_its_version(cast, visit):
    standard = make_standard("Greet", "Offer the drink", branch=cast.branch)
    lay_out_steps(appointment=visit, at=NOW)
    tick_step(appointment=visit, step_id=first(visit), now=NOW, user=cast.owner)

    version = rewrite(standard, "Greet by name", at=LATER)

    assert version.number == 2
    assert words(visit, LATER + timedelta(minutes=1)) == ["Greet", "Offer the drink"]
    other = make_appointment(client=cast.dina, master=cast.boris, starts_at=LATER, services=[cast.lashes])
    assert words(other, LATER) == ["Greet by name"]


def test_publishing_without_a_change_or_a_step_is_refused(cast):
    standard = make_standard("Greet", branch=cast.branch)
    with pytest.raises(NothingNew):
        publish_standard(standard=standard, now=LATER, user=None)

    standard.lesson_en = "A name costs nothing."
    standard.save()
    assert publish_standard(standard=standard, now=LATER, user=None).number == 2

    StandardStep.objects.filter(standard=standard, version=None).delete()
    with pytest.raises(NothingToPublish):
        publish_standard(standard=standard, now=LATER, user=None)


def test_step_keeps_its_key_when_its_words_are_put_better(cast):
    standard = make_standard("Greet", branch=cast.branch)
    StandardStep.objects.filter(standard=standard, version=None).update(text_en="Greet by name")

    version = publish_standard(standard=standard, now=LATER, user=None)

    old, new = StandardStep.objects.filter(version__isnull=False).order_by("version__number")
    assert (old.text_en, new.text_en, new.version) == ("Greet", "Greet by name", version)
    assert old.key == new.key


def test_step_is_left_out_for_a_reason_of_the_list_and_never_for_taste(cast, visit):
    make_standard("Greet", "Head massage", branch=cast.branch)
    greet, massage = (row.step_id for row in checklist_of(visit, NOW))
    said = {"appointment": visit, "now": NOW, "user": cast.owner}

    for taste in ("", "did not feel like it", "open", "done"):
        with pytest.raises(NotThatReason):
            skip_step(step_id=massage, reason=taste, why="", **said)
    with pytest.raises(SayWhyImpossible):
        skip_step(step_id=massage, reason="impossible", why="  ", **said)
    skip_step(step_id=greet, reason="impossible", why="She was on the phone ", **said)
    skip_step(step_id=massage, reason="declined", why="", **said)

    rows = checklist_of(visit, NOW)
    assert [(row.state, row.reason, row.why) for row in rows] == [
        ("skipped", "impossible", "She was on the phone"),
        ("skipped", "declined", ""),
    ]
    # ticked after all: the reason goes
    tick_step(appointment=visit, step_id=massage, now=LATER, user=cast.owner)
    open_step(appointment=visit, step_id=greet, now=LATER)
    assert [(row.state, row.reason, row.at) for row in checklist_of(visit, NOW)] == [
        ("open", "", None),
        ("done", "", LATER),
    ]


@pytest.mark.parametrize(
    "contradiction",
    [
        {"state": "skipped", "at": NOW},
        {"state": "done", "at": NOW, "reason": "declined"},
        {"state": "skipped", "at": NOW, "reason": "impossible"},
        {"state": "skipped", "at": NOW, "reason": "taste", "why": "x"},
        {"state": "done"},
    ],
)
def test_database_holds_no_step_left_out_in_silence(cast, visit, contradiction):
    make_standard("Greet", branch=cast.branch)
    lay_out_steps(appointment=visit, at=NOW)

    with pytest.raises(IntegrityError), transaction.atomic():
        VisitStep.objects.update(**contradiction)


def test_step_of_another_visit_or_another_day_is_not_ticked(cast, visit):
    make_standard("Greet", branch=cast.branch)
    make_standard("Keep clothes dry", branch=cast.branch, service=cast.colour)
    dry = StandardStep.objects.get(text_en="Keep clothes dry", version__isnull=False)
    said = {"appointment": visit, "user": cast.owner}

    with pytest.raises(StandardRefused):
        tick_step(step_id=dry.pk, now=NOW, **said)
    with pytest.raises(VisitOver):
        tick_step(step_id=first(visit), now=NOW + timedelta(days=1), **said)
    assert not VisitStep.objects.filter(state=State.DONE).exists()


def asks(appointment):
    return with_steps_to_ask(Appointment.objects.all()).get(pk=appointment.pk).asks_steps


def test_whoever_finishes_is_asked_once_about_required_steps(cast, visit):
    assert not asks(visit)
    make_standard("Greet", branch=cast.branch, optional=["Aroma"])
    # not laid out yet, and asked all the same
    assert asks(visit)

    note_asked(appointment=visit, now=NOW)
    assert not asks(visit)

    other = make_appointment(client=cast.dina, master=cast.boris, starts_at=LATER, services=[cast.lashes])
    lay_out_steps(appointment=other, at=NOW)
    assert asks(other)
    # the optional one may stay open
    tick_step(appointment=other, step_id=first(other), now=NOW, user=cast.owner)
    assert not asks(other)


def test_visit_that_went_past_its_list_gets_it_as_of_when_it_began(cast, visit):
    standard = make_standard("Greet", branch=cast.branch, at=NOW - timedelta(days=30))
    done = {"status": Status.DONE, "finished_at": LATER}
    Appointment.objects.filter(pk=visit.pk).update(started_at=NOW, **done)
    imported = make_appointment(
        client=cast.dina, master=cast.anna, starts_at=NOW, services=[cast.lashes], is_imported=True, **done
    )
    rewrite(standard, "Greet by name", at=NOW + timedelta(minutes=10))

    assert lay_out_late(now=LATER) == 1

    assert words(visit) == ["Greet"]
    assert not VisitStep.objects.filter(appointment=imported).exists()
    assert visits_without_steps(since=NOW) == []


def test_lesson_is_read_by_each_master_for_each_version(cast):
    anna, boris = cast.user_of(cast.anna), cast.user_of(cast.boris)
    make_skill(cast.boris, cast.colour)
    everybody = make_standard("Greet", branch=cast.branch)
    lashes = make_standard("Clean the lashes", branch=cast.branch, service=cast.lashes)

    read_lesson(version=everybody.current, user=anna, now=NOW)
    read_lesson(version=everybody.current, user=anna, now=LATER)

    # Boris does colour only, and the reception is no master
    assert unread_lessons(anna, cast.branch) == [lashes.current]
    assert unread_lessons(boris, cast.branch) == [everybody.current]
    assert unread_lessons(cast.receptionist, cast.branch) == []
    assert [(str(each.standard), each.read, each.unread) for each in lessons_of(cast.branch)] == [
        ("Every visit", [anna], [boris]),
        (cast.lashes.name, [], [anna]),
    ]

    second = rewrite(everybody, "Greet by name")
    assert unread_lessons(anna, cast.branch) == [lashes.current, second]


def test_ready_made_sets_are_taken_as_drafts_once(cast):
    standard = take_ready_standard(name=EVERY_VISIT, branch=cast.branch, service=None)
    take_ready_standard(name=EVERY_VISIT, branch=cast.branch, service=None)

    drafts = StandardStep.objects.filter(standard=standard, version=None)
    assert drafts.count() == len(SETS[EVERY_VISIT].steps) == 10
    assert standard.current is None
    assert (take_ready_handbook(), take_ready_handbook()) == (len(HANDBOOK), 0)
    assert (take_ready_helps(), take_ready_helps()) == (len(HELPS), 0)
    assert (take_ready_touchpoints(), take_ready_touchpoints()) == (len(TOUCHPOINTS), 0)


def test_ready_made_words_are_there_in_four_languages():
    texts = [
        *(each.lesson for each in SETS.values()),
        *(step.words for each in SETS.values() for step in each.steps),
        *(words for entry in HANDBOOK for words in (entry.says, entry.answer)),
        *HELPS,
        *TOUCHPOINTS,
    ]

    assert [text for text in texts if len(text) != 4 or not all(text)] == []
    # columns of steps and headings hold 160 signs
    assert [text for text in texts if len(set(text)) != 4] == []
