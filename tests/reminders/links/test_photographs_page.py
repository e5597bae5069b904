"""Her own page shows the result; she looks at all photographs and may end it (practices.md, P8, P12, P54)."""

from datetime import timedelta

import pytest
from django.test import Client as Browser

from crm.care.models import PhotographConsent, ResultCard, WorkPhotograph
from reminders.links.results import result_url
from reminders.messages.models import Kind
from reminders.messages.tokens import Door, open_url
from tests.factories import NOW, TODAY, make_photograph
from tests.reminders.cast import make_told
from tests.reminders.links.conftest import follow

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def path(url: str) -> str:
    return url.removeprefix("http://testserver")


def test_the_reassurance_leads_to_the_result_and_no_further(cast, visitor):
    old = make_photograph(cast.vera, branch=cast.branch, on=TODAY - timedelta(days=30))
    new = make_photograph(cast.vera, branch=cast.branch, on=TODAY, content=b"hers")
    dinas = make_photograph(cast.dina, branch=cast.branch, on=TODAY)

    page = follow(visitor, make_told(cast, cast.vera, Kind.REASSURANCE)).content.decode()

    assert f"/my/photographs/{new.pk}/small/" in page
    assert f"/my/photographs/{old.pk}/" not in page
    seen = visitor.get(f"/my/photographs/{new.pk}/")
    assert (b"".join(seen.streaming_content), seen["Cache-Control"]) == (b"hers", "no-store")
    assert f"/my/photographs/{old.pk}/small/" in visitor.get("/my/photographs/").content.decode()
    assert visitor.get(f"/my/photographs/{dinas.pk}/").status_code == 404
    assert Browser().get(f"/my/photographs/{new.pk}/").status_code == 404


def test_she_ends_it_by_herself_and_may_allow_it_again(cast, visitor, media, django_capture_on_commit_callbacks):
    make_photograph(cast.vera, branch=cast.branch, on=TODAY)
    visitor.get(path(open_url(door=Door.HOME, client_id=cast.vera.pk, today=TODAY)))

    for method in (visitor.get, visitor.head):
        method("/my/photographs/?purpose=kept&answer=no")
    assert WorkPhotograph.objects.count() == 1
    with django_capture_on_commit_callbacks(execute=True):
        page = visitor.post("/my/photographs/", {"purpose": "kept", "answer": "no"}, follow=True).content.decode()

    assert "gone for good" in page
    assert (WorkPhotograph.objects.count(), list(media.rglob("*.jpg"))) == (0, [])
    event = PhotographConsent.objects.get(is_given=False)
    assert (event.where, event.user, event.at, bool(event.text_shown)) == ("link", None, NOW, True)
    visitor.post("/my/photographs/", {"purpose": "kept", "answer": "yes"})
    assert PhotographConsent.objects.filter(purpose="kept", is_given=True, where="link").count() == 1
    assert visitor.post("/my/photographs/", {"purpose": "sold", "answer": "yes"}).status_code == 404


def test_a_result_card_shows_the_photographs_of_its_visit_and_no_others(cast, visitor):
    card = ResultCard.objects.create(
        client=cast.vera, branch=cast.branch, visit_on=TODAY, formula="D 0.07", written_at=NOW
    )
    own = make_photograph(cast.vera, branch=cast.branch, on=TODAY)
    others = [
        make_photograph(cast.vera, branch=cast.branch, on=TODAY - timedelta(days=1)),
        make_photograph(cast.vera, branch=cast.elsewhere, on=TODAY),
        make_photograph(cast.dina, branch=cast.branch, on=TODAY),
    ]

    page = visitor.get(path(result_url(card, today=TODAY)), follow=True).content.decode()

    addresses = [f"/my/result/{card.pk}/photograph/{each.pk}/" for each in (own, *others)]
    assert [address in page for address in addresses] == [True, False, False, False]
    assert [visitor.get(address).status_code for address in addresses] == [200, 404, 404, 404]
    # the card's key opens nothing of her own page
    assert visitor.get(f"/my/photographs/{own.pk}/").status_code == 404
