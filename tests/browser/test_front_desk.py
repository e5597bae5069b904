"""What only the reception and the owner open, on a phone: a survey by voice, what fell out, a long card."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from crm.care.models import Call, Feedback
from crm.care.services import ask_for_call, record_after_answer
from crm.sales.models import Sale
from tests.browser.looking import too_wide
from tests.factories import make_cast, make_note, make_visit

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def salon():
    """Vera was here yesterday, is to be rung about it, and has a dozen notes and receipts."""
    cast = make_cast()
    now = timezone.now()
    yesterday = now.date() - timedelta(days=1)
    make_visit(cast.vera, yesterday, services=[cast.lashes], master=cast.anna)
    record_after_answer(
        client=cast.vera, branch=cast.branch, visit_on=yesterday, answer="mend", service=cast.lashes, now=now
    )
    for number in range(12):
        make_note(cast.vera, f"Story {number}", on=yesterday)
        Sale.objects.create(branch=cast.branch, client=cast.vera, code=f"R{number}", on=yesterday, total=50, paid=50)
    call = ask_for_call(
        client=cast.vera,
        branch=cast.branch,
        kind=Call.SURVEY,
        key="survey",
        due_at=now,
        now=now,
        visit_on=yesterday,
        what_to_say="How was it, honestly?",
    )
    return cast, call


@pytest.fixture
def as_owner(page, live_server, client, salon):
    cast, _call = salon
    client.force_login(cast.owner)
    page.context.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}]
    )
    return page


@pytest.mark.parametrize(("theme", "language"), [("light", "en"), ("dark", "ar")])
def test_every_page_is_sound(as_owner, live_server, axe_finds_nothing, salon, theme, language):
    page, (cast, call) = as_owner, salon
    page.emulate_media(color_scheme=theme)
    page.context.add_cookies([{"name": "django_language", "value": language, "url": live_server.url}])
    for address in (
        reverse("desk:calls"),
        reverse("desk:call_survey", args=[call.pk]),
        reverse("desk:client", args=[cast.vera.pk]),
        reverse("desk:client_receipts", args=[cast.vera.pk]),
        reverse("office:fallouts"),
    ):
        assert page.goto(live_server.url + address).status == 200, address
        assert too_wide(page) <= 0, address
        axe_finds_nothing(page)


def test_answer_of_the_phone_is_written_down_in_four_taps(as_owner, live_server, salon):
    page, (_cast, call) = as_owner, salon
    page.goto(live_server.url + reverse("desk:calls"))

    page.locator(".call summary").tap()
    page.get_by_role("link", name="Write her answer down").tap()
    page.locator('input[name=score][value="9"]').tap()
    page.get_by_role("button", name="Write it down").tap()

    expect(page.get_by_text("a friend of hers is welcome too")).to_be_visible()
    assert Feedback.objects.get().score == 9
    call.refresh_from_db()
    assert call.outcome == Call.Outcome.REACHED


def test_card_unfolds_notes_and_fetches_receipts(as_owner, live_server, salon):
    page, (cast, _call) = as_owner, salon
    page.goto(live_server.url + reverse("desk:client", args=[cast.vera.pk]))

    page.get_by_text("7 older notes").tap()
    expect(page.get_by_text("Story 0", exact=True)).to_be_visible()
    page.get_by_role("heading", name="Receipts").scroll_into_view_if_needed()
    page.get_by_role("link", name="Show more").tap()

    expect(page.get_by_text("Receipt R0", exact=True)).to_be_visible()
