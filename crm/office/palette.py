"""The office wears the salon's colour: shades for the admin's theme from the one accent in the settings."""

from typing import Any

from django.http import HttpRequest

from crm.team.selectors import salon_settings

# share of white (above nought) or of black (below) in each shade; 600 is the accent itself
SHARES = {
    "50": 0.95,
    "100": 0.89,
    "200": 0.78,
    "300": 0.62,
    "400": 0.42,
    "500": 0.2,
    "600": 0.0,
    "700": -0.14,
    "800": -0.3,
    "900": -0.45,
    "950": -0.65,
}

# warm paper and ink (docs/design.md), from the lightest to the darkest
PAPER = {
    "50": "#faf7f4",
    "100": "#f3eee8",
    "200": "#e4dcd3",
    "300": "#d1c7bb",
    "400": "#a2978b",
    "500": "#726960",
    "600": "#5f5750",
    "700": "#463f39",
    "800": "#312b26",
    "900": "#24201d",
    "950": "#1a1715",
}


def accent_shades(request: HttpRequest | None = None) -> dict[str, str]:
    """Shade -> colour as `#rrggbb`."""
    accent = salon_settings().accent
    parts = [int(accent[place : place + 2], 16) for place in (1, 3, 5)]
    return {shade: _mixed(parts, share) for shade, share in SHARES.items()}


def salon_name(request: HttpRequest | None = None) -> str:
    """What stands at the head of the side."""
    return salon_settings().salon_name


def paper_shades(request: HttpRequest | None = None) -> dict[str, str]:
    return dict(PAPER)


def _mixed(parts: list[int], share: float) -> str:
    towards: Any = 255 if share > 0 else 0
    return "#" + "".join(f"{round(part + (towards - part) * abs(share)):02x}" for part in parts)
