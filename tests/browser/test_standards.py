"""The salon's standard on a phone: one thumb's work on the visit, asked about once before the checkout (practices.md, P5)."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from crm.booking.models import Appointment
from crm.care.models import HandbookEntry, VisitStep
from tests.browser.looking import look_for, too_small, too_wide
from tests.factories import make_appointment, make_cast, make_standard

pytestmark = pytest.mark.django_db(transaction=True)
STEPS = ("Greet by name", "Offer the drink", "Head massage")


@pytest.fixture
def visit():
    """Vera has arrived, and Anna begins; somewhere where it is about noon."""
    cast = make_cast()
    now = timezone.now()
    cast.branch.time_zone = f"Etc/GMT{now.hour - 12:+d}"
    cast.branch.save()
    make_standard(*STEPS, branch=cast.branch, optional=["Aroma"], at=now - timedelta(days=1))
    HandbookEntry.objects.create(text_en="It is too expensive", answer_en="It holds three weeks.")
    return make_appointment(
        client=cast.vera,
        master=cast.anna,
        starts_at=now,
        services=[cast.lashes],
        status=Appointment.Status.ARRIVED,
        arrived_at=now,
    )


def test_list_is_ticked_with_one_thumb_and_asked_about_once(page, live_server, client, visit, axe_finds_nothing):
    client.force_login(visit.master.user)
    page.context.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}]
    )
    page.goto(live_server.url + reverse("desk:visit", args=[visit.pk]))
    page.get_by_role("button", name="Begin", exact=True).tap()
    steps = page.get_by_role("region", name="Our standard")

    # one tap each; a slip is one tap back
    steps.get_by_role("button", name="Greet by name").tap()
    expect(steps.get_by_role("button", name="Greet by name", pressed=True)).to_be_visible()
    steps.get_by_role("button", name="Offer the drink").tap()
    expect(steps.get_by_text("2 of 4")).to_be_visible()
    steps.get_by_role("button", name="Offer the drink", pressed=True).tap()
    expect(steps.get_by_text("1 of 4")).to_be_visible()

    # left out: why, and not without a word
    massage = steps.get_by_role("listitem").filter(has_text="Head massage")
    massage.get_by_text("Not today").tap()
    massage.get_by_role("button", name="Impossible today").tap()
    expect(massage.get_by_text("Say in a few words what made it impossible today.")).to_be_visible()
    assert too_small(page) == []
    axe_finds_nothing(page)
    massage.get_by_label("What made it impossible?").fill("The basin leaks")
    massage.get_by_role("button", name="Impossible today").tap()
    expect(steps.get_by_text("Impossible today: The basin leaks")).to_be_visible()

    # the handbook answers beside it
    look_for(page, "expnsive")
    page.get_by_text("It holds three weeks.").wait_for()

    # the drink is still open: asked once, one tap goes on
    page.get_by_role("link", name="Checkout").tap()
    expect(page.get_by_text("1 step is not ticked yet.")).to_be_visible()
    assert too_wide(page) <= 0
    axe_finds_nothing(page)
    page.get_by_role("button", name="On to the checkout").tap()
    page.wait_for_url("**/checkout/**")
    page.goto(live_server.url + reverse("desk:checkout", args=[visit.pk]))
    expect(page.get_by_role("heading", name="Before you finish")).to_have_count(0)

    rows = VisitStep.objects.filter(appointment=visit).order_by("step__position")
    assert [(row.state, row.why) for row in rows] == [
        ("done", ""),
        ("open", ""),
        ("skipped", "The basin leaks"),
        ("open", ""),
    ]
