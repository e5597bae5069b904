"""A sheet for the window and the till: the address at which clients book by themselves, and its QR code."""

import segno
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_safe

from crm.desk.access import desk_page

# a quarter of it may be scratched or reflect the light
ERRORS = "q"


@require_safe
@desk_page
def poster(request: HttpRequest) -> HttpResponse:
    """To be printed, or its address copied."""
    address = settings.PUBLIC_URL + reverse("book:start")
    drawn = segno.make(address, error=ERRORS, micro=False).svg_inline(
        border=2, svgclass="qr", lineclass=None, omitsize=True
    )
    context = {
        "nav": "more",
        "address": address,
        # drawn by segno from our own address: nothing in it was typed by anybody
        "qr": mark_safe(drawn),  # noqa: S308
    }
    return render(request, "desk/poster/page.html", context)
