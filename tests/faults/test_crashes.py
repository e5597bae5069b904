"""A sender dies at each of six points (trust.md, M3): what its row says, and what becomes of the message."""

import os
from datetime import timedelta

import pytest
from django.db import connections

from reminders.journeys.services import dispatch
from reminders.journeys.services.planning import plan_due
from reminders.messages import services as messages
from reminders.messages.models import Kind, Message
from reminders.messages.services import LEASE, sweep
from tests.faults.post import Salon, sink

pytestmark = [pytest.mark.race, pytest.mark.sqlite, pytest.mark.django_db(transaction=True)]

DIED = 9


@pytest.fixture
def mail(settings):
    with sink() as office:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", office.port
        yield office


def die(*_args, **_options):
    os._exit(DIED)


def after(step):
    """The step is taken, and then the sender dies."""

    def taken(*args, **options):
        step(*args, **options)
        die()

    return taken


# where it dies: how the sender is hurt, what its row says then (state, handed over), letters accepted by then
POINTS = {
    "before claim": ("claim_due", lambda step: die, ("planned", False), 0),
    "after claim": ("claim_due", after, ("sending", False), 0),
    "before the call": ("send", lambda step: die, ("sending", True), 0),
    "after acceptance": ("send", after, ("sending", True), 1),
    # inside the transaction that records it
    "before commit": ("record_sent", after, ("sending", True), 1),
    "after commit": ("_record", after, ("sent", True), 1),
}
# what stands in the end, and how many letters were accepted
ENDS = {
    ("before claim", Kind.DUE_SOON): ("sent", 1),
    ("after claim", Kind.DUE_SOON): ("sent", 1),
    ("before the call", Kind.DUE_SOON): ("unknown", 0),
    ("after acceptance", Kind.DUE_SOON): ("unknown", 1),
    ("before commit", Kind.DUE_SOON): ("unknown", 1),
    ("after commit", Kind.DUE_SOON): ("sent", 1),
    ("before claim", Kind.CONFIRMATION): ("sent", 1),
    ("after claim", Kind.CONFIRMATION): ("sent", 1),
    ("before the call", Kind.CONFIRMATION): ("sent", 1),
    ("after acceptance", Kind.CONFIRMATION): ("sent", 2),
    ("before commit", Kind.CONFIRMATION): ("sent", 2),
    ("after commit", Kind.CONFIRMATION): ("sent", 1),
}


def send_in_a_process_that_dies(point, now):
    """Another process of its own sends, and is gone at that point."""
    name, hurt, _row, _accepted = POINTS[point]
    # the child must not speak on the connection of its parent
    connections.close_all()
    child = os.fork()
    if child == 0:
        try:
            setattr(dispatch, name, hurt(getattr(dispatch, name)))
            dispatch.send_due(now=now)
        finally:
            os._exit(0)
    _pid, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == DIED, "it did not get as far as that"


def salon_of(kind):
    salon = Salon(marketing=1) if kind == Kind.DUE_SOON else Salon(service=1)
    plan_due(now=salon.now)
    return salon


def go_on(now):
    """The others find out, and send what is left to send."""
    sweep(now=now)
    while dispatch.send_due(now=now):
        pass


@pytest.mark.parametrize(("point", "kind"), list(ENDS), ids=lambda value: str(value).replace(" ", "_"))
def test_sender_that_dies_leaves_what_the_design_says(point, kind, mail):
    salon = salon_of(kind)

    send_in_a_process_that_dies(point, salon.now)

    row = Message.objects.get(kind=kind)
    assert ((row.state, row.handed_at is not None), mail.count()) == POINTS[point][2:]
    # while the lease runs nobody touches it
    go_on(salon.now + LEASE - timedelta(seconds=1)) if point != "before claim" else None
    assert mail.count() == POINTS[point][3]

    go_on(salon.now + LEASE + timedelta(seconds=1))

    row.refresh_from_db()
    assert (row.state, mail.count()) == ENDS[point, kind]


# of two: what is recorded of the first is handed over of the second, in one commit
PAIRS = {
    "before both": (lambda step: die, [("sending", True), ("sending", False)], ["unknown", "sent"]),
    "after both": (after, [("sent", True), ("sending", True)], ["sent", "unknown"]),
}


@pytest.mark.parametrize("point", PAIRS, ids=lambda point: point.replace(" ", "_"))
def test_sender_that_dies_between_two_leaves_one_of_them_in_doubt(point, mail, monkeypatch):
    salon = Salon(marketing=2)
    plan_due(now=salon.now)
    hurt, left, ends = PAIRS[point]
    monkeypatch.setitem(POINTS, point, ("record_and_hand_over", hurt, None, 1))

    send_in_a_process_that_dies(point, salon.now)

    rows = Message.objects.order_by("pk")
    assert ([(row.state, row.handed_at is not None) for row in rows], mail.count()) == (left, 1)

    go_on(salon.now + LEASE + timedelta(seconds=1))

    assert [row.state for row in rows.all()] == ends


def test_without_the_mark_of_being_handed_over_marketing_goes_twice(mail, monkeypatch):
    """The control: a sweeper that takes every dead sender for one that had sent nothing."""
    salon = salon_of(Kind.DUE_SOON)
    send_in_a_process_that_dies("after acceptance", salon.now)
    monkeypatch.setattr(messages, "may_try_again", lambda message: True)

    go_on(salon.now + LEASE + timedelta(seconds=1))

    row = Message.objects.get(kind=Kind.DUE_SOON)
    with pytest.raises(AssertionError):
        assert (row.state, mail.count()) == ENDS["after acceptance", Kind.DUE_SOON]
    assert mail.count() == 2


def test_without_a_sweeper_a_message_is_lost(mail):
    """The control: nobody looks after those who died."""
    salon = salon_of(Kind.DUE_SOON)
    send_in_a_process_that_dies("after claim", salon.now)

    later = salon.now + LEASE + timedelta(seconds=1)
    while dispatch.send_due(now=later):
        pass

    row = Message.objects.get(kind=Kind.DUE_SOON)
    with pytest.raises(AssertionError):
        assert (row.state, mail.count()) == ENDS["after claim", Kind.DUE_SOON]


def test_message_that_kills_every_sender_is_given_up(mail):
    salon = salon_of(Kind.CONFIRMATION)
    now = salon.now
    for _attempt in range(messages.MAX_ATTEMPTS):
        assert Message.objects.get().state == "planned"
        send_in_a_process_that_dies("before the call", now)
        now += LEASE + timedelta(seconds=1)
        sweep(now=now)

    assert (Message.objects.get().state, mail.count()) == ("failed", 0)


def test_sender_that_is_only_slow_is_left_alone(mail):
    """Its lease counts from the moment of handing over, not from that of the batch."""
    salon = salon_of(Kind.CONFIRMATION)
    [message] = dispatch.claim_due(now=salon.now)
    messages.hand_over(message=message, now=salon.now + LEASE)

    assert sweep(now=salon.now + LEASE + timedelta(minutes=1)) == 0
