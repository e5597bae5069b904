"""A master with eight clients tomorrow says on her phone that she is ill: three taps (practices.md, P56)."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from crm.booking.models import Appointment, BadDay
from crm.team.selectors import branch_day
from tests.browser.looking import too_wide
from tests.factories import local, make_appointment, make_cast, make_client

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def salon():
    cast = make_cast()
    tomorrow = branch_day(cast.branch, timezone.now()) + timedelta(days=1)
    for hour in range(9, 17):
        make_appointment(
            client=make_client(branch=cast.branch),
            master=cast.anna,
            starts_at=local(tomorrow, hour),
            services=[cast.removal],
        )
    return cast


@pytest.mark.parametrize("language", ["en", "ar"])
def test_ill_tomorrow_is_three_taps_and_one_more_takes_it_back(
    page, live_server, client, salon, language, axe_finds_nothing
):
    user = salon.user_of(salon.anna)
    user.language = language
    user.save()
    client.force_login(user)
    page.context.add_cookies(
        [
            {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url},
            {"name": "django_language", "value": language, "url": live_server.url},
        ]
    )
    page.goto(live_server.url + "/")

    page.locator(".bar-plus button").tap()
    page.locator("#sheet-new a[href='/bad-days/new/']").tap()
    page.wait_for_url("**/bad-days/new/")
    axe_finds_nothing(page)
    page.locator("button[value=tomorrow]").tap()

    page.wait_for_url(re.compile(r"/bad-days/\d+/$"))
    assert BadDay.objects.get().master == salon.anna
    assert Appointment.objects.filter(status="cancelled").count() == 8
    expect(page.locator("main li")).to_have_count(8)
    axe_finds_nothing(page)
    assert too_wide(page) <= 0
    assert page.evaluate("document.documentElement.dir || 'ltr'") == ("rtl" if language == "ar" else "ltr")

    page.locator("form[action$='/undo/'] button").tap()

    expect(page.locator("form[action$='/undo/']")).to_have_count(0)
    assert set(Appointment.objects.values_list("status", flat=True)) == {"booked"}
