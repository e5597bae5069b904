"""Eight dispatchers and two clocks at once (trust.md, M5), and one cap for them all (D6)."""

import threading
import uuid
from collections import Counter
from datetime import timedelta

import pytest
from django.utils import timezone

from reminders.consent.models import MessageSettings
from reminders.journeys.playing import Play
from reminders.journeys.services import dispatch
from reminders.journeys.services.planning import plan_due
from reminders.messages import claiming
from reminders.messages.models import Kind, Message, Pace
from reminders.transports.services import Accepted
from tests.faults.post import Salon
from tests.faults.together import at_once

pytestmark = [pytest.mark.race, pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

DISPATCHERS, CLOCKS, CLIENTS = 8, 2, 60


class CountingTransport:
    """Counts what is handed over, by the message's own key."""

    def __init__(self) -> None:
        self.keys: Counter[str] = Counter()
        self.lock = threading.Lock()

    def __call__(self, outgoing):
        with self.lock:
            self.keys[outgoing.idempotency_key] += 1
        return Accepted(provider="stub", provider_id=outgoing.idempotency_key)


@pytest.fixture
def transport(monkeypatch):
    stub = CountingTransport()
    monkeypatch.setattr(dispatch, "send", stub)
    return stub


@pytest.fixture
def claims(monkeypatch):
    """How often each row was claimed."""
    counted: Counter[int] = Counter()
    claim_due = dispatch.claim_due

    def counting(**options):
        taken = claim_due(**options)
        counted.update(message.pk for message in taken)
        return taken

    monkeypatch.setattr(dispatch, "claim_due", counting)
    return counted


def everybody_works(*, turns: int = 3) -> list[str]:
    now = timezone.now()

    def plans():
        for _turn in range(turns):
            plan_due(now=now)

    def sends():
        for _turn in range(turns):
            plan_due(now=now)
            while dispatch.send_due(now=now, limit=5):
                pass

    return at_once(*[plans] * CLOCKS, *[sends] * DISPATCHERS)


def test_each_message_is_claimed_once_and_goes_once(transport, claims):
    salon = Salon(marketing=CLIENTS // 2, service=CLIENTS // 2)

    wrong = everybody_works()

    rows = list(Message.objects.all())
    assert wrong == []
    assert Counter((row.client_id, row.state) for row in rows) == Counter((one.pk, "sent") for one in salon.clients)
    assert set(claims.values()) == {1}
    assert (len(transport.keys), set(transport.keys.values())) == (CLIENTS, {1})


def test_queue_is_not_taken_for_empty_while_others_are_taking_from_it(transport):
    """Two with a batch each: neither goes home because the other is at the same rows."""
    Salon(marketing=20)
    now, taken = timezone.now(), []

    def takes():
        taken.append(len(dispatch.claim_due(now=now, limit=10)))

    wrong = at_once(takes, takes)

    assert (wrong, taken) == ([], [10, 10])


def test_claim_that_reads_and_then_saves_claims_twice(transport, claims, monkeypatch):
    """The control: everybody reads the same rows and saves them, one after the other."""
    Salon(marketing=10)
    now, ready, token = timezone.now(), threading.Barrier(4), uuid.uuid4()

    def naive(*, now, limit):
        rows = list(
            Message.objects.filter(state="planned", send_at__lte=now).select_related("client", "branch")[:limit]
        )
        ready.wait(timeout=60)
        for row in rows:
            row.state, row.claim, row.claimed_at = "sending", token, now
            row.save()
            claims[row.pk] += 1
        return rows

    def hand_over(*, message, now, known):
        message.handed_at = now
        message.save(update_fields=["handed_at"])
        # all of them have looked by now, as they may where nothing is conditional
        ready.wait(timeout=60)
        return True

    monkeypatch.setattr(dispatch, "claim_due", naive)
    monkeypatch.setattr(dispatch, "hand_over", hand_over)

    def sends():
        [first, *_others] = dispatch.claim_due(now=now, limit=10)
        dispatch.send_claimed([first], clock=lambda: now)

    assert at_once(*[sends] * 4) == []

    with pytest.raises(AssertionError):
        assert set(claims.values()) == {1}
    assert max(transport.keys.values()) > 1


def test_two_clocks_on_one_client_plan_one_row(transport):
    salon = Salon(service=1)
    now = timezone.now()

    wrong = at_once(*[lambda: plan_due(now=now)] * 8)

    assert wrong == []
    assert Message.objects.filter(client=salon.booked[0]).count() == 1


def offers_after_a_rush() -> int:
    """Two offers to one client stand in the queue; eight send at once. How many went."""
    salon = Salon(marketing=1)
    client, birthday = salon.invited[0], salon.today + timedelta(days=7)
    client.birth_month, client.birth_day = birthday.month, birthday.day
    client.save()
    invitation = Message.objects.get()
    Message.objects.create(
        client=client,
        branch=client.branch,
        kind=Kind.BIRTHDAY,
        purpose="marketing",
        occasion=birthday.isoformat(),
        send_at=invitation.send_at,
        not_after=invitation.not_after,
        planned_at=invitation.planned_at,
    )

    wrong = at_once(*[lambda: dispatch.send_due(now=salon.now, limit=1)] * DISPATCHERS)

    assert wrong == []
    return Message.objects.filter(state="sent").count()


def test_cap_holds_under_eight_senders(transport):
    assert offers_after_a_rush() <= 1


def test_without_the_cap_both_offers_go(transport, monkeypatch):
    """The control."""
    monkeypatch.setattr(Play, "_is_capped", lambda play, day: False)

    with pytest.raises(AssertionError):
        assert offers_after_a_rush() <= 1


def taken_in_a_rush() -> int:
    """Eight take from a queue of forty in one minute of the clock, of which twelve may go."""
    Salon(service=40)
    now = timezone.now()
    plan_due(now=now)
    MessageSettings.objects.update_or_create(pk=1, defaults={"email_per_minute": 12})
    Pace.objects.create(channel="email", minute_at=now.replace(second=0, microsecond=0))
    taken: list[int] = []

    wrong = at_once(*[lambda: taken.append(len(dispatch.claim_due(now=now, limit=5)))] * DISPATCHERS)

    assert wrong == []
    return sum(taken)


def test_pace_is_one_for_all_senders():
    assert taken_in_a_rush() == 12


def test_without_the_lock_on_the_pace_more_go(monkeypatch):
    """The control: everybody reads the count before anybody has written it."""
    ready, room = threading.Barrier(DISPATCHERS), claiming._room

    monkeypatch.setattr(Pace.objects, "select_for_update", Pace.objects.all, raising=False)

    def read_together(rules, now):
        found = room(rules, now)
        ready.wait(timeout=60)
        return found

    monkeypatch.setattr(claiming, "_room", read_together)

    with pytest.raises(AssertionError):
        assert taken_in_a_rush() == 12
