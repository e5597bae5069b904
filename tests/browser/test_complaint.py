"""A complaint on a phone: begun at the desk, interrupted half-way, resumed by a colleague, done again and booked (P31)."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from crm.care.models import Complaint, ComplaintCause, ComplaintStep, Redo
from crm.care.services import open_complaint, save_step
from tests.browser.looking import still, too_small, too_wide
from tests.factories import make_appointment, make_cast
from tests.poll import until

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def salon():
    """Vera had her lashes done by Anna yesterday."""
    cast = make_cast()
    now = timezone.now()
    cast.branch.time_zone = f"Etc/GMT{now.hour - 12:+d}"
    cast.branch.save()
    ComplaintCause.objects.create(name="Did not last")
    visit = make_appointment(
        client=cast.vera,
        master=cast.anna,
        starts_at=now - timedelta(days=1),
        services=[cast.lashes],
        status="done",
    )
    return cast, visit


def come_in(page, live_server, client, user):
    client.force_login(user)
    page.context.clear_cookies()
    cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}
    page.context.add_cookies([cookie])


def test_begun_interrupted_resumed_and_booked(page, live_server, client, salon, axe_finds_nothing):
    cast, visit = salon
    come_in(page, live_server, client, cast.user_of(cast.anna))
    page.goto(live_server.url + reverse("desk:visit", args=[visit.pk]))
    page.get_by_role("link", name="Complaint", exact=True).click()
    page.get_by_label("What happened?").fill("Half of them fell out")
    page.get_by_role("button", name="Write it down").tap()
    # what is said stands there, in her language; said is said
    expect(page.get_by_text("I am sorry that this happened.")).to_be_visible()
    axe_finds_nothing(page)
    assert too_small(page) == []
    page.get_by_role("button", name="Said").first.tap()
    # while she speaks the words are kept by themselves; then somebody calls Anna away
    expect(page.get_by_label("What did she say?")).to_be_visible()
    still(page).get_by_label("What did she say?").press_sequentially("Since Monday")
    expect(page.get_by_text("Kept at")).to_be_visible()
    assert ComplaintStep.objects.get(step=2).text == "Since Monday"
    page.goto(live_server.url + reverse("desk:today"))

    # Rada goes on where Anna was
    come_in(page, live_server, client, cast.receptionist)
    page.goto(live_server.url + reverse("desk:today"))
    page.get_by_role("link", name="Vera Example").last.click()
    expect(page.get_by_text("Last saved: Anna")).to_contain_text("Next is step 2.")
    heard = page.get_by_label("What did she say?")
    expect(heard).to_have_value("Since Monday")
    heard.fill("Since Monday, after the sauna")
    page.get_by_role("button", name="Heard").first.tap()
    expect(page.get_by_label("What would help her?")).to_be_visible()
    page.get_by_label("What would help her?").fill("That it is done again")
    page.get_by_role("button", name="Heard").last.tap()
    expect(page.locator("#step-4").get_by_label("Lashes")).to_be_visible()
    page.locator("#step-4").get_by_label("Lashes").check()
    page.get_by_label("Off her next visit, percent").fill("20")
    page.get_by_role("button", name="Offer these").tap()
    page.get_by_role("button", name="She chooses this").first.tap()
    page.get_by_role("link", name="Find a time").tap()
    expect(page.locator("button.slot").first).to_be_visible()
    axe_finds_nothing(page)
    page.locator("button.slot").first.tap()
    expect(page.get_by_text("Done again, free:")).to_be_visible()
    page.get_by_label("solved").check()
    page.get_by_label("Why did it happen?").select_option("Did not last")
    page.get_by_label("What was done?").fill("Done again")
    page.get_by_role("button", name="Close the complaint").tap()
    expect(page.get_by_role("button", name="Open it again")).to_be_visible()
    assert Complaint.objects.get().outcome == "solved"
    assert Redo.objects.get().appointment.price == 0
    axe_finds_nothing(page)
    assert too_wide(page) <= 0


def test_words_typed_too_early_and_the_last_ones_before_she_is_called_away_are_kept(page, live_server, client, salon):
    cast, visit = salon
    case = open_complaint(
        client=cast.vera, branch=cast.branch, text="They fall out", now=timezone.now(), user=cast.receptionist,
        appointment=visit,
    )  # fmt: skip
    save_step(complaint=case, step=1, text="", is_done=True, version=0, now=timezone.now(), user=cast.receptionist)
    come_in(page, live_server, client, cast.receptionist)
    address = live_server.url + reverse("desk:complaint", args=[case.pk])

    def kept() -> str:
        row = ComplaintStep.objects.filter(step=2).first()
        return row.text if row else ""

    # typed while the scripts are still on their way: there is nobody to hear an input
    held = []
    page.route("**/htmx.min*.js", lambda route: held.append(route))
    page.goto(address, wait_until="commit")
    heard = page.get_by_label("What did she say?")
    expect(heard).to_be_visible()
    heard.fill("Since Monday")
    # a route is answered only while the page is asked for something
    until(lambda: page.wait_for_timeout(20) or held, seconds=10, what="the script is asked for")
    held[0].continue_()
    expect(page.get_by_text("Kept at")).to_be_visible()
    assert kept() == "Since Monday"

    # in the middle of a word she is called away, long before the pause after which a draft goes
    page.unroute("**/htmx.min*.js")
    heard.press("End")
    heard.press_sequentially(" even")
    page.goto(live_server.url + reverse("desk:today"))
    until(lambda: kept() == "Since Monday even", seconds=10, what="the last words are kept")
    page.goto(address)
    expect(page.get_by_label("What did she say?")).to_have_value("Since Monday even")
