"""The inbox on phones: she asks to move her visit, a colleague takes it over, moves it and answers by mail (practices.md, P22)."""

from datetime import datetime, time, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from crm.team.selectors import zone
from reminders.inbox.services import receive
from tests.browser.looking import too_small
from tests.factories import make_appointment, make_hours
from tests.reminders.playing_salon import turn

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def asked(morning):
    """Vera comes to Anna the day after tomorrow at ten, and has written just now that she would rather not."""
    cast, now = morning.cast, timezone.now()
    # whatever weekday it is
    make_hours(cast.anna, time(9), time(18), weekdays=[6])
    visit = make_appointment(
        client=cast.vera,
        master=cast.anna,
        starts_at=datetime.combine(morning.today + timedelta(days=2), time(10), zone(cast.branch)),
        services=[cast.lashes],
    )
    receive(
        channel="email",
        sender=cast.vera.email,
        subject="My lashes",
        text="Good morning! Could we move it to another day?",
        provider="sink",
        provider_id="<hers@example.test>",
        at=now,
        now=now,
    )
    return visit


def test_asked_to_move_taken_over_moved_and_answered(page, live_server, morning, asked, post, come_in, is_sound):
    cast, before = morning.cast, asked.starts_at
    come_in(cast.receptionist)
    page.goto(live_server.url + reverse("desk:inbox"))
    expect(page.get_by_text("would move")).to_be_visible()
    is_sound(page)
    page.get_by_role("link", name="Vera Example").tap()
    expect(page.get_by_text("She would move her appointment.")).to_be_visible()
    is_sound(page)
    assert too_small(page) == []
    conversation = page.url

    come_in(cast.user_of(cast.anna))
    page.goto(conversation)
    page.get_by_role("button", name="I look after it").tap()
    expect(page.get_by_text("You look after it now.")).to_be_visible()
    page.get_by_role("link", name="Show free times").tap()
    expect(page.locator("button.slot").first).to_be_visible()
    is_sound(page)
    page.locator("button.slot").first.tap()
    expect(page.locator("button.slot")).to_have_count(0)
    asked.refresh_from_db()
    assert asked.starts_at != before

    page.goto(conversation)
    page.get_by_label("Answer").fill("Of course. You have another time now.")
    page.get_by_role("button", name="Send by e-mail").tap()
    expect(page.get_by_text("On its way to her.")).to_be_visible()
    expect(page.get_by_text("until she writes again")).to_contain_text("Anna")
    is_sound(page)
    turn(timezone.now())
    [answer] = post.letters
    assert (answer["To"], answer["Subject"]) == ("vera@example.test", "Re: My lashes")
    assert answer["In-Reply-To"] == "<hers@example.test>"
    assert "You have another time now." in answer.get_body(("plain",)).get_content()

    # whoever was not there sees whose it is
    come_in(cast.receptionist)
    page.goto(live_server.url + reverse("desk:inbox") + "?done=1")
    expect(page.get_by_text("done by")).to_contain_text("Anna")
