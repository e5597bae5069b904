"""The six digits that show a number or an address to be hers: right, they book, or put her on the waiting list."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from reminders.links.doors import Stranger, unseen
from reminders.links.drafts import Draft
from reminders.links.forms import CodeForm
from reminders.links.services.proving import CodeOver, NotProved, refuse_too_soon
from reminders.links.views.book import booking_of
from reminders.links.views.listing import listing_of
from reminders.links.views.strangers import PUBLIC, Step, status_of, to_strangers


@require_http_methods(["GET", "HEAD", "POST"])
@to_strangers
def code(request: HttpRequest, stranger: Stranger) -> HttpResponse:
    step = step_of(request, stranger)
    if step is None:
        # no browser of ours, a machine, or an hour has passed
        return code_page(request, stranger, None, CodeOver()) if request.method == "POST" else redirect("book:start")
    if request.method != "POST":
        return code_page(request, stranger, step)
    try:
        step.prove(CodeForm(request.POST))
    except NotProved as refusal:
        return code_page(request, stranger, step, refusal)
    return step.finish()


@require_POST
@to_strangers
def code_again(request: HttpRequest, stranger: Stranger) -> HttpResponse:
    """Nothing came: another one."""
    step = step_of(request, stranger)
    if step is None:
        return redirect("book:start")
    try:
        refuse_too_soon(key=step.draft.key if step.draft else "", now=stranger.now)
        response = step.send_code()
    except NotProved as refusal:
        return code_page(request, stranger, step, refusal)
    messages.success(request, _("A new code is on its way; the old one no longer works."))
    return response


def step_of(request: HttpRequest, stranger: Stranger) -> Step | None:
    """Where the browser's draft stands; none without one, or where what it chose is offered no more."""
    draft = Draft.of(request)
    if draft is None:
        return None
    return (listing_of if draft.wish else booking_of)(request, stranger, draft)


def code_page(
    request: HttpRequest, stranger: Stranger, step: Step | None, refusal: NotProved | None = None
) -> HttpResponse:
    context: dict[str, Any] = {"frame": PUBLIC.frame, "refusal": str(refusal) if refusal else ""}
    if step is not None and step.draft is not None:
        context |= {**step.asked_for(), "address": step.draft.address}
    status = status_of(refusal) if refusal else 200
    return unseen(render(request, "book/code.html", context, status=status), stranger.language)
