"""A promise on pages, from the words at a visit to its keeping before the next one (practices.md, P7)."""

import json
from datetime import timedelta
from io import StringIO

import pytest
import time_machine
from django.core.management import call_command
from django.urls import reverse

from crm.booking.models import Appointment
from crm.care.models import Promise
from tests.factories import TODAY, local, make_appointment, make_cast
from tests.stories.test_day import logged_in, read

pytestmark = pytest.mark.django_db

QUESTION = "Does the lamp suit sensitive eyes?"


def test_from_the_promise_to_its_keeping():
    cast = make_cast()
    anna, boris, reception = (
        logged_in(user) for user in (cast.user_of(cast.anna), cast.user_of(cast.boris), cast.receptionist)
    )
    today, next_visit = (
        make_appointment(
            client=cast.vera, master=cast.anna, starts_at=local(day, 12), services=[cast.lashes], status=status
        )
        for day, status in (
            (TODAY, Appointment.Status.IN_PROGRESS),
            (TODAY + timedelta(days=21), Appointment.Status.BOOKED),
        )
    )
    with time_machine.travel(local(TODAY, 13), tick=False) as clock:
        # Anna does not know, says so, and hands it to the reception
        new = f"{reverse('desk:promise_new')}?client={cast.vera.pk}&visit={today.pk}"
        assert "What was promised?" in read(anna, new)
        refused = anna.post(new, {"text": "", "holder": cast.receptionist.pk, "client": cast.vera.pk})
        assert refused.status_code == 422
        given = {"client": cast.vera.pk, "visit": today.pk, "text": QUESTION, "holder": cast.receptionist.pk}
        anna.post(new, given)
        promise = Promise.objects.get()
        page = reverse("desk:promise", args=[promise.pk])

        # both desks show it, no third; it is due before her next visit
        lists = {who: QUESTION in read(who, reverse("desk:promises")) for who in (anna, boris, reception)}
        assert list(lists.values()) == [True, False, True]
        assert "Wed 1 Jul" in read(anna, page)

        # the reception hands it on to Boris with a word, he takes it, then back with one
        hand = reverse("desk:promise_hand", args=[promise.pk])
        reception.post(hand, {"to": cast.user_of(cast.boris).pk, "text": "You have the lamp"})
        assert "You have the lamp" in read(boris, page)
        boris.post(reverse("desk:promise_accept", args=[promise.pk]))
        wordless = boris.post(hand, {"to": cast.user_of(cast.anna).pk, "text": ""})
        assert wordless.status_code == 422
        boris.post(hand, {"to": cast.user_of(cast.anna).pk, "text": "It is in repair"})

        # three weeks later it stands in the briefing; kept in time, it is over
        clock.move_to(local(TODAY + timedelta(days=21), 9))
        assert QUESTION in read(anna, reverse("desk:visit", args=[next_visit.pk]))
        anna.post(reverse("desk:promise_end", args=[promise.pk]), {"how": "kept", "text": "It does"})
        assert QUESTION not in read(anna, reverse("desk:visit", args=[next_visit.pk]))
        assert QUESTION in read(anna, f"{reverse('desk:promises')}?over=1")

        out = StringIO()
        days = {"from": TODAY, "to": TODAY + timedelta(days=21), "today": TODAY + timedelta(days=21)}
        call_command("report", "promises", *(f"--{name}={day}" for name, day in days.items()), "--json", stdout=out)
    report = json.loads(out.getvalue())
    assert {key: report[key] for key in ("promises", "kept", "late", "broken", "overdue", "running")} == {
        "promises": 1, "kept": 1, "late": 0, "broken": 0, "overdue": 0, "running": 0,
    }  # fmt: skip
    steps = promise.events.order_by("pk").values_list("kind", flat=True)
    assert list(steps) == ["given", "handed", "accepted", "handed_back", "kept"]
