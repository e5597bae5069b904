"""A salon in which everybody books, moves and cancels at once (trust.md, B2): for seconds in every `make test`,
for five minutes in `make soak`."""

import os
import random
import threading
import time as clock
from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from crm.booking.models import Appointment, Stretch
from crm.booking.services import holding
from crm.catalogue.models import Service
from crm.people.models import Client
from crm.team.models import Master, User
from crm.team.selectors import branch_day
from tests.crm.booking.test_races import constraint_off, doubly_held, nobody_waits
from tests.factories import make_branch, make_client, make_master, make_room, make_service, make_user

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

WRITERS = 16
SECONDS = int(os.environ.get("SOAK_SECONDS", "300"))
A_FEW_SECONDS = 8
SEED = int(os.environ.get("TEST_SEED", "20260610"))
LOOK_EVERY = 0.25
# a slow machine gets more seconds to have done each deed once
PATIENCE = 4
DEEDS = ("book", "move", "cancel")


@dataclass
class Salon:
    """Who writes, for whom, and what may be wished for on which days."""

    user: User
    guests: list[Client]
    masters: list[Master]
    services: list[Service]
    days: list[date]


class Writer(threading.Thread):
    """One person at the desk with a browser of her own; counts what she was answered."""

    def __init__(self, number: int, salon: Salon, enough: threading.Event) -> None:
        super().__init__()
        self.chance = random.Random(SEED + number)
        self.guest, self.salon, self.enough = salon.guests[number], salon, enough
        self.browser = Browser(raise_request_exception=False)
        self.browser.force_login(salon.user)
        self.answers: Counter = Counter()

    def run(self) -> None:
        try:
            while not self.enough.is_set():
                open_ones = Appointment.objects.filter(client=self.guest, status__in=Appointment.OPEN)
                own = self.chance.choice([*open_ones.values_list("pk", flat=True), None])
                deed = "book" if own is None else self.chance.choice(["move", "move", "cancel"])
                url, sent = self._wanted(deed, own)
                self.answers[deed, self.browser.post(url, sent).status_code] += 1
        finally:
            connection.close()

    def _wanted(self, deed: str, own: int | None) -> tuple[str, dict]:
        if deed == "cancel":
            return reverse("desk:cancel", args=[own]), {"by": "client", "reason": "busy"}
        when = {
            "day": self.chance.choice(self.salon.days).isoformat(),
            "at": f"{self.chance.randrange(9, 17)}:{self.chance.choice(['00', '15', '30', '45'])}",
            "master": self.chance.choice(self.salon.masters).pk,
        }
        if deed == "move":
            return reverse("desk:move", args=[own]), when
        also = self.chance.choice([None, *self.salon.services])
        return reverse("desk:visit_new"), when | {
            "client": self.guest.pk,
            "service": self.chance.choice(self.salon.services).pk,
            "also": also.pk if also else "",
            "also_master": self.chance.choice(self.salon.masters).pk if also else 0,
        }


def make_busy_salon(*, masters: int, days: int) -> Salon:
    branch = make_branch()
    services = [
        make_service(branch=branch, minutes=60),
        make_service(
            branch=branch, minutes=90, buffer_minutes=15, stretches=[("work", 30), ("processing", 30), ("work", 30)]
        ),
    ]
    for _ in range(2):
        make_room(services[1])
    return Salon(
        user=make_user(User.Role.RECEPTIONIST, branch=branch),
        guests=[make_client(branch=branch) for _ in range(WRITERS)],
        masters=[make_master(branch=branch, weekdays=range(7)) for _ in range(masters)],
        services=services,
        # the desk's clock is the real one
        days=[branch_day(branch, timezone.now()) + timedelta(days=2 + number) for number in range(days)],
    )


def let_them_write(salon: Salon, seconds: float, *, patience: int = PATIENCE) -> tuple[int, Counter]:
    """Until the time is over and each deed was done, or one is booked twice; gives how many are, and the answers."""
    # what a process does once is no part of the seconds
    warm = Browser()
    warm.force_login(salon.user)
    warm.get(reverse("desk:visit_new"), {"client": salon.guests[0].pk})
    enough = threading.Event()
    writers = [Writer(number, salon, enough) for number in range(WRITERS)]
    began = clock.monotonic()
    for writer in writers:
        writer.start()
    twice = 0
    while not enough.wait(LOOK_EVERY):
        twice = doubly_held()
        took = clock.monotonic() - began
        answers = answers_of(writers)
        if twice or took > patience * seconds or (took > seconds and all(answers[deed, 302] for deed in DEEDS)):
            enough.set()
    for writer in writers:
        writer.join()
    print(f"seed {SEED}, {clock.monotonic() - began:.1f} s, {dict(answers_of(writers))}")
    return twice or doubly_held(), answers_of(writers)


def answers_of(writers: list[Writer]) -> Counter:
    return sum((writer.answers.copy() for writer in writers), Counter())


def assert_all_was_well(twice: int, answers: Counter) -> None:
    assert twice == 0
    assert {status for _deed, status in answers} <= {302, 422}
    # all three were done, and some were refused because they came too late
    assert all(answers[deed, 302] for deed in DEEDS)
    assert answers["book", 422]


@pytest.mark.race
def test_seconds_of_booking_moving_and_cancelling_leave_no_overlap_and_no_server_error():
    assert_all_was_well(*let_them_write(make_busy_salon(masters=3, days=3), A_FEW_SECONDS))


@pytest.mark.race
def test_control_without_lock_and_constraint_the_busy_desk_books_somebody_twice(monkeypatch):
    nobody_waits(monkeypatch)
    monkeypatch.setattr("crm.booking.services.moving.lock_masters", lambda master_ids: None)
    with constraint_off(Stretch, holding.NO_OVERLAP):
        for _ in range(10):
            # on an empty day all are let in, and meet
            twice, answers = let_them_write(make_busy_salon(masters=1, days=1), 2, patience=1)
            assert answers["book", 302]
            if twice:
                return
    pytest.fail("the guard was off and nobody was booked twice: the busy desk proves nothing")


@pytest.mark.soak
def test_five_minutes_of_booking_moving_and_cancelling_leave_no_overlap_and_no_server_error():
    assert_all_was_well(*let_them_write(make_busy_salon(masters=3, days=4), SECONDS))
