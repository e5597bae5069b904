"""A promise from hand to hand until it is kept (practices.md, P7; rules.md, Reports)."""

import json
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.urls import reverse

from crm.booking.models import Appointment
from crm.care.models import Promise, PromiseEvent
from crm.care.selectors import open_promises, with_due
from crm.care.services import (
    NotYours,
    PromiseRefused,
    SayWhy,
    accept_promise,
    break_promise,
    give_promise,
    hand_promise,
    keep_promise,
    reopen_promise,
)
from tests.factories import NOW, TODAY, local, make_appointment

State = Promise.State


@pytest.fixture
def promise(cast):
    """Anna does not know, and hands it to the reception."""
    return give(cast)


def give(cast, client=None, **fields):
    fields = {"now": NOW, "user": cast.user_of(cast.anna), "holder": cast.receptionist} | fields
    return give_promise(client=client or cast.vera, branch=cast.branch, text="Does the lamp suit her eyes?", **fields)


def due(promise):
    return with_due(Promise.objects.filter(pk=promise.pk)).get().due_at


def test_it_is_due_before_her_next_visit_that_still_stands(cast, promise):
    assert due(promise) is None
    visit = make_appointment(client=cast.vera, master=cast.anna, starts_at=local(TODAY, 15), services=[cast.lashes])
    Promise.objects.filter(pk=promise.pk).update(appointment=visit)
    # the visit at which it was given is not the next one, nor one that she cancelled
    assert due(promise) is None
    for days, status in ((7, Appointment.Status.CANCELLED), (21, Appointment.Status.BOOKED)):
        starts_at = local(TODAY + timedelta(days=days), 10)
        make_appointment(client=cast.vera, master=cast.anna, starts_at=starts_at, services=[cast.lashes], status=status)
    assert due(promise) == local(TODAY + timedelta(days=21), 10)


def test_a_day_named_ends_with_that_day_at_the_branch(cast):
    # Sarajevo in June is two hours ahead: 12 June ends at 22:00 UTC
    promise = give(cast, due_on=datetime(2026, 6, 12).date())
    assert due(promise) == datetime(2026, 6, 12, 22, tzinfo=UTC)
    make_appointment(
        client=cast.vera, master=cast.anna, starts_at=local(TODAY + timedelta(days=1), 10), services=[cast.lashes]
    )
    assert due(promise) == local(TODAY + timedelta(days=1), 10)


def test_from_hand_to_hand_until_it_is_kept(cast, promise):
    anna, boris, desk = cast.user_of(cast.anna), cast.user_of(cast.boris), cast.receptionist
    assert promise.state == State.HANDED
    with pytest.raises(NotYours):
        accept_promise(promise=promise, now=NOW, user=boris)
    hand_promise(promise=promise, to=boris, now=NOW, user=desk, text="you have the lamp")
    accept_promise(promise=promise, now=NOW, user=boris)
    with pytest.raises(SayWhy):
        hand_promise(promise=promise, to=anna, now=NOW, user=boris)
    hand_promise(promise=promise, to=anna, now=NOW, user=boris, text="it is in repair")
    # back with who gave it: she is not asked whether she takes it
    assert (promise.holder, promise.state) == (anna, State.ACCEPTED)
    keep_promise(promise=promise, now=NOW, user=anna, text="it does")
    with pytest.raises(PromiseRefused):
        break_promise(promise=promise, now=NOW, user=anna, text="too late")
    reopen_promise(promise=promise, now=NOW, user=anna)
    with pytest.raises(SayWhy):
        break_promise(promise=promise, now=NOW, user=anna, text=" ")
    break_promise(promise=promise, now=NOW, user=anna, text="the lamp is gone")

    assert (promise.state, promise.answer, promise.closed_at) == (State.BROKEN, "the lamp is gone", NOW)
    steps = PromiseEvent.objects.order_by("pk").values_list("kind", flat=True)
    assert list(steps) == [
        "given", "handed", "accepted", "handed_back", "kept", "reopened", "broken",
    ]  # fmt: skip


def test_who_acts_second_hears_that_it_has_changed(cast, promise):
    seen_by_another = Promise.objects.get(pk=promise.pk)
    hand_promise(promise=promise, to=cast.user_of(cast.boris), now=NOW, user=cast.receptionist)

    with pytest.raises(PromiseRefused):
        keep_promise(promise=seen_by_another, now=NOW, user=cast.receptionist)

    assert Promise.objects.get().state == State.HANDED


def test_both_desks_show_it_and_no_third(cast, promise):
    def shown_to(user):
        return list(open_promises(cast.branch, user=user))

    anna, boris = cast.user_of(cast.anna), cast.user_of(cast.boris)
    assert (shown_to(anna), shown_to(cast.receptionist), shown_to(boris)) == ([promise], [promise], [])


def test_the_report_counts_by_giver_and_holder(cast):
    """Six of one month: two in time, one late, one broken, one overdue, one that still has time."""
    anna, boris, desk = cast.user_of(cast.anna), cast.user_of(cast.boris), cast.receptionist
    yesterday, given = TODAY - timedelta(days=1), NOW - timedelta(days=10)

    def one(**fields):
        return give(cast, now=given, **fields)

    for text in ("a", "b"):
        keep_promise(promise=one(), now=NOW - timedelta(days=3), user=desk, text=text)
    keep_promise(promise=one(due_on=yesterday, user=boris), now=NOW, user=desk)
    break_promise(promise=one(holder=boris), now=NOW, user=boris, text="gone")
    one(due_on=yesterday, holder=boris)
    one(due_on=TODAY + timedelta(days=1))
    # of another month
    give(cast, now=NOW - timedelta(days=60))
    out = StringIO()

    days = {"from": TODAY - timedelta(days=30), "to": TODAY, "today": TODAY}
    call_command("report", "promises", *(f"--{name}={day}" for name, day in days.items()), "--json", stdout=out)

    def row(promises, kept, late, broken, overdue, running, share):
        ends = {"kept": kept, "late": late, "broken": broken, "overdue": overdue, "running": running}
        return {"promises": promises, **ends, "share": share}

    assert json.loads(out.getvalue()) == {
        **row(6, 2, 1, 1, 1, 1, 0.4),
        # Anna 2 of 4 whose end is known, Boris none of one
        "by_giver": [
            {"user": anna.username, **row(5, 2, 0, 1, 1, 1, 0.5)},
            {"user": boris.username, **row(1, 0, 1, 0, 0, 0, 0.0)},
        ],
        "by_holder": [
            {"user": boris.username, **row(2, 0, 0, 1, 1, 0, 0.0)},
            {"user": desk.username, **row(4, 2, 1, 0, 0, 1, 0.6667)},
        ],
    }


def test_a_master_gives_it_at_the_visit_and_the_reception_keeps_it(cast, client, django_assert_num_queries):
    visit = make_appointment(
        client=cast.vera, master=cast.anna, starts_at=NOW + timedelta(hours=1), services=[cast.lashes]
    )
    page = reverse("desk:visit", args=[visit.pk])
    client.force_login(cast.user_of(cast.anna))
    given = client.post(
        reverse("desk:promise_new"),
        {
            "client": cast.vera.pk,
            "visit": visit.pk,
            "next": page,
            "text": "  Ask for the oil ",
            "holder": cast.receptionist.pk,
        },
    )
    promise = Promise.objects.get()
    assert (given.url, promise.text, promise.appointment, promise.state) == (
        page,
        "Ask for the oil",
        visit,
        State.HANDED,
    )
    shown = client.get(page).content.decode()
    assert "Ask for the oil" in shown
    # it is another's: she is not asked to say yes
    assert "I see to it" not in client.get(reverse("desk:promise", args=[promise.pk])).content.decode()

    client.force_login(cast.receptionist)
    assert "asks you" in client.get(reverse("desk:promises")).content.decode()
    assert "asks you" in client.get(reverse("desk:today")).content.decode()
    client.post(reverse("desk:promise_accept", args=[promise.pk]))
    refused = client.post(reverse("desk:promise_end", args=[promise.pk]), {"how": "broken", "text": ""})
    assert refused.status_code == 422
    kept = client.post(reverse("desk:promise_end", args=[promise.pk]), {"how": "kept", "text": "ordered"}, follow=True)
    assert reverse("desk:promise_reopen", args=[promise.pk]) in kept.content.decode()
    promise.refresh_from_db()
    assert (promise.state, promise.answer) == (State.KEPT, "ordered")


@pytest.mark.parametrize("count", [1, 30])
def test_the_list_takes_the_same_queries_for_one_and_for_thirty(cast, client, count, django_assert_num_queries):
    for _ in range(count):
        give(cast)
    client.force_login(cast.receptionist)
    client.get(reverse("desk:promises"))
    # session, user with her branch, settings; what waits in the inbox; the list
    with django_assert_num_queries(3 + 1 + 1):
        client.get(reverse("desk:promises"))
