"""A salon, a client with a message, and a browser that follows its link."""

import re

import pytest
import time_machine
from django.test import Client as Browser

from crm.team.models import CrmSettings
from reminders.messages.rendering import render
from tests.factories import NOW

LINK = re.compile(r"http://testserver(/my/o/[\w.-]+/)")


@pytest.fixture(autouse=True)
def today():
    """The clock stands at NOW: a Wednesday, 11:00 in the salon."""
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def cast(cast):
    CrmSettings.objects.create(pk=1, salon_name="Vesna")
    cast.branch.phone = "+38761100100"
    cast.branch.save()
    return cast


@pytest.fixture
def visitor():
    return Browser(enforce_csrf_checks=False)


def link_in(message) -> str:
    """The path of the link in the button of a message."""
    return LINK.search(render(message, now=NOW).text).group(1)


def follow(visitor, message):
    """Open a message's link as a person does; gives the page she ends on."""
    return visitor.get(link_in(message), follow=True)


def text_of(response) -> str:
    """What a person reads, without tags."""
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())
