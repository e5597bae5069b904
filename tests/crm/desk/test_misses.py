"""Missed visits are pointed out at the next booking, and nobody is refused for them (practices.md, P49)."""

from datetime import timedelta

import pytest
from django.urls import reverse

from crm.booking.models import Appointment
from crm.team.models import CrmSettings
from tests.factories import NOW, make_appointment

Status = Appointment.Status


def miss(cast, days_ago, **fields):
    starts_at = NOW - timedelta(days=days_ago)
    return make_appointment(client=cast.vera, master=cast.anna, starts_at=starts_at, services=[cast.lashes], **fields)


@pytest.fixture
def missed(cast):
    """One no-show, and one cancellation an hour before it began."""
    miss(cast, 40, status=Status.NO_SHOW)
    late = miss(cast, 20, status=Status.CANCELLED, cancelled_by="client")
    late.cancelled_at = late.starts_at - timedelta(hours=1)
    late.save()


def pages(cast) -> list[str]:
    ahead = make_appointment(
        client=cast.vera, master=cast.anna, starts_at=NOW + timedelta(days=2), services=[cast.lashes]
    )
    return [
        f"{reverse('desk:visit_new')}?client={cast.vera.pk}",
        reverse("desk:client", args=[cast.vera.pk]),
        reverse("desk:visit", args=[ahead.pk]),
    ]


def test_often_enough_it_is_said_where_she_is_booked_and_met(cast, desk, missed):
    for page in pages(cast):
        assert (
            "In the last year: 1 visit missed, 1 cancelled late." in desk(cast.receptionist).get(page).content.decode()
        )


def test_below_the_owners_measure_nothing_is_said(cast, desk, missed):
    CrmSettings.objects.update_or_create(pk=1, defaults={"misses_flagged": 3})

    for page in pages(cast):
        assert "In the last year" not in desk(cast.receptionist).get(page).content.decode()


def test_over_her_shoulder_it_is_not_shown(cast, desk, missed):
    page = desk(cast.receptionist).get(reverse("desk:client", args=[cast.vera.pk]) + "?shown=1")

    assert "In the last year" not in page.content.decode()
