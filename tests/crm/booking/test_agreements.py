"""What is agreed with one client: her own minutes and price, what may follow what, what she missed, until when she changes."""

from datetime import time, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from crm.booking.models import Accommodation, Appointment, AppointmentEvent
from crm.booking.selectors import change_ends_at, misses_of
from crm.booking.services import (
    agree_with,
    book_appointment,
    forget_agreement,
    free_slots,
    propose_next,
    what_may_follow,
)
from crm.booking.stretches import in_her_minutes
from crm.team.models import CrmSettings
from tests.factories import (
    NOW,
    TODAY,
    local,
    make_agreement,
    make_appointment,
    make_branch,
    make_client,
    make_follow_rule,
    make_master,
    make_service,
    make_visit,
)

pytestmark = pytest.mark.django_db

Status, By = Appointment.Status, Appointment.By
TOMORROW = TODAY + timedelta(days=1)


def book(cast, **changes):
    wanted = {
        "client": cast.vera,
        "master": cast.anna,
        "services": [cast.colour],
        "starts_at": local(TOMORROW, 10),
        "branch": cast.branch,
        "now": NOW,
        "by": By.CLIENT,
        "via": AppointmentEvent.Via.DESK,
    }
    return book_appointment(**(wanted | changes))


@pytest.mark.parametrize(
    ("minutes", "parts"),
    [
        # 75 minutes of work become 105: 45 -> 63 and 30 -> 42; the colour develops no quicker
        (135, [("work", 63), ("processing", 30), ("work", 42)]),
        (90, [("work", 36), ("processing", 30), ("work", 24)]),
        (105, [("work", 45), ("processing", 30), ("work", 30)]),
        # nothing is left for the work beside 30 minutes of processing
        (35, [("work", 35)]),
    ],
)
def test_her_minutes_stretch_the_work_and_never_the_processing(minutes, parts):
    assert in_her_minutes([("work", 45), ("processing", 30), ("work", 30)], minutes) == parts


def test_what_is_agreed_is_taken_at_booking(cast):
    make_agreement(cast.vera, cast.colour, minutes=135, price=100)
    hers, others = book(cast), book(cast, client=cast.dina, master=cast.boris)
    # 15 minutes of buffer follow either
    held = [
        ((row.starts_at - hers.starts_at).seconds // 60, (row.ends_at - hers.starts_at).seconds // 60)
        for row in hers.stretches.order_by("starts_at")
    ]
    assert held == [(0, 63), (93, 150)]
    assert (hers.minutes, hers.told_minutes, hers.price) == (135, 160, Decimal(100))
    assert [(line.minutes, line.price) for line in hers.lines.all()] == [(135, Decimal(100))]
    assert (others.minutes, others.price) == (105, Decimal(120))


def test_a_price_alone_leaves_the_minutes_and_none_is_a_price(cast):
    make_agreement(cast.vera, cast.lashes, price=0)
    appointment = book(cast, services=[cast.lashes, cast.removal])
    assert (appointment.minutes, appointment.price) == (120, Decimal(15))


def test_slots_and_proposals_know_her_minutes():
    branch = make_branch()
    make_master(branch=branch, hours=(time(9), time(10, 30)))
    brows = make_service(branch=branch, minutes=60)
    vera = make_client(branch=branch)
    make_agreement(vera, brows, minutes=90)
    asked = {"branch": branch, "services": [brows], "from_day": TOMORROW, "days": 1, "now": NOW}
    assert [f"{slot.starts_local:%H:%M}" for slot in free_slots(**asked)] == ["09:00", "09:15", "09:30"]
    assert [f"{slot.starts_local:%H:%M}" for slot in free_slots(**asked, client=vera)] == ["09:00"]
    proposed = propose_next(client=vera, services=[brows], branch=branch, now=NOW)
    assert {slot.ends_at - slot.starts_at for slot in proposed} == {timedelta(minutes=90)}


def test_an_agreement_is_replaced_and_ended_with_its_history(cast):
    agree_with(client=cast.vera, service=cast.colour, minutes=135, note=" thick hair ")
    agree_with(client=cast.vera, service=cast.colour, minutes=135, note="thick hair")
    agree_with(client=cast.vera, service=cast.colour, price=Decimal(100))
    agreed = Accommodation.objects.get()
    assert (agreed.minutes, agreed.price, agreed.note) == (None, Decimal(100), "")
    assert forget_agreement(client=cast.vera, service=cast.colour)
    assert not forget_agreement(client=cast.vera, service=cast.colour)
    told = Accommodation.history.order_by("history_id").values_list("history_type", "minutes", "price", "note")
    assert list(told) == [
        ("+", 135, None, "thick hair"),
        ("~", None, Decimal(100), ""),
        ("-", None, Decimal(100), ""),
    ]


@pytest.mark.parametrize("said", [{}, {"minutes": 2}, {"minutes": 1500}, {"price": Decimal(-1)}])
def test_an_agreement_says_something_within_sense(cast, said):
    with pytest.raises(ValidationError):
        agree_with(client=cast.vera, service=cast.colour, **said)
    assert not Accommodation.objects.exists()


@pytest.fixture
def nails():
    """A fill up to 21 days after a set or a fill, else a set."""
    branch = make_branch()
    full_set = make_service(branch=branch, name="Full set")
    fill = make_service(branch=branch, name="Fill", otherwise=full_set)
    make_follow_rule(fill, full_set, 21)
    return branch, full_set, fill


@pytest.mark.parametrize(("days", "refused"), [(20, False), (21, False), (22, True)])
def test_a_fill_is_offered_up_to_21_days_after_a_set(nails, days, refused):
    branch, full_set, fill = nails
    vera = make_client(branch=branch)
    make_visit(vera, TODAY - timedelta(days=40), services=[full_set])
    make_visit(vera, TODAY, services=[full_set])
    found = what_may_follow(client=vera, services=[fill, full_set], on=TODAY + timedelta(days=days))
    assert [(each.service, each.instead) for each in found] == ([(fill, full_set)] if refused else [])
    if refused:
        assert found[0].reason == ("“Fill” is done up to 21 days after “Full set”; by then it will be longer ago.")


def test_a_set_that_is_booked_counts_and_one_that_comes_later_does_not(nails):
    branch, full_set, fill = nails
    vera = make_client(branch=branch)
    make_appointment(client=vera, master=make_master(branch=branch), starts_at=local(TOMORROW, 10), services=[full_set])
    assert what_may_follow(client=vera, services=[fill], on=TOMORROW + timedelta(days=14)) == []
    assert len(what_may_follow(client=vera, services=[fill], on=TODAY)) == 1


def test_who_never_had_a_set_hears_so_and_a_withdrawn_service_is_not_offered(nails):
    branch, full_set, fill = nails
    found = what_may_follow(client=make_client(branch=branch), services=[fill], on=TODAY)
    assert (found[0].instead, found[0].reason) == (full_set, "“Fill” is done only after “Full set”.")
    full_set.is_active = False
    full_set.save()
    assert what_may_follow(client=None, services=[fill], on=TODAY)[0].instead is None


def test_a_service_without_rules_may_follow_anything(cast, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert what_may_follow(client=cast.vera, services=[cast.colour], on=TODAY) == []


def missed(cast, *, status, days_ago=10, hours_before=None, by=""):
    starts_at = NOW - timedelta(days=days_ago)
    cancelled_at = None if hours_before is None else starts_at - timedelta(hours=hours_before)
    make_appointment(
        client=cast.vera, master=cast.anna, starts_at=starts_at, status=status, cancelled_at=cancelled_at,
        cancelled_by=by,
    )  # fmt: skip


def test_no_shows_and_late_cancellations_of_a_year_are_counted_and_flagged(cast, django_assert_max_num_queries):
    missed(cast, status=Status.NO_SHOW)
    missed(cast, status=Status.NO_SHOW, days_ago=364)
    missed(cast, status=Status.NO_SHOW, days_ago=365)
    missed(cast, status=Status.CANCELLED, hours_before=23, by=By.CLIENT)
    missed(cast, status=Status.CANCELLED, hours_before=24, by=By.CLIENT)
    missed(cast, status=Status.CANCELLED, hours_before=1, by=By.SALON)
    # an old system does not say by whom
    missed(cast, status=Status.CANCELLED, hours_before=1)
    missed(cast, status=Status.DONE)
    with django_assert_max_num_queries(2):
        found = misses_of(client=cast.vera, now=NOW)
    assert (found.no_shows, found.late_cancellations, found.is_flagged) == (2, 2, True)
    assert not misses_of(client=cast.dina, now=NOW).is_flagged


def test_one_miss_is_not_pointed_out_until_the_owner_says_so(cast):
    missed(cast, status=Status.NO_SHOW)
    assert not misses_of(client=cast.vera, now=NOW).is_flagged
    CrmSettings.objects.create(pk=1, misses_flagged=1)
    assert misses_of(client=cast.vera, now=NOW).is_flagged


def test_she_changes_by_herself_until_the_owners_hours_before(cast):
    appointment = book(cast)
    assert change_ends_at(appointment) == local(TOMORROW, 8)
    CrmSettings.objects.create(pk=1, client_change_hours=24)
    assert change_ends_at(appointment) == local(TODAY, 10)
