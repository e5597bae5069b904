"""QR codes drawn in the page: no picture to fetch, no script."""

import segno
from django.utils.safestring import SafeString, mark_safe

# a third of it may be scratched, folded or in a bad light
ERRORS = "h"


def qr_svg(text: str) -> SafeString:
    """An SVG of this text, black, as wide as the place it stands in.

    Two modules of its quiet zone are a part of it, the other two are the white rim of whatever holds it.
    """
    drawn = segno.make(text, error=ERRORS, micro=False, boost_error=False).svg_inline(
        border=2, svgclass="qr", lineclass=None, omitsize=True
    )
    # drawn by segno: of the text nothing but its bits is in it
    return mark_safe(drawn)  # noqa: S308
