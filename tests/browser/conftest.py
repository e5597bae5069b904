"""The browser that `python -m tests.services --browser` found, a phone's size, and the product on a real port."""

import os
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.looking import still

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
