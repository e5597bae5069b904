"""The look's own promises: readable colours, icons that exist, no inline style, light to load."""

import gzip
import re
from itertools import product
from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import get_template
from django.utils import translation

from crm.desk.shell.colour import READABLE, contrast, parse

ROOT = Path(settings.BASE_DIR)
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
# letters are read by mail programs, which know no style sheet
PAGES = [path for path in TEMPLATES if "mail" not in path.relative_to(ROOT / "templates").parts]


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT / "templates"))


def colours(selector: str) -> dict[str, str]:
    """The first value of each colour token in the block that begins with the selector."""
    tokens = (ROOT / "static/css/tokens.css").read_text()
    block = tokens.split(selector + " {", 1)[1].split("}", 1)[0]
    found: dict[str, str] = {}
    for token, value in re.findall(r"--([a-z0-9-]+): (?:var\(--[a-z-]+, )?(#[0-9a-f]{6})\)?;", block):
        found.setdefault(token, value)
    return found


@pytest.mark.parametrize("selector", ["\n:root", '\n:root[data-theme="dark"]'])
def test_tokens_are_readable_on_every_ground(selector: str) -> None:
    palette = colours(selector)
    pairs = [
        *product(["ink", "ink-2", "ink-3", "accent", "good", "warn", "bad"], ["paper", "raised", "sunk"]),
        *((tone, f"{tone}-wash") for tone in ("accent", "good", "warn", "bad")),
        *(("ink", f"{tone}-wash") for tone in ("accent", "good", "warn", "bad")),
        ("on-accent", "accent"),
        ("on-bad", "bad"),
    ]

    unreadable = {pair: contrast(parse(palette[pair[0]]), parse(palette[pair[1]])) for pair in pairs}

    assert {pair: ratio for pair, ratio in unreadable.items() if ratio < READABLE} == {}
    # an edge of a control has to be seen, not read: 3:1
    assert all(contrast(parse(palette["edge"]), parse(palette[ground])) >= 3 for ground in ("paper", "raised", "sunk"))


def test_dark_by_hand_equals_dark_by_the_device() -> None:
    assert colours('\n:root[data-theme="dark"]') == colours('\n  :root:not([data-theme="light"])')


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_template_compiles(path: Path) -> None:
    get_template(name_of(path))


@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_page_holds_no_inline_style_or_script(path: Path) -> None:
    text = path.read_text()

    assert re.findall(r"\sstyle=|<style|\son[a-z]+=[\"']|javascript:|<script(?![^>]*\ssrc=)(?![^>]*json)", text) == []


def test_icons_named_in_templates_exist() -> None:
    drawn = set(re.findall(r'<symbol id="([^"]+)"', (ROOT / "static/icons.svg").read_text()))
    named = {
        icon
        for path in TEMPLATES
        for icon in re.findall(r'(?:icon\.html" with name=|\bicon=)"([^"]+)"', path.read_text())
        if "{" not in icon
    }

    assert named - drawn == set()


def test_stylesheet_mirrors_by_itself() -> None:
    text = (ROOT / "static/css/app.css").read_text()
    sided = r"(?<![-\w])(?:(?:margin|padding|border)-(?:left|right)|(?:left|right)\s*:|text-align:\s*(?:left|right)|float:\s*(?:left|right))"

    assert re.findall(sided, text) == []


def test_stylesheets_name_only_what_is_here() -> None:
    for path in (ROOT / "static").rglob("*.css"):
        text = path.read_text()
        for address in re.findall(r"url\([\"']?(?!data:)([^\"')]+)", text):
            assert (path.parent / address).is_file(), f"{path}: {address}"
        assert "sourceMappingURL" not in text


def test_shell_of_a_page_is_light_to_load() -> None:
    # speed.md, V10: Today at most 150 kB compressed; what every page loads leaves half of it to the page
    files = [
        "vendor/bootstrap/bootstrap.rtl.min.css",
        "css/tokens.css",
        "css/app.css",
        "icons.svg",
        "vendor/htmx/htmx.min.js",
        "js/app.js",
    ]

    weight = sum(len(gzip.compress((ROOT / "static" / name).read_bytes(), 6)) for name in files)

    assert weight < 90_000


@pytest.mark.parametrize("language", ["en", "ru", "bs", "ar"])
def test_page_of_a_fault_asks_nothing_of_the_database(language: str) -> None:
    with translation.override(language):
        page = get_template("500.html").render()

    assert f'lang="{language}"' in page
    assert ('dir="rtl"' in page) == (language == "ar")
    assert 'href="/"' in page
