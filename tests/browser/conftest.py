"""The browser that `python -m tests.services --browser` found, a phone's size, and the product on a real port."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone

from crm.team.models import User
from crm.team.selectors import branch_day, zone
from reminders.transports.mail import DJANGOS_SMTP
from tests.browser.looking import still, too_wide
from tests.factories import Cast, make_cast
from tests.reminders.servers import PostOffice, post_office

# the live server shares this process with the browser's event loop
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
PHONE = {"width": 390, "height": 844}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser_type_launch_args():
    path = os.environ.get("BROWSER_PATH")
    assert path, "no browser: run `make browser`, or `python -m tests.services --browser -- pytest ...`"
    return {"executable_path": path, "args": ["--no-sandbox", "--disable-dev-shm-usage"]}


@pytest.fixture(scope="session")
def browser_context_args():
    return {"viewport": PHONE, "is_mobile": True, "has_touch": True, "locale": "en-GB", "timezone_id": "UTC"}


@pytest.fixture
def axe_finds_nothing():
    """Asserts that axe has nothing to say about a page: WCAG 2.2 AA and its best practices."""

    def look(page) -> None:
        found = Axe().run(still(page)).response["violations"]
        assert [(one["id"], [node["html"][:120] for node in one["nodes"]][:3]) for one in found] == []

    return look


@pytest.fixture
def is_sound(axe_finds_nothing) -> Callable:
    """Asserts that a page as it stands scrolls sideways nowhere, and that axe has nothing to say about it."""

    def look(page) -> None:
        assert too_wide(page) == 0, page.url
        axe_finds_nothing(page)

    return look


@pytest.fixture
def come_in(page, live_server, client) -> Callable[[User | None], None]:
    """Logs somebody in, in the place of whoever was; nobody, where a client opens her letter."""

    def enter(user: User | None) -> None:
        page.context.clear_cookies()
        if user is not None:
            client.force_login(user)
            cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}
            page.context.add_cookies([cookie])

    return enter


@pytest.fixture
def post(settings) -> Iterator[PostOffice]:
    """The mail server by which the salon sends; `letters` are those that it has taken."""
    with post_office() as (office, port):
        settings.EMAIL_BACKEND, settings.EMAIL_URL = DJANGOS_SMTP, f"smtp://127.0.0.1:{port}"
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", port, 5
        yield office


@dataclass
class Morning:
    """The cast on this day of theirs; `eleven` is still to come, in less than an hour."""

    cast: Cast
    today: date
    eleven: datetime


@pytest.fixture
def morning() -> Morning:
    """It is past ten where the salon is."""
    cast, now = make_cast(), timezone.now()
    ahead = (10 - now.astimezone(UTC).hour + 11) % 24 - 11
    for branch in (cast.branch, cast.elsewhere):
        branch.time_zone = f"Etc/GMT{-ahead:+d}"
        branch.save()
    today = branch_day(cast.branch, now)
    return Morning(cast, today, datetime.combine(today, time(11), zone(cast.branch)).astimezone(UTC))
