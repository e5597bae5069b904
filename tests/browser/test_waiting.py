"""The waiting list on a phone: the desk's list, an offer, and a place that a client has taken by herself (practices.md, P48)."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from crm.booking.models import WaitingEntry
from reminders.messages.destinations import offer_url
from reminders.messages.tokens import Door, open_url
from tests.browser.looking import too_small, too_wide
from tests.factories import make_cast, make_waiting
from tests.reminders.cast import make_offer, make_words

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize(("theme", "language"), [("light", "en"), ("dark", "ar")])
def test_waiting_pages_are_sound_at_the_desk_and_for_her(page, client, live_server, axe_finds_nothing, theme, language):
    cast = make_cast()
    make_words(cast.lashes, language)
    cast.vera.language = language
    cast.vera.save()
    now = timezone.now().replace(minute=0, second=0, microsecond=0)
    waits = make_waiting(cast.vera, services=[cast.lashes], since=now, days=7, weekdays=[0, 3])
    make_waiting(cast.dina, services=[cast.lashes], since=now, user=cast.receptionist)
    offer = make_offer(cast, cast.vera, now=now + timedelta(days=1), entry=waits)
    page.emulate_media(color_scheme=theme)
    page.context.add_cookies([{"name": "django_language", "value": language, "url": live_server.url}])

    def look(address: str = "") -> None:
        if address:
            page.goto(live_server.url + address)
        assert page.locator("html").get_attribute("dir") == ("rtl" if language == "ar" else "ltr")
        assert too_wide(page) <= 0, page.url
        assert too_small(page) == [], page.url
        axe_finds_nothing(page)

    client.force_login(cast.receptionist)
    page.context.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}]
    )
    for name, args in (("desk:waiting", []), ("desk:waiting_entry", [waits.pk])):
        look(reverse(name, args=args))

    look(offer_url(offer, today=now.date()).removeprefix("http://testserver"))
    look(page.url.removeprefix(live_server.url) + "no-more/")
    # no time suits: she says when one would, without a script's help, and is on the list
    home = open_url(door=Door.HOME, client_id=cast.vera.pk, today=now.date()).removeprefix("http://testserver")
    page.goto(live_server.url + home)
    look(f"{reverse('my:book_wait')}?branch={cast.branch.pk}&service={cast.lashes.pk}")
    page.locator("label.tap").nth(4).tap()
    page.locator("button.btn-primary").tap()
    expect(page).to_have_url(f"{live_server.url}/my/listed/{waits.pk + 2}/")
    look()
    assert WaitingEntry.objects.get(pk=waits.pk + 2).weekdays == [4]
    look(reverse("my:lists"))
