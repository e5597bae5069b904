"""A complaint from the first words to the return visit (practices.md, P31, P32; rules.md, Feedback and complaints)."""

from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.test import Client as Browser
from django.urls import reverse

from crm.booking.models import Appointment, Visit
from crm.booking.services import arrive, refresh_pulses, start_visit
from crm.care.models import Call, Complaint, ComplaintAlert, ComplaintCause, ComplaintOption, Redo
from crm.care.services import record_feedback
from crm.reports.selectors.grievances import complaints_report
from crm.reports.selectors.motivation import motivation_report
from crm.reports.selectors.standing import On
from crm.reports.selectors.states import standing_of
from loyalty.amends.models import Compensation
from loyalty.checkout.offers import CheckoutLine
from reminders.messages.colleagues import tell_of_complaints
from tests.factories import NOW, TODAY, local, make_appointment
from tests.loyalty.till import pay

pytestmark = pytest.mark.django_db

YESTERDAY, TOMORROW, IN_THREE_DAYS = (TODAY + timedelta(days=days) for days in (-1, 1, 3))


def desk_of(user) -> Browser:
    browser = Browser()
    browser.force_login(user)
    return browser


def at(moment):
    return time_machine.travel(moment, tick=False)


def test_from_the_first_words_to_the_return_visit(cast):
    cause = ComplaintCause.objects.create(name="Did not last")
    anna, rada, olga = (desk_of(each) for each in (cast.user_of(cast.anna), cast.receptionist, cast.owner))
    wrong = make_appointment(
        client=cast.vera, master=cast.anna, starts_at=local(YESTERDAY, 10), services=[cast.lashes], status="done"
    )
    line = CheckoutLine(price=Decimal(60), service=cast.lashes, master=cast.anna)
    pay(cast.vera, lines=[line], appointment=wrong, now=local(YESTERDAY, 12))

    # Wednesday 17:00: by the link of her letter she gives 2 of 10. Her words open a case, and she hears no more offers
    record_feedback(
        client=cast.vera, branch=cast.branch, visit_on=YESTERDAY, score=2, displeased="Half of them fell out",
        now=local(TODAY, 17),
    )  # fmt: skip
    case = Complaint.objects.get()
    assert (case.owner, case.answered_at) == (cast.user_of(cast.anna), None)
    # an hour is left of Wednesday, one of Thursday
    assert case.answer_due_at == local(TOMORROW, 10)
    assert standing_of(cast.vera, now=local(TODAY, 17)).pause == "complaint"

    # nobody rings her: Anna is reminded, and at ten on Thursday the reception knows
    tell_of_complaints(now=local(TOMORROW, 9, 30))
    tell_of_complaints(now=local(TOMORROW, 10))
    assert list(ComplaintAlert.objects.order_by("pk").values_list("level", "user__first_name")) == [
        (0, "Anna"),
        (1, "Anna"),
        (1, "Rada"),
    ]
    assert "answer overdue" in desk_at(rada, reverse("desk:today"), local(TOMORROW, 10, 5))

    # the reception listens, and is called away after the second step; Anna goes on
    page = reverse("desk:complaint", args=[case.pk])
    with at(local(TOMORROW, 10, 10)):
        step(rada, case, 1)
        step(rada, case, 2, "On Tuesday evening, under the shower")
    with at(local(TOMORROW, 10, 30)):
        assert "Next is step 3." in anna.get(page).content.decode()
        step(anna, case, 3, "That it is done again before Saturday")
        offer = {
            "key": "6f1de9f4-8ef1-4d4d-9a62-0b6a5c1a7c13",
            "redo": [cast.lashes.pk],
            "words": "Flowers",
            "cost": 40,
        }
        anna.post(reverse("desk:complaint_offer", args=[case.pk]), offer)
        # flowers are more than she gives alone; what is done again is hers to offer
        flowers = case.options.get(kind="other")
        assert flowers.state == ComplaintOption.State.WAITING
        olga.post(reverse("desk:option_refuse", args=[case.pk, flowers.pk]), {"why": "20 % instead"})
        olga.post(
            reverse("desk:complaint_offer", args=[case.pk]),
            {"key": "6f1de9f4-8ef1-4d4d-9a62-0b6a5c1a7c14", "percent": 20},
        )
        anna.post(reverse("desk:option_choose", args=[case.pk, case.options.get(kind="redo").pk]))
        redo = Redo.objects.get()
        slots = anna.get(reverse("desk:redo", args=[redo.pk])).context["slots"]
        chosen = next(
            slot["value"] for slot in slots if slot["value"].startswith(f"{IN_THREE_DAYS - timedelta(days=1)}")
        )
        anna.post(reverse("desk:redo", args=[redo.pk]), {"slot": chosen})
        step(anna, case, 5)
        anna.post(
            reverse("desk:complaint_resolve", args=[case.pk]),
            {"outcome": "solved", "resolution": "Done again on Friday", "cause": cause.pk},
        )
    case.refresh_from_db()
    redo.refresh_from_db()
    assert (case.outcome, case.cause, case.answered_at) == ("solved", cause, local(TOMORROW, 10, 10))
    assert list(case.steps.filter(done_at__isnull=False).order_by("step").values_list("step", flat=True)) == [
        1,
        2,
        3,
        4,
        5,
    ]
    assert (Compensation.objects.get().kind, Compensation.objects.get().cost) == ("redo", 60)

    # Friday: she comes, pays nothing, and no rhythm starts from it
    visit = redo.appointment
    with at(visit.starts_at):
        arrive(appointment=visit, now=visit.starts_at, user=cast.user_of(cast.anna))
        start_visit(appointment=visit, now=visit.starts_at, user=cast.user_of(cast.anna))
        assert "0.00" in anna.get(reverse("desk:checkout", args=[visit.pk])).content.decode()
        service = visit.lines.get().service
        pay(
            cast.vera,
            lines=[CheckoutLine(price=service.price, service=service, master=cast.anna)],
            appointment=visit,
            now=visit.starts_at,
        )
    visit.refresh_from_db()
    back = Visit.objects.get(client=cast.vera, on=visit.on)
    assert (visit.status, back.counts, back.is_paid) == (Appointment.Status.DONE, False, False)

    # three days after it was closed somebody rings her; the report says that she came back
    assert Call.objects.get(kind="closing").due_at == local(TOMORROW, 10, 30) + timedelta(days=3)
    refresh_pulses(client_ids=[cast.vera.pk], now=NOW)
    later = On(TODAY + timedelta(days=120), NOW + timedelta(days=120), live=False)
    report = complaints_report(later, TODAY, TOMORROW)
    [quick] = [row for row in report["groups"] if row["resolved"] == "within_24h"]
    assert (quick["complaints"], quick["came_back"], quick["share"], quick["published"]) == (1, 1, 1.0, "95 %")
    assert report["first_answer"] == {"in_time": 0, "late": 1, "running": 0}
    assert report["causes"] == [{"category": "Did not last", "complaints": 1}]
    [row] = [row for row in motivation_report(later, TODAY, TODAY + timedelta(days=9)) if row["name"] == "Anna"]
    assert (row["complaints_solved"], row["redos"], row["figure_taken_back"]) == (1, 1, "60.00")
    assert "She was here again on" in desk_at(rada, page, NOW + timedelta(days=9))


def step(browser, case, number, text=""):
    saved = case.steps.filter(step=number).first()
    fields = {"version": saved.version if saved else 0, "text": text, "done": "1"}
    return browser.post(reverse("desk:complaint_step", args=[case.pk, number]), fields)


def desk_at(browser, address, moment) -> str:
    with at(moment):
        return browser.get(address).content.decode()
