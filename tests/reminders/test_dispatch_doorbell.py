"""The doorbell rings after commit, and a broker that is away keeps nobody waiting."""

import sqlite3
import time
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from celery import current_app
from celery.worker.request import Request
from django.core.cache import cache
from django.db import transaction
from django.utils import timezone
from kombu import Connection

from config.celery import app
from crm.booking.models import Pulse
from crm.booking.services.passing import refresh_passed
from crm.office.broker import purge_delivered
from crm.team.heartbeat import is_alive
from reminders.journeys.services import doorbell
from reminders.journeys.tasks import tick
from tests.factories import NOW, make_appointment, make_branch, make_client, make_master
from tests.reminders.salon_day import days, known
from tests.services.found import free_port


@pytest.fixture
def rung(monkeypatch):
    heard = []
    monkeypatch.setattr(current_app, "send_task", lambda name, **options: heard.append(name))
    return heard


@pytest.mark.django_db
def test_doorbell_rings_after_commit_only(rung, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        with transaction.atomic():
            doorbell.ring()
        before = list(rung)

    assert (before, rung) == ([], ["reminders.tick"])


@pytest.mark.django_db
def test_doorbell_is_silent_about_what_was_taken_back(rung, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        try:
            with transaction.atomic():
                doorbell.ring()
                raise InterruptedError
        except InterruptedError:
            pass

    assert rung == []


@pytest.mark.django_db
def test_broker_that_is_away_keeps_nobody_waiting(monkeypatch, django_capture_on_commit_callbacks):
    monkeypatch.setattr(current_app.conf, "broker_write_url", f"redis://127.0.0.1:{free_port()}/0")
    began = time.monotonic()

    with django_capture_on_commit_callbacks(execute=True):
        doorbell.ring()

    assert time.monotonic() - began < 4


@pytest.mark.django_db
def test_doorbell_is_heard_through_the_embedded_broker(tmp_path, monkeypatch, django_capture_on_commit_callbacks):
    file = tmp_path / "broker.sqlite3"
    monkeypatch.setattr(current_app.conf, "broker_write_url", f"sqla+sqlite:///{file}")
    # as a salon with this broker has them; the tests' own settings are Redis's
    monkeypatch.setitem(current_app.conf, "broker_transport_options", {})

    with django_capture_on_commit_callbacks(execute=True):
        doorbell.ring()

    with sqlite3.connect(file) as broker:
        assert broker.execute("SELECT count(*) FROM kombu_message").fetchone() == (1,)


@pytest.mark.django_db
def test_turn_of_the_worker_leaves_a_sign_of_life():
    cache.delete("heartbeat:worker")
    before = is_alive("worker", now=timezone.now())

    tick()

    assert (before, is_alive("worker", now=timezone.now())) == (False, True)


def test_every_task_of_the_clock_is_there():
    app.loader.import_default_modules()

    assert {entry["task"] for entry in app.conf.beat_schedule.values()} - set(app.tasks) == set()


def test_tick_that_nobody_took_expires_as_the_next_one_comes():
    assert {entry["task"]: entry["options"]["expires"] for entry in app.conf.beat_schedule.values()} == {
        "reminders.tick": 60,
        "reminders.sweep": 60,
        "reminders.tell_of_complaints": 60,
        "office.work_out_forecasts": 60,
        "office.gather_strays": 3_600,
        "reminders.ask_providers": 120,
        "reminders.tell_of_spending": 300,
        "loyalty.settle": 300,
        "loyalty.birthdays": 3_600,
        "crm.close_days": 3_600,
        "office.run_imports": 60,
        "crm.refresh_passed": 900,
        "crm.lay_out_steps": 900,
        "reminders.ask_people": 86_400,
        "reminders.look_again": 86_400,
        "reminders.finish_campaigns": 3_600,
        "crm.purge_broker": 86_400,
    }


def test_worker_that_was_down_for_a_night_takes_up_one_tick():
    """Sent once an hour as the clock sends them; the worker's own reading says which are over."""
    entry = app.conf.beat_schedule["plan and send messages"]
    morning = datetime(2026, 6, 10, 6, tzinfo=UTC)
    with Connection("memory://") as connection, time_machine.travel(morning, tick=False) as clock:
        queue = connection.SimpleQueue("celery")
        for hours in range(8, -1, -1):
            clock.move_to(morning - timedelta(hours=hours))
            app.send_task(entry["task"], connection=connection, **entry["options"])
        taken = [queue.get(timeout=5) for _tick in range(9)]
        is_over = [bool(Request(message, app=app).maybe_expire()) for message in taken]

    assert is_over == [True] * 8 + [False]


@pytest.mark.django_db
@pytest.mark.sqlite
def test_appointment_whose_hour_has_passed_is_nobodys_next_one():
    branch = make_branch()
    client = make_client(branch=branch)
    master = make_master(branch=branch)
    first = make_appointment(client=client, master=master, starts_at=NOW + days(1))
    second = make_appointment(client=client, master=master, starts_at=NOW + days(3))
    known(client, now=NOW)
    assert Pulse.objects.get().next_appointment == first

    assert refresh_passed(now=NOW + days(2)) == 1

    assert Pulse.objects.get().next_appointment == second
    assert refresh_passed(now=NOW + days(2)) == 0


def test_embedded_broker_is_rid_of_what_it_delivered(tmp_path):
    url = f"sqla+sqlite:///{tmp_path / 'broker.sqlite3'}"
    assert purge_delivered(url) == 0
    with Connection(url) as connection:
        queue = connection.SimpleQueue("celery")
        for number in range(3):
            queue.put({"number": number})
        for _message in range(2):
            queue.get(timeout=5).ack()

        removed = purge_delivered(url)

        assert (removed, queue.get(timeout=5).payload) == (2, {"number": 2})
        queue.close()


def test_other_brokers_keep_nothing_to_be_rid_of():
    assert purge_delivered("redis://127.0.0.1:1/0") == 0
