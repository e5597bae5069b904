"""Who does not do a service, or is not there then, is named as such; nobody reads "taken" for it."""

import re
from datetime import time, timedelta

import pytest
from django.urls import reverse

from tests.factories import TODAY, local, make_appointment, make_hours_on, make_skill, make_time_off

TOMORROW = TODAY + timedelta(days=1)


@pytest.fixture
def browser(cast, desk):
    """Anna does removals alone; Boris does everything but those."""
    make_skill(cast.anna, cast.removal)
    make_skill(cast.boris, cast.lashes)
    make_skill(cast.boris, cast.colour)
    return desk(cast.receptionist)


def asked(cast, service, **changes):
    wanted = {"client": cast.vera.pk, "service": service.pk, "day": TOMORROW.isoformat(), "at": "10:00"}
    return wanted | {"master": 0} | changes


def answer(browser, wanted):
    """The page without the marks around names, and how many free times it offers."""
    html = browser.post(reverse("desk:visit_new"), wanted).content.decode()
    return html.replace("\u2068", "").replace("\u2069", ""), re.findall(r'name="slot" value="([^"]+)"', html)


def test_who_does_not_do_it_is_named_with_who_does_and_their_free_times(cast, browser):
    page, times = answer(browser, asked(cast, cast.lashes, master=cast.anna.pk))

    assert "Anna does not do Lashes; Boris does." in page
    assert times[0] == f"{TOMORROW}|10:00|{cast.boris.pk}"


def test_so_is_a_second_master_who_does_not(cast, browser):
    wanted = asked(cast, cast.removal, master=cast.anna.pk, also=cast.lashes.pk, also_master=cast.anna.pk)

    page, times = answer(browser, wanted)

    assert "Anna does not do Lashes; Boris does." in page
    assert times[0] == f"{TOMORROW}|10:00|{cast.anna.pk},{cast.boris.pk}"


def test_a_second_master_who_is_off_then_is_not_called_taken(cast, browser):
    make_hours_on(cast.boris, TOMORROW, time(14), time(18))

    page, times = answer(browser, asked(cast, cast.removal, also=cast.lashes.pk, also_master=cast.boris.pk))

    assert "Boris does not work then." in page
    # removal by Anna, and Boris comes at 14:00
    assert times[0] == f"{TOMORROW}|13:30|{cast.anna.pk},{cast.boris.pk}"


def test_where_nobody_who_does_it_works_then_that_is_said(cast, browser):
    make_time_off(cast.boris, local(TOMORROW, 9), local(TOMORROW, 12))

    page, times = answer(browser, asked(cast, cast.lashes))

    assert "Nobody who does Lashes works then." in page
    assert times[0] == f"{TOMORROW}|12:00|{cast.boris.pk}"


def test_who_works_then_and_has_another_visit_is_taken(cast, browser):
    make_appointment(client=cast.dina, master=cast.boris, starts_at=local(TOMORROW, 10), services=[cast.lashes])

    page, _times = answer(browser, asked(cast, cast.lashes))

    assert "This time is taken." in page


def test_a_gap_of_a_master_who_does_not_do_what_she_had_last_proposes_no_service(cast, browser):
    make_appointment(client=cast.vera, master=cast.boris, starts_at=local(TODAY, 9), services=[cast.lashes])
    url = reverse("desk:visit_new") + f"?client={cast.vera.pk}&day={TOMORROW}&at=10:00&master="

    annas = browser.get(f"{url}{cast.anna.pk}").content.decode()
    boriss = browser.get(f"{url}{cast.boris.pk}").content.decode()

    chosen = f'<option value="{cast.lashes.pk}" selected>{cast.lashes.name}'
    assert (chosen in annas, chosen in boriss) == (False, True)
