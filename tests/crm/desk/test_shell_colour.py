"""The salon's colour stays readable, whatever was chosen."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from crm.desk.shell.colour import DARK_GROUNDS, LIGHT_GROUNDS, READABLE, brand, contrast, parse


def test_contrast_of_black_and_white_is_21() -> None:
    assert contrast(parse("#000000"), parse("#ffffff")) == pytest.approx(21)


def test_contrast_agrees_with_a_published_pair() -> None:
    # the usual example of the smallest grey that passes AA on white
    assert contrast(parse("#767676"), parse("#ffffff")) == pytest.approx(4.54, abs=0.005)


def test_brand_keeps_a_colour_that_is_readable_already() -> None:
    assert brand("#9d2f55").light == "#9d2f55"


@pytest.mark.parametrize(
    "accent", ["#9d2f55", "#ffd1dc", "#ffff00", "#00ff00", "#000000", "#ffffff", "#7a7a7a", "#1e3a8a"]
)
def test_brand_is_readable_on_every_ground(accent: str) -> None:
    colours = brand(accent)

    for ground in LIGHT_GROUNDS:
        assert contrast(parse(colours.light), parse(ground)) >= READABLE
    for ground in DARK_GROUNDS:
        assert contrast(parse(colours.dark), parse(ground)) >= READABLE
    assert contrast(parse(colours.on_light), parse(colours.light)) >= READABLE
    assert contrast(parse(colours.on_dark), parse(colours.dark)) >= READABLE


def test_brand_refuses_what_is_no_colour() -> None:
    with pytest.raises(ValueError, match="no colour"):
        brand("rose")


def test_grounds_are_those_of_the_stylesheet() -> None:
    tokens = (Path(settings.BASE_DIR) / "static/css/tokens.css").read_text()
    values = {name: re.findall(rf"--{name}: (#[0-9a-f]{{6}});", tokens) for name in ("paper", "sunk", "raised")}

    # light, dark by the device, dark by hand
    for position, name in enumerate(("paper", "sunk", "raised")):
        assert values[name] == [LIGHT_GROUNDS[position], DARK_GROUNDS[position], DARK_GROUNDS[position]]
