"""The calendar on a phone, by touch and by keyboard, in English and Arabic; two desks at once; sound in both themes.

Words are not looked for but where they are the point: the steps are the same in every language.
"""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from crm.booking.models import Appointment, AppointmentEvent
from crm.booking.services import book_appointment
from crm.team.selectors import branch_day
from tests.browser.looking import look_for, too_small, too_wide
from tests.factories import local, make_appointment, make_cast, make_service, make_time_off
from tests.poll import until

pytestmark = pytest.mark.django_db(transaction=True)

VISIT = "[data-visit]"
BY_MOUSE = {"viewport": {"width": 1280, "height": 900}, "is_mobile": False, "has_touch": False}
# where on the screen a column (0 is the first) has an hour
POINT = """([column, hour]) => {
  const main = document.querySelector('.ec-main'), day = document.querySelectorAll('.ec-body .ec-day')[column];
  const from = parseInt(JSON.parse(document.getElementById('calendar-feed').textContent).from);
  const down = (hour - from) * 96;
  main.scrollTop = down - 150;
  const box = day.getBoundingClientRect();
  return [box.x + Math.min(box.width, 120) / 2, box.y + down + 4];
}"""


class Salon:
    """Vera is booked with Anna on the next working day at 10:00 for 90 minutes."""

    def __init__(self) -> None:
        self.cast = make_cast()
        now = timezone.now()
        # a zone in which it is about noon whenever this runs
        self.zone = self.cast.branch.time_zone = f"Etc/GMT{now.hour - 12:+d}"
        self.cast.branch.save()
        self.on = branch_day(self.cast.branch, now) + timedelta(days=1)
        if self.on.weekday() == 6:
            self.on += timedelta(days=1)
        self.visit = make_appointment(
            client=self.cast.vera, master=self.cast.anna, starts_at=self.at(10), services=[self.cast.lashes]
        )

    def at(self, hour: int, minute: int = 0):
        return local(self.on, hour, minute, self.zone)

    def starts(self):
        self.visit.refresh_from_db()
        return self.visit.starts_at


@pytest.fixture
def salon():
    return Salon()


@pytest.fixture
def desk(browser, browser_context_args, live_server, client, salon):
    """`desk()` is the calendar of that day as the reception has it, on a phone of its own.

    At the end: no script complained, and the content security policy had nothing to refuse.
    """
    client.force_login(salon.cast.receptionist)
    contexts, complaints = [], []

    def listen(message):
        # a step that is refused answers 409, which a browser calls an error
        if message.type == "error" and "409" not in message.text:
            complaints.append(message.text)

    def opened(language="en", view="", **other):
        context = browser.new_context(**browser_context_args | other)
        contexts.append(context)
        key = client.cookies["sessionid"].value
        context.add_cookies(
            [
                {"name": name, "value": value, "url": live_server.url}
                for name, value in (("sessionid", key), ("django_language", language))
            ]
        )
        page = context.new_page()
        page.on("console", listen)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(f"{live_server.url}{reverse('desk:calendar')}?day={salon.on}&view={view}")
        expect(page.locator(VISIT).first).to_be_visible()
        return page

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []


def hour_of(page) -> str:
    return page.locator(VISIT).first.locator(".num").inner_text().strip()


def expect_hour(page, hour: str) -> None:
    """The first visit stands there, and the step is over."""
    expect(page.locator(VISIT).first.locator(".num")).to_have_text(hour)


def drag(page, to: tuple[int, float]) -> None:
    """Holds the first visit with a finger until it comes along, and lets it go there."""
    box = page.locator(VISIT).first.bounding_box()
    finger = page.context.new_cdp_session(page)

    def touch(kind: str, *points) -> None:
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y} for x, y in points]})

    held = (box["x"] + 40, box["y"] + 12)
    touch("touchStart", held)
    expect(page.locator(".ec-preview")).to_be_visible()
    column, hour = to
    x, y = page.evaluate(POINT.replace("main.scrollTop = down - 150;", ""), [column, hour])
    touch("touchMove", (x, (held[1] + y) / 2))
    touch("touchMove", (x, y + 12))
    touch("touchEnd")


@pytest.mark.parametrize("language", ["en", "ar"])
def test_by_touch_she_is_booked_moved_and_cancelled_and_each_taken_back(desk, salon, language):
    page = desk(language)

    # a free time leads to the booking with day, hour and master filled in
    page.touchscreen.tap(*page.evaluate(POINT, [1, 14]))
    look_for(page, "Dina")
    page.locator("#found").get_by_text("Dina Example").tap()
    expect(page.locator("[name=at]")).to_have_value("14:00")
    expect(page.locator("[name=master]")).to_have_value(str(salon.cast.boris.pk))
    page.locator("[name=service]").select_option(label="Removal")
    page.locator(".action-bar button").tap()
    page.wait_for_url("**/visits/*/")
    booked = Appointment.objects.get(client=salon.cast.dina)
    assert (booked.starts_at, booked.master) == (salon.at(14), salon.cast.boris)

    page.go_back()
    page.goto(page.url.split("/visits/")[0] + reverse("desk:calendar") + f"?day={salon.on}")
    expect(page.locator(VISIT)).to_have_count(2)
    drag(page, (0, 12))
    expect(page.locator(".toast-undo")).to_be_visible()
    expect_hour(page, "12:00")
    assert salon.starts() == salon.at(12)

    page.locator(".toast-undo").tap()
    expect(page.locator(".toast-undo")).to_have_count(0)
    expect_hour(page, "10:00")
    assert salon.starts() == salon.at(10)

    page.locator(VISIT).first.tap()
    page.locator("#cal-sheet [data-sheet*=reasons]").tap()
    page.locator("#cal-sheet .form-check").first.tap()
    page.locator("#cal-sheet .btn-danger").tap()
    expect(page.locator(VISIT)).to_have_count(1)
    salon.visit.refresh_from_db()
    assert salon.visit.status == Appointment.Status.CANCELLED

    page.locator(".toast-undo").tap()
    expect(page.locator(VISIT)).to_have_count(2)


@pytest.mark.parametrize("language", ["en", "ar"])
def test_by_keyboard_she_is_moved_cancelled_and_booked_and_the_slips_taken_back(desk, salon, language):
    page = desk(language)

    page.locator(VISIT).first.focus()
    page.keyboard.press("Enter")
    page.locator("#cal-sheet [data-sheet*=times]").press("Enter")
    slot = page.locator("#cal-sheet button[name=slot]", has_text="12:15")
    slot.press("Enter")
    expect(page.locator(".toast-undo")).to_be_visible()
    expect_hour(page, "12:15")
    assert salon.starts() == salon.at(12, 15)
    # where one was, one is again
    expect(page.locator(VISIT).first).to_be_focused()

    page.locator(".toast-undo").press("Enter")
    expect(page.locator(".toast-undo")).to_have_count(0)
    expect_hour(page, "10:00")
    assert salon.starts() == salon.at(10)

    page.locator(VISIT).first.press("Space")
    page.locator("#cal-sheet [data-sheet*=reasons]").press("Enter")
    page.locator("#cal-sheet [name=by]").first.press("Space")
    page.locator("#cal-sheet .btn-danger").press("Enter")
    expect(page.locator(VISIT)).to_have_count(0)
    page.locator(".toast-undo").press("Enter")
    expect(page.locator(VISIT)).to_have_count(1)

    # from the head of a column
    page.locator(".cal-top").nth(1).press("Enter")
    page.locator("#cal-sheet .btn-primary").first.press("Enter")
    page.wait_for_url("**/visits/new/**")
    assert f"master={salon.cast.boris.pk}" in page.url


def test_what_is_taken_is_told_with_free_times_and_she_goes_back(desk, salon):
    make_appointment(
        client=salon.cast.dina, master=salon.cast.boris, starts_at=salon.at(11), services=[salon.cast.lashes]
    )
    page = desk()

    drag(page, (1, 11.25))

    sheet = page.locator("#cal-sheet")
    expect(sheet).to_contain_text("This time is taken")
    expect_hour(page, "10:00")
    assert salon.starts() == salon.at(10)

    # 90 minutes before or after Dina's
    sheet.get_by_role("button", name="12:30").tap()
    expect(page.locator(".toast-undo")).to_be_visible()
    salon.visit.refresh_from_db()
    assert (salon.visit.starts_at, salon.visit.master) == (salon.at(12, 30), salon.cast.boris)


def test_a_visit_let_go_where_it_was_is_not_moved(desk, salon):
    page = desk()

    drag(page, (0, 10))

    expect(page.locator(".ec-preview")).to_have_count(0)
    page.locator(VISIT).first.tap()
    expect(page.locator("#cal-sheet [data-sheet*=times]")).to_be_visible()
    assert not salon.visit.events.exists()


def draw_end(page, down: float) -> None:
    """Pulls the end of the first visit so many pixels down, by mouse."""
    end = until(page.locator(".ec-resizer").first.bounding_box, seconds=5, what="an end to pull at")
    page.mouse.move(end["x"] + 20, end["y"] + 3)
    page.mouse.down()
    page.mouse.move(end["x"] + 20, end["y"] + 30)
    page.mouse.move(end["x"] + 20, end["y"] + 3 + down)
    page.mouse.up()


def test_by_mouse_a_visit_is_stretched(desk, salon):
    page = desk(**BY_MOUSE)

    draw_end(page, 48)

    # two quarters of an hour of 24 px
    expect(page.locator(".toast-undo")).to_be_visible()
    salon.visit.refresh_from_db()
    assert (salon.visit.starts_at, salon.visit.ends_at) == (salon.at(10), salon.at(12))


def test_drawn_into_the_next_visit_it_goes_as_far_as_is_free_by_one_press(desk, salon):
    make_appointment(
        client=salon.cast.dina, master=salon.cast.anna, starts_at=salon.at(12, 40), services=[salon.cast.removal]
    )
    page = desk(**BY_MOUSE)

    draw_end(page, 192)
    # 12:40 is no time of the grid
    page.get_by_role("button", name="Until 12:30, as long as is free").click()

    expect(page.locator(".toast-undo")).to_be_visible()
    salon.visit.refresh_from_db()
    assert (salon.visit.starts_at, salon.visit.ends_at) == (salon.at(10), salon.at(12, 30))


def test_a_quarter_of_an_hour_is_as_tall_as_a_finger_and_processing_is_lighter(desk, salon):
    quick = make_service(branch=salon.cast.branch, name="Fringe", minutes=15)
    for minute in (0, 15):
        make_appointment(
            client=salon.cast.dina, master=salon.cast.boris, starts_at=salon.at(12, minute), services=[quick]
        )
    book_appointment(
        client=salon.cast.leila,
        master=salon.cast.boris,
        services=[salon.cast.colour],
        starts_at=salon.at(15),
        branch=salon.cast.branch,
        now=timezone.now(),
        by=Appointment.By.CLIENT,
        via=AppointmentEvent.Via.DESK,
    )
    page = desk()

    expect(page.locator(VISIT)).to_have_count(4)
    assert (
        page.locator(VISIT).evaluate_all("all => all.filter(one => one.getBoundingClientRect().height < 44).length")
        == 0
    )
    # 30 of 105 minutes, from the 45th on
    pause = page.locator(".cal-pause")
    held = page.locator(".ec-event", has=pause)
    assert pause.bounding_box()["height"] / held.bounding_box()["height"] == pytest.approx(30 / 105, abs=0.02)
    assert "15:45–16:15: processing" in held.inner_text()


def test_another_desk_sees_a_change_within_five_seconds(desk, salon):
    one, other = desk(), desk()
    other.evaluate("window.stays = true")

    one.locator(VISIT).first.tap()
    one.locator("#cal-sheet [data-sheet*=times]").tap()
    one.locator("#cal-sheet button[name=slot]", has_text="15:00").tap()
    expect(one.locator(".toast-undo")).to_be_visible()

    until(lambda: hour_of(other) == "15:00", seconds=5, what="the move on the other desk")
    assert other.evaluate("window.stays"), "it was loaded anew"


@pytest.mark.parametrize(("theme", "language", "view"), [("light", "en", ""), ("dark", "ar", "week")])
def test_it_is_sound(desk, salon, axe_finds_nothing, theme, language, view):
    make_time_off(salon.cast.anna, salon.at(15), salon.at(16), "dentist")
    page = desk(language, view, color_scheme=theme)

    def is_sound() -> None:
        assert too_wide(page) <= 0
        assert too_small(page) == []
        axe_finds_nothing(page)

    is_sound()
    page.locator(VISIT).first.tap()
    page.locator("#cal-sheet [data-sheet*=times]").tap()
    expect(page.locator("#cal-sheet button[name=slot]").first).to_be_visible()
    is_sound()
    page.keyboard.press("Escape")
    if not view:
        page.locator(".cal-top").first.tap()
        page.locator("#cal-sheet summary").tap()
        is_sound()
