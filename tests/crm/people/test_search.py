"""A client is found by three letters, in another script, with slips, by the end of her number (look.md)."""

import pytest

from crm.people.searching import fold, search_text_of, skeleton
from crm.people.selectors import find_clients
from tests.factories import make_branch, make_client

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

CROWD = [
    ("Anna Example", "+38761100111"),
    ("Амина Пример", "+38761100222"),
    ("Šejla Uzor", "+38761100333"),
    ("محمد نموذج", "+38761100444"),
    ("Хасан Пример", "+38761100555"),
    ("Alexandra Muster", "+38761100666"),
    ("Vera Muster", "+38761100777"),
    ("Boris Exempel", "+38761100888"),
    ("Ćamila Uzor", "+38761100999"),
]


@pytest.fixture
def crowd():
    branch = make_branch()
    return {
        name: make_client(branch=branch, name=name, phone=phone, code=f"Q{n}") for n, (name, phone) in enumerate(CROWD)
    }


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("ann", "Anna Example"),
        ("Анн", "Anna Example"),
        ("Анна", "Anna Example"),
        ("آنا", "Anna Example"),
        ("ana", "Anna Example"),
        ("anma", "Anna Example"),
        ("ами", "Амина Пример"),
        ("Amina", "Амина Пример"),
        ("sej", "Šejla Uzor"),
        ("Шей", "Šejla Uzor"),
        ("muh", "محمد نموذج"),
        ("Muhamed", "محمد نموذج"),
        ("has", "Хасан Пример"),
        ("Khasan", "Хасан Пример"),
        ("Александра", "Alexandra Muster"),
        ("vrea", "Vera Muster"),
        ("vera mus", "Vera Muster"),
        ("mus ver", "Vera Muster"),
        ("camila", "Ćamila Uzor"),
        ("bors", "Boris Exempel"),
        ("555", "Хасан Пример"),
        ("061 100 777", "Vera Muster"),
        ("+387 61 100-888", "Boris Exempel"),
        ("٥٥٥", "Хасан Пример"),
        ("q4", "Хасан Пример"),
    ],
)
def test_she_comes_first(crowd, typed, found):
    assert [client.name for client in find_clients(typed)][:1] == [found]


@pytest.mark.parametrize("typed", ["", " ", "a", "12", "-", "%", "zzzzzz", "_"])
def test_too_little_or_nothing_alike_finds_nobody(crowd, typed):
    assert find_clients(typed) == []


def test_who_came_last_comes_first_among_equals(crowd):
    from datetime import date

    from crm.booking.models import Pulse

    Pulse.objects.create(client=crowd["Vera Muster"], last_visit_on=date(2026, 5, 1))
    assert [client.name for client in find_clients("mus")] == ["Vera Muster", "Alexandra Muster"]


def test_search_takes_at_most_three_queries(crowd, django_assert_max_num_queries):
    with django_assert_max_num_queries(3):
        find_clients("ver")


def test_folding_by_hand():
    assert [fold(word) for word in ("anna", "khasan", "sheyla", "sejla", "alexandra")] == [
        "ana",
        "hasan",
        "seila",
        "seila",
        "aleksandra",
    ]
    assert (skeleton("muhamed"), skeleton("mhmd"), skeleton("ana"), skeleton("mia")) == (
        "mhmd",
        "mhmd",
        "an",
        "",
    )
    assert search_text_of(name="Vera Example", called="Verica", code="C-12") == (
        " vera eksample verica c 12 ~vr ~aksmpl ~vrc"
    )
