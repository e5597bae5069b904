"""Which of two values is proposed where two cards of one client differ."""

from datetime import timedelta

import pytest

from crm.booking.services import refresh_pulses
from crm.office.merging.fields import differences
from crm.people.models import Client
from tests.factories import NOW, TODAY, make_branch, make_client, make_service, make_visit

pytestmark = pytest.mark.django_db


def test_a_card_without_a_past_proposes_only_how_she_is_reached():
    """Made in haste today, for one who has come for years: her name is spelled as on the card that stays."""
    branch = make_branch("Harbour")
    kept = make_client(branch=branch, name="Marija Izmišljenović", phone="+38761100001", drink="tea", language="bs")
    make_visit(kept, TODAY - timedelta(days=30), services=[make_service(branch=branch)])
    refresh_pulses(client_ids=[kept.pk], now=NOW)
    aside = make_client(branch=branch, name="Marija Izmisljenovic", phone="+38761100002", drink="coffee", language="en")

    found = differences(Client.objects.select_related("pulse").get(pk=kept.pk), aside)

    assert {each.name: each.takes for each in found} == {
        "name": False,
        "phone": True,
        "language": False,
        "drink": False,
    }
