"""The same done by two at once: a letter told twice, a form sent twice, a draw by two planners, the last seat of two."""

from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import connection, models

from crm.care.models import Complaint, ComplaintReport
from crm.care.services import Told, reporting
from crm.people.models import Client
from reminders.campaigns.services import answering
from reminders.inbox.models import Letter
from reminders.inbox.services import receive, receiving
from reminders.journeys.drawing import Control
from reminders.journeys.models import Journey, Watch
from reminders.journeys.services import planning
from reminders.links.services.complaining import take_report
from reminders.messages.models import Kind, Message
from tests.factories import NOW, make_branch, make_client, make_master, make_service
from tests.faults.together import at_once, meeting
from tests.reminders.cast import make_event
from tests.reminders.playing_salon import switch_everything_on
from tests.reminders.salon_day import ELEVEN, days, known, make_due

pytestmark = [pytest.mark.race, pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

HELD_BACK = 50
CLIENTS = 12


# A letter that its provider tells of twice -----------------------------------------


@contextmanager
def without_the_constraint():
    """Whoever takes a letter in looks whether it is there, and that is all."""
    [once] = [each for each in Letter._meta.constraints if each.name == "letter_once"]
    with connection.schema_editor() as editor:
        editor.remove_constraint(Letter, once)
    try:
        yield
    finally:
        Letter.objects.all().delete()
        with connection.schema_editor() as editor:
            editor.add_constraint(Letter, once)


def kept_of_a_letter_told_twice(monkeypatch) -> tuple[list[bool], int, int]:
    """Who was told that it is new; letters, and complaints opened by it."""
    client = make_client(branch=make_branch(), phone="+38761100001")
    is_kept, meet, new = receiving._is_kept, meeting(), []

    def looked(arrived):
        found = is_kept(arrived)
        meet()
        return found

    monkeypatch.setattr(receiving, "_is_kept", looked)

    def comes():
        letter = receive(
            channel="sms",
            sender=client.phone,
            text="I am very unhappy, my lashes fell out after two days",
            provider="sink",
            provider_id="p1",
            at=NOW,
            now=NOW,
        )
        new.append(letter is not None)

    assert at_once(comes, comes) == []
    return sorted(new), Letter.objects.count(), Complaint.objects.count()


def test_letter_told_twice_at_once_is_kept_and_heeded_once(monkeypatch):
    assert kept_of_a_letter_told_twice(monkeypatch) == ([False, True], 1, 1)


def test_without_its_number_being_unique_a_letter_is_kept_twice(monkeypatch):
    """The control."""
    with without_the_constraint(), pytest.raises(AssertionError):
        assert kept_of_a_letter_told_twice(monkeypatch) == ([False, True], 1, 1)


# A complaint whose button is pressed twice -----------------------------------------


@contextmanager
def without_the_key_being_unique():
    """Whoever takes a form in looks whether it is there, and that is all."""
    once = ComplaintReport._meta.get_field("key")
    free = models.CharField(max_length=once.max_length)
    free.set_attributes_from_name(once.name)
    free.model = ComplaintReport
    with connection.schema_editor() as editor:
        editor.alter_field(ComplaintReport, once, free)
    try:
        yield
    finally:
        ComplaintReport.objects.all().delete()
        with connection.schema_editor() as editor:
            editor.alter_field(ComplaintReport, free, once)


def opened_by_a_form_sent_twice(monkeypatch) -> tuple[int, int, int]:
    """Complaints to whose page the two were led; complaints, and clients written down."""
    branch, known, meet, led_to = make_branch(), reporting._known, meeting(), []

    def looked(key):
        found = known(key)
        if found is None:
            meet()
        return found

    monkeypatch.setattr(reporting, "_known", looked)
    told = Told(about="result", language="en", words="They fell out", name="Mia", phone="+38761100777")

    def sends():
        report = take_report(told=told, branch=branch, key="k" * 32, connection="here", now=NOW)
        led_to.append(report.complaint_id)

    assert at_once(sends, sends) == []
    return len(set(led_to)), Complaint.objects.count(), Client.objects.count()


def test_form_sent_twice_at_once_is_one_complaint_of_one_client(monkeypatch):
    assert opened_by_a_form_sent_twice(monkeypatch) == (1, 1, 1)


def test_without_its_key_being_unique_a_form_is_two_complaints(monkeypatch):
    """The control."""
    with without_the_key_being_unique(), pytest.raises(AssertionError):
        assert opened_by_a_form_sent_twice(monkeypatch) == (1, 1, 1)


# Who is held back ---------------------------------------------------------------


def drawn_by_two(monkeypatch) -> tuple[list[str], dict[str, str]]:
    """Each client has changed twice, and each planner takes up one of the changes; what went wrong, and the states."""
    switch_everything_on(ELEVEN - days(200))
    Journey.objects.filter(kind=Kind.DUE_SOON).update(control_percent=HELD_BACK, control_seed="kept")
    branch = make_branch("Harbour")
    lashes, master = make_service(branch=branch), make_master(branch=branch, hours=None)
    clients = [make_due(branch, service=lashes, master=master) for _ in range(CLIENTS)]
    early = ELEVEN - timedelta(hours=2)
    known(*clients, now=early)
    planning.plan_due(now=early)
    known(*clients, now=early)
    known(*clients, now=early)
    load, meet = planning.Loader.load, meeting()

    def load_together(loader, ids):
        found = load(loader, ids)
        meet()
        return found

    monkeypatch.setattr(planning.Loader, "load", load_together)
    monkeypatch.setattr(planning, "CHUNK", CLIENTS)

    wrong = at_once(*[lambda: planning.plan_due(now=ELEVEN)] * 2)

    return wrong, dict(Message.objects.filter(kind=Kind.DUE_SOON).values_list("client__code", "state"))


def by_the_seed(codes) -> dict[str, str]:
    draw = Control(f"{Kind.DUE_SOON} kept", HELD_BACK)
    return {code: "control" if draw.holds_back(code) else "planned" for code in codes}


def test_two_planners_at_once_draw_each_client_once_and_as_the_seed_says(monkeypatch):
    wrong, states = drawn_by_two(monkeypatch)

    assert (wrong, len(states)) == ([], CLIENTS)
    assert states == by_the_seed(states)


def test_without_the_lock_on_who_is_looked_at_both_draw_her(monkeypatch):
    """The control: the second planner has read before the first has written."""
    monkeypatch.setattr(Watch.objects, "select_for_update", lambda **_how: Watch.objects.all(), raising=False)

    wrong, _states = drawn_by_two(monkeypatch)

    with pytest.raises(AssertionError):
        assert wrong == []


# The last seat --------------------------------------------------------------------


def answers_of_two(monkeypatch) -> list[str]:
    """One seat is left, and two want it at once."""
    branch = make_branch()
    one, two = make_client(branch=branch), make_client(branch=branch)
    event = make_event(seats=1).event
    count, meet = answering.seats_taken, meeting()

    def counted(held):
        taken = count(held)
        meet()
        return taken

    monkeypatch.setattr(answering, "seats_taken", counted)

    wrong = at_once(
        *[
            lambda client=client: answering.answer_invitation(event=event, client=client, seats=1, now=NOW)
            for client in (one, two)
        ]
    )

    assert wrong == []
    return sorted(event.guests.values_list("state", flat=True))


def test_last_seat_goes_to_one_of_two_and_the_other_waits(monkeypatch):
    assert answers_of_two(monkeypatch) == ["coming", "waiting"]


def test_without_the_lock_on_the_event_both_have_the_last_seat(monkeypatch):
    """The control."""
    monkeypatch.setattr(answering, "_held", lambda event, now: event)

    with pytest.raises(AssertionError):
        assert answers_of_two(monkeypatch) == ["coming", "waiting"]
