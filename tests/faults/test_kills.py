"""Worker processes, and a Redis, killed again and again (trust.md, M1 and M4): nothing is lost, hardly anything said twice."""

import random
import threading
from collections import Counter
from datetime import timedelta

import pytest
from django.conf import settings
from django.db.models import F
from django.utils import timezone

from reminders.messages import services as messages
from reminders.messages.models import Message
from tests.faults.post import Salon, Sink, nothing_lost_or_said_twice, sink, states
from tests.faults.workers import Worker, everything_said, idle, work_until, workers
from tests.reminders.servers import SmsProvider, sms_provider_server
from tests.services.found import free_port
from tests.services.redis import redis

# all that need the broker stand in this file: they empty it, and so must not run beside each other
pytestmark = [pytest.mark.race, pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

KILLS = 10
# each so manyeth kill takes a whole worker with its child
WHOLE = 5
MARKETING = SERVICE = 60
# so long the provider thinks while somebody is killed: it has taken the message and has not said so
THINKS = 0.6
# how many clients and how many kills in the long runs: M1 where the provider knows keys, and M2
LONG = pytest.param(2000, KILLS, id="2000", marks=pytest.mark.soak)
LONGEST = pytest.param(10_000, 50, id="10000", marks=pytest.mark.soak)
PATIENCE = 1800


@pytest.fixture(autouse=True)
def on_redis():
    if not settings.BROKER_URL.startswith("redis://"):
        pytest.fail("bring Redis up: python -m tests.services -- ...")


class Mail:
    """A mail server: it knows no keys."""

    def __init__(self, sink: Sink) -> None:
        self.sink, self.port, self.sms = sink, sink.port, "mailbox://"

    def count(self) -> int:
        return self.sink.count()

    def think(self, seconds: float) -> None:
        self.sink.office.thinks = seconds


class KeyedSms:
    """A provider to whom the same key is the same SMS. `asked` and `sent` count by recipient."""

    port = 1

    def __init__(self, server: SmsProvider) -> None:
        self.server, self.seconds, self.keys = server, 0.0, {}
        server.answer = self.answer
        base = server.url.replace("http:", "http+template:")
        self.sms = f"{base}/?to=to&text=text&key_field=key&id=id"

    def answer(self, asked):
        self.keys.setdefault(asked.form["key"], asked.form["to"])
        threading.Event().wait(self.seconds)
        return 200, {}, {"id": asked.form["key"]}

    def count(self) -> int:
        return len(self.server.asked)

    def think(self, seconds: float) -> None:
        self.seconds = seconds

    @property
    def asked(self) -> Counter:
        return Counter(asked.form["to"] for asked in self.server.asked)

    @property
    def sent(self) -> Counter:
        return Counter(self.keys.values())


class Team:
    """Two workers with a child each; who is killed is replaced."""

    def __init__(self, folder, provider: Mail | KeyedSms) -> None:
        self.folder, self.provider, self.kills = folder, provider, 0

    def __enter__(self) -> "Team":
        self.hired = workers(self.folder, self.provider.port, "one", "two", sms=self.provider.sms, forks=True)
        self.at_work = self.hired.__enter__()
        return self

    def __exit__(self, *wrong) -> None:
        self.hired.__exit__(*wrong)

    def lose_one(self) -> None:
        """While a message is on its way, after some have gone."""
        self._until_taken(4)
        self.provider.think(THINKS)
        self._until_taken(1)
        self.kills += 1
        place = random.randrange(2)
        if self.kills % WHOLE == 0:
            self.at_work[place].kill()
            self.at_work[place] = Worker(
                f"again{self.kills}", self.folder, self.provider.port, sms=self.provider.sms, forks=True
            )
        elif not self.at_work[place].kill_child():
            # its child is not there yet, or not there again
            self.at_work[1 - place].kill_child()
        self.provider.think(0)

    def lose_all_children(self) -> None:
        """While an offer is on its way: whoever has it is among them."""
        self._until_taken(1)
        self.provider.think(THINKS)
        self._until_taken(1)
        for worker in self.at_work:
            worker.kill_child()
        self.provider.think(0)

    def let_appointments_go(self) -> None:
        left = Message.objects.filter(purpose="service", state="planned")
        work_until(lambda: not left.exists(), what="what is about appointments to go", seconds=PATIENCE)

    def let_the_living_end(self) -> None:
        held, left = Message.objects.filter(state="sending"), Message.objects.filter(state="planned")
        work_until(lambda: left.count() == 0 and idle(held), what="the living to end", seconds=PATIENCE)

    def bury_the_dead(self) -> None:
        """Ten minutes later the sweeper looks after what the dead held."""
        held = Message.objects.filter(state="sending")
        ago = messages.LEASE + timedelta(minutes=1)
        held.update(claimed_at=F("claimed_at") - ago, handed_at=F("handed_at") - ago)
        while messages.sweep(now=timezone.now()):
            pass

    def say_the_rest(self, salon: Salon) -> None:
        work_until(lambda: everything_said(salon), what=f"the rest to be said, {states()}", seconds=PATIENCE)

    def _until_taken(self, more: int) -> None:
        seen = self.provider.count()
        work_until(lambda: self.provider.count() >= seen + more, what="messages to be taken")


@pytest.mark.parametrize(("many", "kills"), [pytest.param(2000, KILLS, id="2000"), LONGEST])
def test_kills_lose_nothing_and_repeat_no_offer(tmp_path, many, kills):
    """M1, and with 10,000 M2: what is in doubt waits for a person."""
    with sink() as mail:
        salon = Salon(marketing=many // 2, service=many // 2)
        with Team(tmp_path, Mail(mail)) as team:
            for kill in range(kills):
                if kill == kills // 2:
                    # what is about an appointment goes first; the doubt of an offer is another
                    team.let_appointments_go()
                team.lose_one()
            team.let_the_living_end()
            # the control: as long as nobody looks after the dead, messages are lost
            with pytest.raises(AssertionError):
                nothing_lost_or_said_twice(salon, mail, kills=kills)
            team.bury_the_dead()
            team.say_the_rest(salon)

        nothing_lost_or_said_twice(salon, mail, kills=kills)
        print(f"{kills} kills: {states()}, accepted: {mail.count()}")


@pytest.mark.parametrize(("many", "kills"), [(140, 5), LONG])
def test_kills_have_no_effect_twice_where_the_provider_knows_keys(tmp_path, many, kills):
    with sms_provider_server() as server:
        provider = KeyedSms(server)
        salon = Salon(marketing=many // 2, service=many // 2, by_sms=True)
        with Team(tmp_path, provider) as team:
            for _kill in range(kills):
                team.lose_one()
            team.let_the_living_end()
            team.bury_the_dead()
            team.say_the_rest(salon)

        each_once = Counter(client.phone for client in salon.clients)
        assert (provider.sent, states()) == (each_once, {"sent": many})
        # the control: without the keys some would have had it twice, and no more than were killed
        with pytest.raises(AssertionError):
            assert provider.asked == each_once
        assert (provider.asked - each_once).total() <= kills


def test_sweeper_that_sends_whatever_is_in_doubt_again_repeats_an_offer(tmp_path, monkeypatch):
    """The control: nobody waits for a person to decide."""
    monkeypatch.setattr(messages, "may_try_again", lambda message: True)
    with sink() as mail:
        salon = Salon(marketing=50)
        with Team(tmp_path, Mail(mail)) as team:
            team.lose_all_children()
            team.let_the_living_end()
            team.bury_the_dead()
            team.say_the_rest(salon)

        with pytest.raises(AssertionError):
            nothing_lost_or_said_twice(salon, mail, kills=2)


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
