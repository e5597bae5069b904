"""No time suits: she puts herself on the waiting list, sees that she is on it, and leaves it (practices.md, P48)."""

import re
from datetime import time, timedelta

import pytest
from django.test import Client as Browser
from django.urls import reverse

from crm.booking.models import WaitingEntry
from crm.booking.services.waiting import services_waited
from crm.care.models import Call
from crm.catalogue.models import FollowRule
from crm.people.models import Client
from reminders.messages.tokens import Door, open_url
from reminders.transports.models import MailboxLetter
from tests.factories import TODAY, make_client, make_service, make_visit
from tests.reminders.links.conftest import text_of
from tests.reminders.links.test_booking_page import code_sent

NEW_PHONE = "+38761100777"
FORTNIGHT = TODAY + timedelta(days=14)
DAYS = {"from_day": TODAY.isoformat(), "to_day": FORTNIGHT.isoformat()}


@pytest.fixture(autouse=True)
def sms(settings):
    settings.SMS_URL, settings.EMAIL_URL = "mailbox://", ""


def address(cast, *services, space="book:") -> str:
    chosen = "".join(f"&service={service.pk}" for service in services or [cast.lashes])
    return f"{reverse(f'{space}wait')}?branch={cast.branch.pk}{chosen}"


def ask(cast, phone, *, browser=None, name="Mia Example", **more):
    """A stranger says when she would come and who she is; gives her browser and the answer."""
    browser = browser or Browser()
    return browser, browser.post(address(cast), {"name": name, "phone": phone, **DAYS, **more})


@pytest.fixture
def hers(cast, visitor):
    link = open_url(door=Door.HOME, client_id=cast.vera.pk, today=TODAY).removeprefix("http://testserver")
    assert visitor.get(link, follow=True).status_code == 200
    return visitor


def test_known_and_new_hear_the_same_and_each_has_her_place(cast):
    # where no time suits the list is one tap away
    times = Browser().get(f"/book/times/?branch={cast.branch.pk}&service={cast.lashes.pk}").content.decode()
    assert address(cast).replace("&", "&amp;") in times

    (known, one), (new, other) = ask(cast, cast.vera.phone, name="Vera"), ask(cast, NEW_PHONE)
    assert (one.status_code, one["Location"]) == (other.status_code, other["Location"])
    # nobody is on it before the code
    assert not WaitingEntry.objects.exists()
    letters = list(MailboxLetter.objects.order_by("pk"))
    assert len({letter.text[6:] for letter in letters}) == 1

    pages = []
    for browser, letter in ((known, letters[0]), (new, letters[1])):
        wrong = browser.post("/book/code/", {"code": "x"})
        assert "Put me on the list" in text_of(wrong)
        pages.append(browser.post("/book/code/", {"code": letter.text[:6]}, follow=True))

    assert text_of(pages[0]) == text_of(pages[1])
    assert "You are on the list Lashes Wed 10 Jun – Wed 24 Jun" in text_of(pages[0])
    entries = WaitingEntry.objects.order_by("pk")
    assert [(each.client.phone, each.user, each.from_day, each.to_day) for each in entries] == [
        (cast.vera.phone, None, TODAY, FORTNIGHT),
        (NEW_PHONE, None, TODAY, FORTNIGHT),
    ]
    assert Client.objects.get(phone=NEW_PHONE).source == "booking page"
    desk = Browser()
    desk.force_login(cast.receptionist)
    assert text_of(desk.get(reverse("desk:waiting"))).count("put herself on the list") == 2

    # the same asked again is the same place, and one press leaves it
    again, _ = ask(cast, NEW_PHONE)
    place = again.post("/book/code/", {"code": code_sent()})["Location"]
    assert place == f"/my/listed/{entries[1].pk}/"
    assert "You are not on the list any more" in text_of(again.post(place, {"off": "1"}, follow=True))
    assert "You are on the list" in text_of(again.post(place, {"again": "1"}, follow=True))
    # nobody else's browser opens it
    assert known.get(place).status_code == 404
    assert not Call.objects.exists()


def test_her_wish_is_kept_as_she_said_it(cast, hers):
    sent = {**DAYS, "master": cast.anna.pk, "from_time": "16:00", "to_time": "19:00", "weekdays": ["4", "2"]}

    page = hers.post(address(cast, cast.lashes, cast.removal, space="my:book_"), sent, follow=True)

    entry = WaitingEntry.objects.get()
    assert (entry.client, entry.master, entry.from_time, entry.to_time, entry.weekdays) == (
        cast.vera,
        cast.anna,
        time(16),
        time(19),
        [2, 4],
    )
    assert services_waited(entry) == [cast.lashes, cast.removal]
    assert "Lashes, Removal Wed 10 Jun – Wed 24 Jun Wednesday, Friday · 16:00–19:00 with \u2068Anna\u2069" in text_of(
        page
    )
    # her own page leads to all she waits for, and from there to each place
    assert 'href="/my/lists/"' in hers.get("/my/").content.decode()
    listed = hers.get("/my/lists/")
    assert "Lashes, Removal Wed 10 Jun – Wed 24 Jun · 16:00–19:00 · Anna" in text_of(listed)
    link = re.search(r'href="http://testserver(/my/o/[^"]+)"', listed.content.decode()).group(1)
    assert "You are on the list" in text_of(Browser().get(link, follow=True))


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"to_day": (TODAY - timedelta(days=1)).isoformat()}, "The last day comes after the first."),
        ({"to_day": (TODAY + timedelta(days=400)).isoformat()}, "We plan up to 8 August."),
        ({"from_time": "16:00", "to_time": "12:00"}, "The end comes after the start."),
        ({"phone": "12"}, "number"),
    ],
)
def test_what_is_wrong_is_said_and_the_rest_stays(cast, wrong, words):
    _browser, page = ask(cast, **{"phone": NEW_PHONE, **wrong})

    assert page.status_code == 422
    assert words in text_of(page)
    assert 'value="Mia Example"' in page.content.decode()
    assert not MailboxLetter.objects.exists()


def test_what_may_not_follow_by_then_is_not_waited_for(cast, hers):
    fill = make_service(branch=cast.branch, name="Fill", minutes=60, price=35, otherwise=cast.lashes)
    FollowRule.objects.create(service=fill, after=cast.lashes, within_days=21)
    make_visit(cast.vera, TODAY - timedelta(days=10), services=[cast.lashes])

    late = hers.post(address(cast, fill, space="my:book_"), DAYS)
    assert "“Fill” is done up to 21 days after “Lashes”" in text_of(late)
    assert "Times for Lashes" in text_of(late)
    assert not WaitingEntry.objects.exists()

    # day 21 is the last one
    hers.post(address(cast, fill, space="my:book_"), {**DAYS, "to_day": (TODAY + timedelta(days=11)).isoformat()})
    assert WaitingEntry.objects.get().to_day == TODAY + timedelta(days=11)


def test_who_may_not_book_and_who_waits_for_everything_is_asked_to_call(cast, hers):
    for days in range(4):
        page = hers.post(
            address(cast, space="my:book_"), {**DAYS, "to_day": (FORTNIGHT + timedelta(days=days)).isoformat()}
        )
    assert "Please call us" in text_of(page)
    assert WaitingEntry.objects.count() == 3

    Client.objects.filter(pk=cast.vera.pk).update(status=Client.Status.BLOCKED)
    assert "Please call us" in text_of(hers.get(address(cast, space="my:book_")))
    browser, _ = ask(cast, cast.vera.phone, name="Vera")
    assert "Please call us" in text_of(browser.post("/book/code/", {"code": code_sent()}))


def test_a_shared_number_under_another_name_is_asked_about(cast):
    make_client(branch=cast.branch, name="Mila Example", phone=cast.vera.phone)

    browser, _ = ask(cast, cast.vera.phone, name="Zoë Example")
    browser.post("/book/code/", {"code": code_sent()})

    entry = WaitingEntry.objects.get()
    assert (entry.client.name, Call.objects.get().kind, Call.objects.get().client) == (
        "Zoë Example",
        "who_is_it",
        entry.client,
    )
