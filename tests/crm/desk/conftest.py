"""The desk at a fixed hour: 11:00 on a Wednesday in Sarajevo."""

import pytest
import time_machine
from django.test import Client

from tests.factories import NOW


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def desk():
    """`desk(user)` is that person's browser."""

    def log_in(user) -> Client:
        browser = Client()
        browser.force_login(user)
        return browser

    return log_in
