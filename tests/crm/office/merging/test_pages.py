"""The pages on which two cards become one."""

import pytest
from django.test import Client as Browser
from django.urls import reverse

from crm.office.merging.decisions import DECISIONS, relations
from crm.people.models import Client, ClientMerge
from tests.factories import make_client, make_note

pytestmark = pytest.mark.django_db


def browser_of(user) -> Browser:
    browser = Browser()
    browser.force_login(user)
    return browser


@pytest.fixture
def double(cast):
    """Vera once more, with the same telephone and an e-mail that nobody knew."""
    return make_client(
        branch=cast.branch, name="Vera Exampel", phone=cast.vera.phone, email="vera2@example.test", birth_month=2,
        birth_day=29,
    )  # fmt: skip


def test_every_table_that_points_at_a_client_has_a_decision():
    assert {relation.label for relation in relations()} == set(DECISIONS)


def test_the_reception_finds_the_double_looks_at_both_and_makes_them_one(cast, double):
    make_note(double, "Loves quinces")
    browser = browser_of(cast.receptionist)
    merge = reverse("office:merge", args=[cast.vera.pk, double.pk])

    assert merge in browser.get(reverse("office:doubles")).content.decode()
    card = browser.get(reverse("desk:client", args=[cast.vera.pk])).content.decode()
    assert "Another card has the same telephone." in card
    assert merge in browser.get(reverse("office:merge_find", args=[cast.vera.pk])).content.decode()
    page = browser.get(merge).content.decode()
    assert "vera2@example.test" in page
    assert "29 February" in page
    assert "This cannot be taken back." in page
    # without the tick nothing happens
    assert browser.post(merge, {"f-email": "aside"}).status_code == 422
    assert not ClientMerge.objects.exists()

    done = browser.post(merge, {"f-name": "kept", "f-email": "aside", "sure": "yes"})

    assert done["Location"] == reverse("desk:client", args=[cast.vera.pk])
    vera = Client.objects.get(pk=cast.vera.pk)
    assert (vera.name, vera.email) == ("Vera Example", "vera2@example.test")
    assert ClientMerge.objects.get().user == cast.receptionist
    # an address from before leads to her
    assert browser.get(reverse("desk:client", args=[double.pk]))["Location"] == done["Location"]
    assert "Loves quinces" in browser.get(done["Location"]).content.decode()


def test_the_record_says_in_words_what_was_replaced_and_by_what(cast, double):
    # as a person does, so that the card has a history
    cast.vera.save()
    browser_of(cast.receptionist).post(
        reverse("office:merge", args=[cast.vera.pk, double.pk]), {"f-name": "aside", "sure": "yes"}
    )
    record = reverse("admin:crm_clientmerge_change", args=[ClientMerge.objects.get().pk])

    page = browser_of(cast.owner).get(record).content.decode()

    assert "Name: \u2068Vera Example\u2069 → \u2068Vera Exampel\u2069<br>" in page
    # nothing stood there before
    assert "Birthday: \u206829 February\u2069" in page


def test_a_master_does_not_and_another_branch_is_refused_in_words(cast, double):
    merge = reverse("office:merge", args=[cast.vera.pk, double.pk])
    assert browser_of(cast.user_of(cast.anna)).get(merge).status_code == 403

    Client.objects.filter(pk=double.pk).update(branch=cast.elsewhere)
    refused = browser_of(cast.receptionist).post(merge, {"sure": "yes"})

    assert refused.status_code == 422
    assert "belongs to another branch" in refused.content.decode()
    assert not ClientMerge.objects.exists()


@pytest.mark.parametrize("pairs", [1, 6])
def test_the_list_asks_as_often_for_many_pairs_as_for_one(cast, django_assert_num_queries, pairs):
    for number in range(pairs):
        for _twice in range(2):
            make_client(branch=cast.branch, name=f"Tea Sample {number}", phone=f"+3876155500{number}")
    browser = browser_of(cast.owner)
    browser.get(reverse("office:doubles"))

    with django_assert_num_queries(9):
        page = browser.get(reverse("office:doubles"))

    assert page.content.decode().count("the same telephone") == pairs
