"""The desk on a phone: every page sound in both themes and directions, today's work by few taps, Today without a network."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from crm.booking.models import Appointment
from crm.booking.services import refresh_pulses
from crm.care.models import WorkPhotograph
from crm.care.services import open_complaint
from crm.people.models import Note
from crm.team.selectors import branch_day
from reminders.messages.tokens import Door, make_token
from tests.browser.looking import look_for, still, too_small, too_wide
from tests.crm.people.test_pictures import photograph
from tests.factories import make_appointment, make_cast, make_note
from tests.poll import until

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def salon():
    """Vera is booked with Anna in a quarter of an hour; there is something to ask her."""
    cast = make_cast()
    now = timezone.now()
    # a zone in which it is about noon, so that a quarter of an hour ahead is today whenever this runs
    cast.branch.time_zone = f"Etc/GMT{now.hour - 12:+d}"
    cast.branch.save()
    visit = make_appointment(
        client=cast.vera, master=cast.anna, starts_at=now + timedelta(minutes=15), services=[cast.lashes]
    )
    make_note(cast.vera, "the exam on 12 June", ask_again_on=branch_day(cast.branch, now))
    refresh_pulses(client_ids=[cast.vera.pk], now=now)
    return cast, visit


@pytest.fixture
def as_anna(page, live_server, client, salon):
    cast, _visit = salon
    client.force_login(cast.user_of(cast.anna))
    page.context.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}]
    )
    return page


@pytest.mark.parametrize(("theme", "language"), [("light", "en"), ("dark", "ar")])
def test_every_page_is_sound(as_anna, live_server, axe_finds_nothing, salon, theme, language):
    page, (cast, visit) = as_anna, salon
    complaint = open_complaint(
        client=cast.vera, branch=cast.branch, text="Too short", user=cast.user_of(cast.anna), now=timezone.now()
    )
    note = Note.objects.get(client=cast.vera)
    addresses = [
        reverse("desk:today"),
        reverse("desk:calendar"),
        reverse("desk:clients"),
        reverse("desk:client_new"),
        reverse("desk:visit_new") + f"?client={cast.vera.pk}",
        reverse("desk:visit", args=[visit.pk]),
        reverse("desk:move", args=[visit.pk]),
        reverse("desk:cancel", args=[visit.pk]),
        reverse("desk:client", args=[cast.vera.pk]),
        reverse("desk:client_receipts", args=[cast.vera.pk]),
        reverse("desk:client_edit", args=[cast.vera.pk]),
        reverse("desk:note_new"),
        reverse("desk:note", args=[note.pk]),
        reverse("desk:complaints"),
        reverse("desk:complaint", args=[complaint.pk]),
        reverse("desk:complaint_new") + f"?client={cast.vera.pk}",
        reverse("desk:calls"),
    ]
    complaints = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.emulate_media(color_scheme=theme)
    page.context.add_cookies([{"name": "django_language", "value": language, "url": live_server.url}])
    for address in addresses:
        answer = page.goto(live_server.url + address)

        assert answer.status == 200, address
        assert too_wide(page) <= 0, address
        assert too_small(page) == [], address
        assert complaints == [], address
        axe_finds_nothing(page)


def test_check_in_takes_one_tap_and_can_be_undone(as_anna, live_server, salon):
    page, (_cast, visit) = as_anna, salon
    page.goto(live_server.url + reverse("desk:today"))

    page.get_by_role("button", name="She is here").first.tap()

    expect(page.get_by_role("status").get_by_role("button", name="Undo")).to_be_visible()
    visit.refresh_from_db()
    assert visit.status == Appointment.Status.ARRIVED

    page.get_by_role("status").get_by_role("button", name="Undo").tap()

    expect(page.get_by_role("button", name="She is here").first).to_be_visible()
    visit.refresh_from_db()
    assert visit.status == Appointment.Status.BOOKED


def test_note_takes_two_taps_and_the_text(as_anna, live_server, salon):
    page, (cast, _visit) = as_anna, salon
    page.goto(live_server.url + reverse("desk:today"))

    page.get_by_role("link", name="Open the visit").first.tap()
    page.get_by_label("What did you hear?").fill("A puppy since last week")
    page.get_by_role("button", name="Remember").tap()

    expect(page.get_by_role("status").first).to_be_attached()
    page.goto(live_server.url + reverse("desk:client", args=[cast.vera.pk]))
    expect(page.get_by_text("A puppy since last week")).to_be_visible()


@pytest.mark.parametrize("typed", ["ver", "вер"])
def test_client_is_found_by_three_letters(as_anna, live_server, salon, typed):
    page, (cast, _visit) = as_anna, salon
    page.goto(live_server.url + reverse("desk:clients"))

    look_for(page, typed)

    expect(page.locator("#found").get_by_text(cast.vera.shown_name)).to_be_visible()


def test_today_stays_readable_without_a_network(as_anna, live_server, salon):
    page, (cast, _visit) = as_anna, salon
    page.goto(live_server.url + reverse("desk:today"))
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.goto(live_server.url + reverse("desk:today"))
    kept = "caches.open('regulars-today').then(kept => kept.match('/')).then(Boolean)"
    until(lambda: page.evaluate(kept), seconds=10, what="Today to be kept")

    page.context.set_offline(True)
    page.goto(live_server.url + reverse("desk:today"))

    expect(page.get_by_text("No network. This is how things stood at")).to_be_visible()
    expect(page.get_by_text(cast.vera.shown_name).first).to_be_visible()


def test_who_logs_out_leaves_no_copy_of_the_day(as_anna, live_server, salon):
    page, _salon = as_anna, salon
    page.goto(live_server.url + reverse("desk:today"))
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.goto(live_server.url + reverse("desk:today"))
    page.wait_for_function("caches.has('regulars-today')")

    page.get_by_role("button", name="You and your settings").tap()
    page.get_by_role("button", name="Log out").tap()

    page.wait_for_url("**/accounts/login/**")
    page.wait_for_function("caches.has('regulars-today').then(kept => !kept)")


def test_photographs_are_asked_for_taken_and_ended_by_her(
    as_anna, live_server, axe_finds_nothing, salon, settings, tmp_path
):
    page, (cast, visit) = as_anna, salon
    settings.MEDIA_ROOT = tmp_path
    page.goto(live_server.url + reverse("desk:visit", args=[visit.pk]))
    section = still(page).locator("section", has=page.get_by_role("heading", name="Photographs", exact=True))
    section.scroll_into_view_if_needed()
    section.get_by_role("button", name="She says yes").tap()
    expect(page.get_by_text("Noted, with your name and what was asked.")).to_be_visible()

    still(page)
    section.scroll_into_view_if_needed()
    chosen = section.locator("input[name=chosen]")
    expect(chosen).to_be_attached()
    large = photograph(2400, 1800).getvalue()
    chosen.set_input_files(
        [
            {"name": f"IMG_{number}.jpg", "mimeType": "image/jpeg", "buffer": large + bytes(number)}
            for number in (1, 2_000_000)
        ]
    )
    expect(section.locator("output").last).to_have_text("2")
    # made small on the telephone: the second carried two megabytes of nothing
    page.wait_for_function("() => document.querySelector('input[name=chosen]').files[1].size < 1000000")
    section.get_by_role("button", name="Keep as before").tap()
    # what they look like is the same, so they are one
    expect(page.get_by_text("1 photograph is kept.")).to_be_visible()
    still(page)
    section.scroll_into_view_if_needed()
    expect(section.get_by_role("button", name="She says yes")).to_be_visible()
    page.wait_for_function("() => document.querySelector('.photographs img').naturalWidth == 480")
    assert WorkPhotograph.objects.get().appointment == visit
    for address in (
        reverse("desk:client_photographs", args=[cast.vera.pk]),
        reverse("desk:photograph", args=[WorkPhotograph.objects.get().pk]),
        reverse("desk:our_work"),
    ):
        page.goto(live_server.url + address)
        assert too_wide(page) <= 0, address
        assert too_small(page) == [], address
        axe_finds_nothing(page)

    token = make_token(door=Door.HOME, client_id=cast.vera.pk, today=timezone.now().date())
    page.goto(f"{live_server.url}/my/o/{token}/")
    page.get_by_role("link", name="All photographs").tap()
    page.get_by_text("No photographs any more").tap()
    remove = page.get_by_role("button", name="Remove them all")
    expect(remove).to_be_visible()
    axe_finds_nothing(page)
    remove.tap()
    expect(page.get_by_text("There are none.")).to_be_visible()
    assert list(tmp_path.rglob("*.jpg")) == []
