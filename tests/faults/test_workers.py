"""Two real workers, a real Redis and a real mail server: everything goes once, also when Redis is killed."""

import pytest
from django.conf import settings

from reminders.messages.models import Message
from tests.faults.post import Salon, nothing_lost_or_said_twice, sink
from tests.faults.workers import Worker, everything_said, work_until, workers
from tests.services.found import free_port
from tests.services.redis import redis

pytestmark = [pytest.mark.race, pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

MARKETING = SERVICE = 60


@pytest.fixture(autouse=True)
def on_redis():
    if not settings.BROKER_URL.startswith("redis://"):
        pytest.fail("bring Redis up: python -m tests.services -- ...")


def test_two_workers_say_everything_once(tmp_path):
    with sink() as mail, workers(tmp_path, mail.port, "one", "two") as at_work:
        salon = Salon(marketing=MARKETING, service=SERVICE)

        work_until(lambda: everything_said(salon), what=f"all to be said; {at_work[0].said()}")

        nothing_lost_or_said_twice(salon, mail, kills=0)
        assert mail.count() == MARKETING + SERVICE


def test_redis_emptied_and_killed_in_the_middle_loses_nothing(tmp_path):
    """M4: what was in the broker is gone; the rows are the truth."""
    port = free_port()
    with sink() as mail:
        with redis(port=port) as broker:
            salon = Salon(marketing=40, service=40)
            worker = Worker("one", tmp_path, mail.port, broker)
            work_until(lambda: mail.count() > 10, what="it to be at work", broker=broker)
        try:
            with redis(port=port) as broker:
                # booked after its return: only a tick that was heard anew finds this one
                salon.book_another()
                heard = Message.objects.filter(client=salon.booked[-1])
                work_until(heard.exists, what=f"it to go on; {worker.said()}", seconds=60, broker=broker)
                work_until(lambda: everything_said(salon), what="the rest to be said", broker=broker)
        finally:
            worker.end()

        nothing_lost_or_said_twice(salon, mail, kills=0)
