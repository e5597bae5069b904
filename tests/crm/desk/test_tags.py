"""Tags at the desk: a tap on the card, found again on the clients' page; a new word is the reception's and the owner's."""

import pytest
from django.urls import reverse

from crm.people.models import Tag
from crm.people.services import tag_called
from tests.factories import make_client

pytestmark = pytest.mark.django_db


@pytest.fixture
def tags(db):
    return [Tag.objects.create(name=name) for name in ("Bride", "Natural")]


def post(browser, client, **asked):
    return browser.post(reverse("desk:client_tags", args=[client.pk]), asked)


def test_tag_is_put_on_and_taken_off_and_shown_on_the_card_but_not_to_her(cast, desk, tags):
    browser, card = desk(cast.user_of(cast.anna)), reverse("desk:client", args=[cast.vera.pk])

    post(browser, cast.vera, tags=[tags[0].pk])
    shown, turned = browser.get(card).text, browser.get(f"{card}?shown=1").text
    post(browser, cast.vera, tags=[tags[1].pk])

    assert ("Bride" in shown, "Bride" in turned) == (True, False)
    assert list(cast.vera.tags.all()) == [tags[1]]


def test_only_reception_and_owner_write_a_new_one_and_none_twice(cast, desk, tags):
    post(desk(cast.user_of(cast.anna)), cast.vera, new="Neighbour")
    assert not Tag.objects.filter(name="Neighbour").exists()

    post(desk(cast.receptionist), cast.vera, new="  Neighbour ")
    post(desk(cast.receptionist), cast.vera, tags=[tags[0].pk], new="neighbour")

    assert sorted(cast.vera.tags.values_list("name", flat=True)) == ["Bride", "Neighbour"]
    assert tag_called(name="NATURAL") == tags[1]


def test_clients_are_found_by_tag_and_by_tag_and_name(cast, desk, tags):
    amra, other = (make_client(branch=cast.branch, name=name) for name in ("Amra Primjerić", "Amra Bezoznake"))
    cast.vera.tags.add(tags[0])
    amra.tags.add(tags[0])
    browser = desk(cast.receptionist)

    def found(query):
        return [row["title"] for row in browser.get(f"{reverse('desk:clients')}?{query}").context["rows"]]

    assert found(f"tag={tags[0].pk}") == ["Amra Primjerić", str(cast.vera)]
    assert found(f"tag={tags[0].pk}&q=amra") == ["Amra Primjerić"]
    assert found(f"tag={tags[1].pk}") == []
    # a tag that there is not asks nothing
    assert set(found("tag=x&q=amra")) == {"Amra Primjerić", str(other)}
