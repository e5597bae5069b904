"""Sheets for the window and the till: where clients book by themselves, where they tell what was not right, as QR codes."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from crm.desk.access import desk_page
from crm.team.qr import qr_svg


@require_safe
@desk_page
def poster(request: HttpRequest) -> HttpResponse:
    """To be printed, or its address copied."""
    address = settings.PUBLIC_URL + reverse("book:start")
    return render(request, "desk/poster/page.html", {"nav": "more", "address": address, "qr": qr_svg(address)})


@require_safe
@desk_page
def complaints_poster(request: HttpRequest) -> HttpResponse:
    """The same for the page for complaints of this branch."""
    address = settings.PUBLIC_URL + reverse("complain:branch", args=[request.branch.pk])
    return render(request, "desk/poster/complaints.html", {"nav": "more", "address": address, "qr": qr_svg(address)})
