"""Where a client's page is not there, or the browser's answer came without its cookie: a way on, and a number to call."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views import csrf, defaults

from crm.team.models import Branch
from reminders.links.doors import ROOT, unseen

CLIENTS = ("/book/", ROOT)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """For clients the way to the booking page; for everybody else Django's own view."""
    if not request.path.startswith(CLIENTS):
        return defaults.page_not_found(request, exception)
    return astray(
        request,
        status=404,
        title=_("This page is not here"),
        text=_("The link may be old, or a letter went missing on the way. Nothing is lost."),
        url=reverse("book:start"),
    )


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """For clients the page from which they came, with what was chosen; for everybody else Django's own view."""
    if not request.path.startswith(CLIENTS):
        return csrf.csrf_failure(request, reason)
    return astray(
        request,
        status=403,
        title=_("Please try once more"),
        text=_("This page was open for too long, or your browser keeps no cookies. Nothing has happened yet."),
        url=way_back(request),
    )


def way_back(request: HttpRequest) -> str:
    """The page that can be read again; of what is only answered, the booking page."""
    match = request.resolver_match
    if match and match.view_name in ("book:details", "my:book_details", "book:wait", "my:book_wait"):
        return request.get_full_path()
    if match and match.view_name.startswith("my:") and match.kwargs:
        # `appointment_cancel` is a step of `appointment`
        return reverse(match.view_name.partition("_")[0], kwargs=match.kwargs)
    return reverse("book:start")


def astray(request: HttpRequest, *, status: int, title: str, text: str, url: str) -> HttpResponse:
    context: dict[str, Any] = {
        "title": title,
        "text": text,
        "url": url,
        "is_start": url == reverse("book:start"),
        "branches": Branch.objects.filter(is_active=True).exclude(phone="").order_by("name")[:10],
        "hide_languages": True,
    }
    return unseen(render(request, "links/astray.html", context, status=status), translation.get_language() or "")
