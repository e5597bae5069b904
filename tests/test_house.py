"""What the house asks of the code and import-linter cannot see (docs/architecture.md)."""

import importlib
import re
import tomllib
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models

ROOT = Path(__file__).resolve().parent.parent
APPS = ("crm", "loyalty", "reminders")
CONTRACTS = {
    contract["id"]: contract
    for contract in tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
}
# roofs and edges have other modules than the layers of a room
WITHOUT_LAYERS = {"crm.desk", "crm.office", "reminders.transports"}
LAYERS = {"models", "services", "selectors", "forms", "admin", "tasks", "views"}
LONG, TOO_LONG = 400, 500


def product() -> Iterator[Path]:
    for app in ("config", *APPS):
        yield from (path for path in sorted((ROOT / app).rglob("*.py")) if "migrations" not in path.parts)


def rooms() -> Iterator[str]:
    for app in APPS:
        for folder in sorted((ROOT / app).iterdir()):
            if (folder / "__init__.py").exists() and folder.name != "migrations":
                yield f"{app}.{folder.name}"


def heights() -> dict[str, int]:
    """How high each room stands: 0 is the ground; rooms on one layer know nothing of each other."""
    names = {}
    layers = [
        ("crm", CONTRACTS["crm"]["layers"]),
        ("loyalty", CONTRACTS["loyalty"]["layers"]),
        ("reminders", CONTRACTS["reminders"]["layers"]),
    ]
    height = 0
    for app, from_top in layers:
        for layer in reversed(from_top):
            for room in re.findall(r"\w+", layer):
                names[f"{app}.{room}"] = height
            height += 1
    # the roof of crm stands on the two other apps as well
    return names | {"crm.desk": height, "crm.office": height}


def room_of(model: type[models.Model]) -> str:
    # a history belongs to the room of what it records
    return ".".join(getattr(model, "instance_type", model).__module__.split(".")[:2])


def own_models() -> list[type[models.Model]]:
    return [model for app in APPS for model in apps.get_app_config(app).get_models(include_auto_created=True)]


def relations() -> Iterator[tuple[type[models.Model], models.Field, type[models.Model]]]:
    for model in own_models():
        for field in model._meta.get_fields(include_hidden=True):
            own = field.concrete and field.is_relation and not field.auto_created and field.related_model
            if own and field.related_model._meta.app_label in APPS:
                yield model, field, field.related_model


def test_no_relation_points_to_a_higher_room():
    height = heights()

    upwards = [
        f"{model.__name__}.{field.name} ({room_of(model)}) -> {target.__name__} ({room_of(target)})"
        for model, field, target in relations()
        if room_of(model) != room_of(target) and height[room_of(target)] >= height[room_of(model)]
    ]

    assert upwards == []


def test_relations_between_apps_leave_nothing_on_the_other_side():
    seen_from_below = [
        f"{model.__name__}.{field.name}"
        for model, field, target in relations()
        if model._meta.app_label != target._meta.app_label and not field.remote_field.hidden
    ]

    assert seen_from_below == []


@pytest.mark.parametrize("room", list(rooms()))
def test_models_of_every_room_are_gathered(room):
    app, name = room.split(".")
    folder = ROOT / app / name
    if not ((folder / "models.py").exists() or (folder / "models").is_dir()):
        return
    gathered = importlib.import_module(f"{app}.models")
    own = importlib.import_module(f"{room}.models")

    forgotten = [
        label
        for label, model in vars(own).items()
        if isinstance(model, type)
        and issubclass(model, models.Model)
        and model.__module__.startswith(room)
        and not model._meta.abstract
        and not hasattr(model, "instance_type")  # history follows its model by itself
        and getattr(gathered, label, None) is not model
    ]

    assert forgotten == []


def test_every_room_is_held_to_its_layers():
    layered = {
        room
        for room in rooms()
        if room not in WITHOUT_LAYERS
        and any(
            (ROOT.joinpath(*room.split(".")) / name).with_suffix(end).exists() for name in LAYERS for end in (".py", "")
        )
    }

    assert layered - set(CONTRACTS["room"]["containers"]) == set(), (
        "add the room to the contract `room` in pyproject.toml"
    )


def test_no_room_is_a_junk_drawer():
    drawers = {"utils", "helpers", "common", "misc", "data", "process", "signals"}

    assert [
        str(path.relative_to(ROOT)) for path in product() if path.stem in drawers or path.parent.name in drawers
    ] == []


def test_files_stay_readable():
    lengths = {str(path.relative_to(ROOT)): len(path.read_text().splitlines()) for path in product()}

    for path, length in lengths.items():
        if length > LONG:
            warnings.warn(f"{path} has {length} lines; about {LONG} is the house's measure", stacklevel=1)
    assert {path: length for path, length in lengths.items() if length > TOO_LONG} == {}


def test_nothing_in_the_domain_reads_the_clock():
    clock = re.compile(r"\b(timezone\.now|datetime\.now|datetime\.utcnow|date\.today|localdate|time\.time)\(")
    domain = [path for path in product() if {"services", "selectors", "models"} & {path.stem, path.parent.name}]

    readers = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in domain
        for number, line in enumerate(path.read_text().splitlines(), start=1)
        if clock.search(line)
    ]

    assert readers == []


def test_facts_travel_without_signals():
    signal = re.compile(r"\b(pre|post)_(save|delete|init)\b|m2m_changed|@receiver")

    assert [str(path.relative_to(ROOT)) for path in product() if signal.search(path.read_text())] == []


def test_pages_carry_no_inline_script_or_style():
    """Mail is exempt: there every style is inline, and no script runs."""
    inline = re.compile(
        r"<script(?![^>]*\bsrc=)(?![^>]*application/json)[^>]*>|<style\b|\sstyle=|\son[a-z]+=|javascript:",
        re.IGNORECASE,
    )
    pages = [
        path
        for path in sorted((ROOT / "templates").rglob("*.html"))
        if not {"mail", "email", "letters"} & set(path.parts)
    ]

    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()[:80]}"
        for path in pages
        for number, line in enumerate(path.read_text().splitlines(), start=1)
        if inline.search(line)
    ]

    assert found == []
