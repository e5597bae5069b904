"""The owner's page of complaints stands when a master has solved one (practices.md, P32)."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from tests.factories import NOW, TODAY, make_complaint

pytestmark = pytest.mark.django_db


@time_machine.travel(NOW, tick=False)
def test_complaints_page_names_the_master_who_solved_one(cast, client):
    make_complaint(
        cast.vera,
        opened_at=NOW - timedelta(hours=3),
        owner=cast.user_of(cast.anna),
        resolved_at=NOW - timedelta(hours=1),
        resolved_on=TODAY,
        outcome="solved",
        resolution="Done again",
    )
    client.force_login(cast.owner)
    page = client.get(reverse("office:complaints"))
    assert page.status_code == 200
    assert [(row["name"], row["complaints_solved"]) for row in page.context["masters"]] == [("Anna", 1)]
