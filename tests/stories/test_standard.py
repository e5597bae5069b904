"""The salon's standard, from the owner's desk to her figures: written, taught, kept on a visit, made better (practices.md, P5, P33, P55)."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from crm.booking.models import Appointment
from crm.care.models import HelpKind, LessonRead, Standard, StandardStep, VisitStep
from crm.care.tasks import lay_out_steps_task
from crm.reports.selectors.standards import standards_report
from crm.reports.selectors.standing import On
from crm.sales.models import Sale
from tests.crm.desk.test_checkout import fields
from tests.factories import NOW, TODAY, local, make_appointment, make_cast
from tests.stories.test_day import logged_in, read

pytestmark = pytest.mark.django_db


@pytest.fixture
def clock():
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


def tap(browser, visit, text, **sent):
    step = StandardStep.objects.filter(version__isnull=False, text_en=text).latest("pk")
    return browser.post(reverse("desk:step", args=[visit.pk, step.pk]), {"do": "done"} | sent)


def pay(browser, visit):
    """The checkout as it is proposed, paid."""
    address = reverse("desk:checkout", args=[visit.pk])
    sent = fields(browser.get(address).content.decode())
    assert browser.post(address, sent | {"next": "decline:will_call", "step": "complete"}).status_code == 302


def test_standard_is_written_taught_kept_and_made_better(clock):
    cast = make_cast()
    owner, anna, reception = (logged_in(user) for user in (cast.owner, cast.user_of(cast.anna), cast.receptionist))
    vera, dina = (
        make_appointment(client=client, master=cast.anna, starts_at=local(TODAY, hour), services=[cast.lashes])
        for client, hour in ((cast.vera, 11), (cast.dina, 14))
    )

    # the owner takes the ready-made set, and publishes it
    taken = owner.post(reverse("admin:crm_standard_ready"), {"name": "every_visit", "branch": cast.branch.pk})
    standard = Standard.objects.get()
    assert taken.url == reverse("admin:crm_standard_change", args=[standard.pk])
    owner.post(reverse("admin:crm_standard_publish", args=[standard.pk]))

    # Anna finds the lesson on Today and reads it; the owner sees who has not
    standard.refresh_from_db()
    lesson = reverse("desk:lesson", args=[standard.current_id])
    assert lesson in read(anna, "/")
    assert "A name costs nothing" in read(anna, lesson)
    anna.post(reverse("desk:lesson_read", args=[standard.current_id]))
    assert lesson not in read(anna, "/")
    assert f"Not read yet: \u2068{cast.user_of(cast.boris)}\u2069." in read(owner, reverse("office:standards"))

    # Vera's visit: seven of eight required steps are said, the massage nobody asks about
    anna.post(reverse("desk:start", args=[vera.pk]))
    tap(anna, vera, "Greet her by name")
    tap(anna, vera, "Begin on time", do="impossible", why="The one before came late")
    tap(anna, vera, "Offer her favourite drink", do="declined")
    for text in (
        "Ask about what she told last time",
        "Say what will be done, and how long it takes",
        "Show the result and ask whether it is right",
        "Say how to care for it at home",
    ):
        tap(anna, vera, text)
    HelpKind.objects.create(text_en="Umbrella")
    anna.post(reverse("desk:help_new"), {"visit": vera.pk, "kind": HelpKind.objects.get().pk, "words": "until Friday"})

    # at the till it asks once about the eighth, and lets go
    clock.shift(timedelta(hours=1))
    ask = reverse("desk:steps_ask", args=[vera.pk])
    assert reception.get(reverse("desk:checkout", args=[vera.pk])).url == ask
    assert "1 step is not ticked yet." in read(reception, ask)
    reception.post(ask)
    pay(reception, vera)

    # meanwhile the owner asks for the door as well: Vera's visit keeps its version, Dina's has the new one
    StandardStep.objects.filter(version=None, text_en="See her to the door").update(is_required=True)
    owner.post(reverse("admin:crm_standard_publish", args=[standard.pk]))
    assert "New lesson" in read(anna, "/")
    # nobody opens Dina's list: her visit is noted as done, and the clock lays it out
    clock.shift(timedelta(hours=2))
    reception.post(reverse("desk:finish", args=[dina.pk]))
    lay_out_steps_task()

    assert Sale.objects.count() == 1
    versions = VisitStep.objects.values_list("appointment", "step__version__number").distinct()
    assert set(versions) == {(vera.pk, 1), (dina.pk, 2)}
    assert LessonRead.objects.count() == 1

    # Vera: 8 due, 5 done; Dina: 9 due, none done
    told = standards_report(On.of(None, NOW), TODAY, TODAY + timedelta(days=1))
    assert {name: told[name] for name in ("visits", "due", "done", "declined", "impossible", "open")} == {
        "visits": 2, "due": 17, "done": 5, "declined": 1, "impossible": 1, "open": 10,
    }  # fmt: skip
    page = read(owner, reverse("office:standards"))
    assert "2 visits: 5 of 17 steps done (29%)" in page
    assert "Umbrella" in page
    # three weeks on the briefing remembers
    clock.shift(timedelta(days=21))
    later = make_appointment(
        client=cast.vera, master=cast.anna, starts_at=NOW + timedelta(days=21, hours=4), services=[cast.lashes]
    )
    assert "Umbrella · Wed 10 Jun · until Friday" in read(
        logged_in(cast.user_of(cast.anna)), reverse("desk:visit", args=[later.pk])
    )
    assert Appointment.objects.filter(status=Appointment.Status.DONE).count() == 2
