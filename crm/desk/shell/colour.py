"""The salon's colour, made readable.

An owner may choose any colour. What she chose is darkened for light paper no further than WCAG 2.2 AA asks (4.5:1),
so that a pastel stays hers and is read all the same; for dark paper it is lightened within its own hue, a little
further (6.5:1), because a dim accent looks switched off there.
"""

import colorsys
from collections.abc import Iterable
from dataclasses import dataclass

Colour = tuple[float, float, float]

READABLE = 4.5
READABLE_ON_DARK = 6.5
BLACK: Colour = (0.0, 0.0, 0.0)
WHITE: Colour = (255.0, 255.0, 255.0)

# The grounds on which the accent is read; the same values as --paper, --sunk and --raised in static/css/tokens.css.
LIGHT_GROUNDS = ("#faf7f4", "#f1ece6", "#ffffff")
DARK_GROUNDS = ("#1a1715", "#312b26", "#24201d")
# How much of the accent --accent-wash holds, in tokens.css.
LIGHT_WASH = 0.10
DARK_WASH = 0.16


@dataclass(frozen=True)
class Brand:
    """Four colours as `#rrggbb`: the accent and what is written on it, in light and in dark."""

    light: str
    on_light: str
    dark: str
    on_dark: str


def parse(text: str) -> Colour:
    """`#rrggbb` as three numbers 0..255; ValueError for anything else."""
    if len(text) != 7 or text[0] != "#":
        raise ValueError(f"{text!r} is no colour like #9c2750")
    return (float(int(text[1:3], 16)), float(int(text[3:5], 16)), float(int(text[5:7], 16)))


def write(colour: Colour) -> str:
    return "#" + "".join(f"{round(part):02x}" for part in colour)


def mix(one: Colour, other: Colour, share: float) -> Colour:
    """`share` of the other in the one, 0..1."""
    red, green, blue = (a + (b - a) * share for a, b in zip(one, other, strict=True))
    return (red, green, blue)


def luminance(colour: Colour) -> float:
    """Relative luminance 0..1 (WCAG 2.2)."""
    red, green, blue = (
        part / 255 / 12.92 if part / 255 <= 0.04045 else ((part / 255 + 0.055) / 1.055) ** 2.4 for part in colour
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: Colour, other: Colour) -> float:
    """1..21 (WCAG 2.2)."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def brand(accent: str) -> Brand:
    """The salon's accent for both themes; ValueError if it is no colour."""
    chosen = parse(accent)
    light = _first_readable(_darker(chosen), READABLE, LIGHT_GROUNDS, LIGHT_WASH) or BLACK
    dark = _first_readable(_lighter(chosen), READABLE_ON_DARK, DARK_GROUNDS, DARK_WASH) or WHITE
    return Brand(light=write(light), on_light="#ffffff", dark=write(dark), on_dark=write(mix(dark, BLACK, 0.82)))


def _darker(colour: Colour) -> Iterable[Colour]:
    """The colour itself, then deeper and deeper within its hue."""
    hue, lightness, saturation = colorsys.rgb_to_hls(*(part / 255 for part in colour))
    yield colour
    for step in range(1, 101):
        yield _from_hls(hue, lightness * (1 - step / 100), min(saturation, 0.6))


def _lighter(colour: Colour) -> Iterable[Colour]:
    """Lighter and lighter within the hue; a colour that has none (grey) stays so."""
    hue, lightness, saturation = colorsys.rgb_to_hls(*(part / 255 for part in colour))
    vivid = saturation if saturation < 0.1 else min(0.8, max(saturation, 0.7))
    for step in range(101):
        yield _from_hls(hue, lightness + (1 - lightness) * step / 100, vivid)


def _from_hls(hue: float, lightness: float, saturation: float) -> Colour:
    red, green, blue = colorsys.hls_to_rgb(hue, lightness, saturation)
    return (red * 255, green * 255, blue * 255)


def _first_readable(shades: Iterable[Colour], ratio: float, grounds: tuple[str, ...], wash: float) -> Colour | None:
    """The first that is read on each ground and on its own wash over the first of them."""
    papers = [parse(ground) for ground in grounds]
    for shade in shades:
        exact = parse(write(shade))
        tinted = mix(papers[0], exact, wash)
        if contrast(exact, tinted) >= READABLE and all(contrast(exact, paper) >= ratio for paper in papers):
            return exact
    return None
