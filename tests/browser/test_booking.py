"""A new client with her first visit on a phone: five fields at most (look.md, Speed of use)."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from crm.booking.models import Appointment
from crm.team.selectors import branch_day
from tests.factories import make_cast

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def salon():
    return make_cast()


def test_new_client_with_a_visit_takes_four_fields(page, live_server, client, salon):
    client.force_login(salon.user_of(salon.anna))
    page.context.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}]
    )
    page.goto(live_server.url + reverse("desk:client_new"))
    fields = 0

    page.get_by_label("Name").fill("Mia Example")
    fields += 1
    page.get_by_label("Phone").fill("+38761100777")
    fields += 1
    page.get_by_label("Service").select_option(label="Lashes")
    fields += 1
    tomorrow = branch_day(salon.branch, timezone.now()) + timedelta(days=1)
    if tomorrow.weekday() == 6:
        tomorrow += timedelta(days=1)
    page.get_by_label("Day", exact=False).fill(tomorrow.isoformat())
    fields += 1
    page.get_by_role("button", name="Show free times").last.tap()
    page.locator("button[name=slot]").first.tap()

    # the name is shut in by signs that cannot be seen
    expect(page.get_by_text(re.compile("Mia Example.? is booked"))).to_be_visible()
    appointment = Appointment.objects.get()
    assert (appointment.client.phone, appointment.master) == ("+38761100777", salon.anna)
    assert fields <= 5
