"""A client's own page and the owner's watch in a real browser: sound in both themes and directions, shared by a press."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from loyalty.points.services import grant_points, note_refused
from loyalty.referrals.models import ReferralCode
from loyalty.vouchers.models import Reward, Voucher
from reminders.messages.tokens import Door, make_token
from tests.browser.looking import too_wide
from tests.factories import make_cast
from tests.loyalty.till import rules

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def cast():
    cast, now = make_cast(), timezone.now()
    rules(referral_on=True)
    Reward.objects.create(name="Tea", price=100)
    Reward.objects.create(name="Half off", price=900, benefit="percent", percent=50)
    grant_points(client=cast.vera, points=320, kind="rebooking", source="test", key="a", now=now)
    note_refused(kind="voucher", place="checkout", reason="over", now=now, typed="7K3M9QZX4B", client=cast.vera)
    return cast


def is_sound(page, axe_finds_nothing) -> None:
    assert too_wide(page) <= 0, page.url
    axe_finds_nothing(page)


@pytest.mark.parametrize(("language", "theme"), [("en", "light"), ("ar", "dark")])
def test_her_pages_are_sound_and_a_reward_is_taken(page, live_server, axe_finds_nothing, cast, language, theme):
    complaints = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.emulate_media(color_scheme=theme)
    cast.vera.language = language
    cast.vera.save()
    token = make_token(door=Door.HOME, client_id=cast.vera.pk, today=timezone.now().date())
    page.goto(f"{live_server.url}/my/o/{token}/")
    is_sound(page, axe_finds_nothing)

    page.locator("form[action='/my/friend/'] button").tap()
    expect(page.locator("[data-copy-button]")).to_be_visible()
    code = ReferralCode.objects.get().code
    expect(page.locator("#friend-link")).to_have_value(f"http://testserver/book/from/{code}/")
    is_sound(page, axe_finds_nothing)
    page.goto(f"{live_server.url}/my/rewards/{Reward.objects.get(name='Tea').pk}/")
    is_sound(page, axe_finds_nothing)
    page.locator("main form .btn-primary").tap()
    expect(page.locator(".ticket")).to_be_visible()
    expect(page.locator(".ticket")).to_have_text(Voucher.objects.get().code)
    is_sound(page, axe_finds_nothing)
    for path in ("/my/points/", f"/book/from/{code}/"):
        page.goto(live_server.url + path)
        is_sound(page, axe_finds_nothing)
    assert complaints == []


def test_owners_watch_and_set_up_are_sound(page, live_server, axe_finds_nothing, cast, client):
    client.force_login(cast.owner)
    page.context.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}]
    )
    for path in ("/admin/loyalty-watch/", "/admin/loyalty-set-up/?ticket=60"):
        page.goto(live_server.url + path)
        expect(page.locator("h1").first).to_be_visible()
        is_sound(page, axe_finds_nothing)
