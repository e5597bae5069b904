"""Five minutes of a salon in which everybody books, moves and cancels at once (trust.md, B2). `make soak` runs it."""

import os
import random
import threading
import time as clock
from collections import Counter
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from crm.booking.models import Appointment
from crm.team.models import User
from crm.team.selectors import branch_day
from tests.crm.booking.test_races import doubly_held
from tests.factories import make_branch, make_client, make_master, make_room, make_service, make_user

pytestmark = [pytest.mark.soak, pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

WRITERS = 16
SECONDS = int(os.environ.get("SOAK_SECONDS", "300"))
SEED = int(os.environ.get("TEST_SEED", "20260610"))
LOOK_EVERY = 5
DAYS_AHEAD = range(2, 6)


class Writer(threading.Thread):
    """One person at the desk with a browser of her own; counts what she was answered."""

    def __init__(self, number: int, salon: dict, ends_at: float) -> None:
        super().__init__()
        self.chance = random.Random(SEED + number)
        self.guest, self.salon, self.ends_at = salon["guests"][number], salon, ends_at
        self.browser = Browser(raise_request_exception=False)
        self.browser.force_login(salon["user"])
        self.answers: Counter = Counter()

    def run(self) -> None:
        try:
            while clock.monotonic() < self.ends_at:
                open_ones = Appointment.objects.filter(client=self.guest, status__in=Appointment.OPEN)
                own = self.chance.choice([*open_ones.values_list("pk", flat=True), None])
                deed = "book" if own is None else self.chance.choice(["move", "move", "cancel"])
                url, sent = self._wanted(deed, own)
                self.answers[deed, self.browser.post(url, sent).status_code] += 1
        finally:
            connection.close()

    def _wanted(self, deed: str, own: int | None) -> tuple[str, dict]:
        if deed == "cancel":
            return reverse("desk:cancel", args=[own]), {"by": "client", "reason": "soak"}
        day = self.salon["today"] + timedelta(days=self.chance.choice(DAYS_AHEAD))
        when = {
            "day": day.isoformat(),
            "at": f"{self.chance.randrange(9, 17)}:{self.chance.choice(['00', '15', '30', '45'])}",
            "master": self.chance.choice(self.salon["masters"]).pk,
        }
        if deed == "move":
            return reverse("desk:move", args=[own]), when
        also = self.chance.choice([None, *self.salon["services"]])
        return reverse("desk:visit_new"), when | {
            "client": self.guest.pk,
            "service": self.chance.choice(self.salon["services"]).pk,
            "also": also.pk if also else "",
            "also_master": self.chance.choice(self.salon["masters"]).pk if also else 0,
        }


def test_five_minutes_of_booking_moving_and_cancelling_leave_no_overlap_and_no_server_error():
    branch = make_branch()
    services = [
        make_service(branch=branch, minutes=60),
        make_service(
            branch=branch, minutes=90, buffer_minutes=15, stretches=[("work", 30), ("processing", 30), ("work", 30)]
        ),
    ]
    for _ in range(2):
        make_room(services[1])
    salon = {
        "masters": [make_master(branch=branch, weekdays=range(7)) for _ in range(3)],
        "services": services,
        "guests": [make_client(branch=branch) for _ in range(WRITERS)],
        "user": make_user(User.Role.RECEPTIONIST, branch=branch),
        "today": branch_day(branch, timezone.now()),
    }
    print(f"seed {SEED}, {SECONDS} s")
    writers = [Writer(number, salon, clock.monotonic() + SECONDS) for number in range(WRITERS)]
    for writer in writers:
        writer.start()
    while any(writer.is_alive() for writer in writers):
        assert doubly_held() == 0
        writers[0].join(timeout=LOOK_EVERY)
    answers = sum((writer.answers for writer in writers), Counter())
    print(dict(answers))
    assert doubly_held() == 0
    assert {status for _deed, status in answers} <= {302, 422}
    # all three were done, and some were refused because they came too late
    assert all(answers[deed, 302] for deed in ("book", "move", "cancel"))
    assert answers["book", 422]
