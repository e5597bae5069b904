"""Two real workers, a real Redis and a real mail server: everything goes once, also when one of them is killed."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.db.models import F
from django.utils import timezone

from reminders.messages.models import Message
from reminders.messages.services import LEASE, sweep
from tests.faults.post import Salon, nothing_lost_or_said_twice, sink, states
from tests.faults.workers import Worker, everything_said, idle, work_until, workers
from tests.services.found import free_port
from tests.services.redis import redis

pytestmark = [pytest.mark.race, pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

MARKETING = SERVICE = 150
# where one is killed
FEWER = 90


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


def test_worker_killed_in_the_middle_loses_nothing(tmp_path):
    with sink() as mail, workers(tmp_path, mail.port, "one", "two") as at_work:
        salon = Salon(marketing=FEWER, service=FEWER)
        # both hold a batch of twenty: whoever is killed holds some
        in_hand = Message.objects.filter(state="sending")
        work_until(lambda: mail.count() > 20 and in_hand.count() > 24, what="both to be at work")

        at_work[0].kill()

        held = in_hand.filter(claimed_at__lt=timezone.now())
        work_until(lambda: Message.objects.filter(state="planned").count() == 0 and idle(held), what="the other to end")
        # the control: as long as nobody looks after the dead, messages are lost
        with pytest.raises(AssertionError):
            nothing_lost_or_said_twice(salon, mail, kills=1)
        # ten minutes later
        ago = LEASE + timedelta(minutes=1)
        held.update(claimed_at=F("claimed_at") - ago, handed_at=F("handed_at") - ago)
        assert sweep(now=timezone.now()) > 0
        work_until(lambda: everything_said(salon), what="the rest to be said")

        nothing_lost_or_said_twice(salon, mail, kills=1)
        print(f"states after one kill: {states()}, accepted: {mail.count()}")


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
