"""The bench measures in a database of its own and says what came of it; how fast a machine is is no test."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from crm.office.benching import pages, sending, tills
from crm.office.benching.figures import Figure, Times, in_turn
from crm.people.models import Client
from tests.factories import make_branch, make_client


def test_ratio_is_of_medians_and_says_whether_it_keeps_its_bound():
    own, floor = Times((0.3, 0.1, 0.2)), Times((0.1, 0.04, 0.9))
    figures = [
        Figure("A", "a page", own, floor, own.median / floor.median, at_most=2),
        Figure("B", "a page", own, floor, own.median / floor.median, at_most=1.9),
        Figure("C", "a rate", own, floor, 0.5, at_least=0.3),
        Figure("D", "by hand"),
    ]
    assert [(one["needed"], one["ratio"], one["met"]) for one in map(Figure.as_json, figures)] == [
        ("<= 2", 2.0, True),
        ("<= 1.9", 2.0, False),
        (">= 0.3", 0.5, True),
        (None, None, None),
    ]
    assert figures[0].as_json()["product"] == {
        "median_ms": 200.0,
        "p95_ms": 300.0,
        "spread_ms": [100.0, 300.0],
        "rounds": 3,
    }


def test_product_and_floor_take_turns_after_a_warm_up():
    order = []
    own, floor = in_turn(lambda: order.append("product"), lambda: order.append("floor"), rounds=2)
    assert order == ["floor", "product"] * 3
    assert (len(own.seconds), len(floor.seconds)) == (2, 2)


@pytest.fixture
def a_salon(transactional_db):
    make_client(branch=make_branch("The salon's own"), name="Vera Example")


@pytest.mark.sqlite
def test_bench_measures_all_of_speed_md_beside_the_salon_and_leaves_it_alone(a_salon, monkeypatch):
    monkeypatch.setattr(pages, "ROUNDS", 2)
    monkeypatch.setattr(tills, "EACH_ROUND", 4)
    monkeypatch.setattr(sending, "MESSAGES", 80)
    call_command("bench", clients=40, json=True, stdout=(told := StringIO()), stderr=StringIO())

    document = json.loads(told.getvalue())
    ids = {figure["id"].split()[0].rstrip(",") for figure in document["figures"]}
    assert ids == {f"V{number}" for number in range(1, 11)}
    assert (document["clients"], document["database"], document["binding"]) == (
        40,
        connection.vendor,
        connection.vendor == "postgresql",
    )
    for figure in document["figures"]:
        assert list(figure) == ["id", "what", "ratio", "needed", "met", "product", "floor", "note"]
        assert figure["ratio"] is None or figure["ratio"] > 0
    assert list(Client.objects.values_list("name", flat=True)) == ["Vera Example"]
    assert scratch_databases() == []


def scratch_databases() -> list[str]:
    if connection.vendor == "sqlite":
        return [path.name for path in Path(connection.settings_dict["NAME"]).parent.glob("regulars_bench_*")]
    with connection.cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE 'regulars_bench_%'")
        return [name for (name,) in cursor.fetchall()]


def test_a_salon_without_clients_is_refused():
    with pytest.raises(CommandError) as refusal:
        call_command("bench", clients=0)
    assert refusal.value.returncode == 2
