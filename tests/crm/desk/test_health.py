"""/healthz and /readyz (contracts.md)."""

from datetime import timedelta

import pytest

from crm.desk.health import views
from crm.team.heartbeat import note_beat
from tests.factories import NOW

pytestmark = pytest.mark.django_db


def test_healthz_says_that_the_process_is_up(client):
    assert client.get("/healthz").content == b"ok"


def test_readyz_needs_database_broker_and_worker(client, monkeypatch, settings):
    settings.CELERY_BROKER_URL = "memory://"
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (503, {"database": True, "broker": True, "worker": False})
    note_beat("worker", now=NOW)
    assert client.get("/readyz").status_code == 200
    note_beat("worker", now=NOW - timedelta(minutes=3))
    assert client.get("/readyz").status_code == 503
    note_beat("worker", now=NOW)
    monkeypatch.setattr(views, "_ask_broker", _refused)
    assert client.get("/readyz").json()["broker"] is False


def _refused():
    raise OSError("nobody listens")
