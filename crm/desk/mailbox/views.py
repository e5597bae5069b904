"""Mail and SMS of the demo. Open without login: nobody in it is real, and it answers only where DEMO is on."""

import re
import smtplib
from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import wraps
from typing import Any

from csp.constants import NONE, SELF, UNSAFE_INLINE
from csp.decorators import csp_replace
from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.html import conditional_escape, urlize
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_POST, require_safe

from crm.desk.mailbox.answering import answer_as_client
from crm.team.models import Branch
from crm.team.selectors import zone
from reminders.inbox.hooks import NobodyThere
from reminders.transports.mailbox import attachments, headers
from reminders.transports.models import MailboxLetter

A_PAGE = 40
LONGEST = 2000
HEAD = re.compile(r"<head\b[^>]*>", re.IGNORECASE)
# links of a letter open beside the mailbox, not inside its frame
NEW_TAB = '<base target="_blank">'


def in_the_demo(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Real clients' letters are nobody's to read here: without DEMO the page does not exist."""

    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not settings.DEMO:
            raise Http404
        return view(request, *args, **kwargs)

    return checked


@require_safe
@in_the_demo
def letters(request: HttpRequest) -> HttpResponse:
    """Newest first; `q` finds by recipient, subject or text."""
    asked = request.GET.get("q", "").strip()[:100]
    found = MailboxLetter.objects.order_by("-received_at", "-pk").defer("raw", "html")
    if asked:
        found = found.filter(Q(recipient__icontains=asked) | Q(subject__icontains=asked) | Q(text__icontains=asked))
    page = Paginator(found, A_PAGE).get_page(request.GET.get("page"))
    for letter in page.object_list:
        letter.linked = linked(letter.text) if letter.channel == "sms" else ""  # type: ignore[attr-defined]
    with by_the_salons_clock():
        return render(request, "desk/mailbox/letters.html", {"page": page, "q": asked})


@require_safe
@in_the_demo
def letter(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(MailboxLetter, pk=pk)
    context = {
        "letter": found,
        "linked": linked(found.text),
        "headers": headers(found),
        "files": [(number, name, kind) for number, (name, kind, _content) in enumerate(attachments(found))],
    }
    with by_the_salons_clock():
        return render(request, "desk/mailbox/letter.html", context)


@require_POST
@in_the_demo
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """As the client who got the letter: by the way on which her answer really comes (`answer_as_client`)."""
    found = get_object_or_404(MailboxLetter, pk=pk)
    text = request.POST.get("text", "").strip()[:LONGEST]
    if not text:
        messages.error(request, _("Write a few words first."))
    else:
        try:
            answer_as_client(found, text=text, now=timezone.now())
        except (OSError, smtplib.SMTPException, NobodyThere):
            messages.error(request, _("The demo's mail server does not answer. Is it running?"))
        else:
            messages.success(request, _("Written back. In a moment it is in the inbox of the desk."))
    return redirect("mailbox:letter", pk=found.pk)


@require_safe
@in_the_demo
@xframe_options_sameorigin
@csp_replace(
    {
        "default-src": [NONE],
        "img-src": ["data:"],
        # mail knows no other way of styling; nothing in it runs
        "style-src": [UNSAFE_INLINE],
        "form-action": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [SELF],
        "sandbox": ["allow-popups", "allow-popups-to-escape-sandbox"],
    }
)
def letter_html(request: HttpRequest, pk: int) -> HttpResponse:
    """The letter as a mail program shows it, for the frame on its page."""
    found = get_object_or_404(MailboxLetter, pk=pk, channel="email")
    html = found.html or f"<pre>{conditional_escape(found.text)}</pre>"
    if HEAD.search(html):
        html = HEAD.sub(lambda head: head.group() + NEW_TAB, html, count=1)
    else:
        html = NEW_TAB + html
    return HttpResponse(html)


@require_safe
@in_the_demo
def file(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """An attachment, always as a download."""
    found = attachments(get_object_or_404(MailboxLetter, pk=pk))
    if number >= len(found):
        raise Http404
    name, _kind, content = found[number]
    response = HttpResponse(content, content_type="application/octet-stream")
    safe = re.sub(r"[^\w. -]", "_", name, flags=re.ASCII) or "file"
    response["Content-Disposition"] = f'attachment; filename="{safe}"'
    return response


def by_the_salons_clock() -> AbstractContextManager[None]:
    """Whoever looks has no branch; the first one's clock is the one she expects."""
    branch = Branch.objects.filter(is_active=True).order_by("pk").first()
    return timezone.override(zone(branch) if branch else None)


def linked(text: str) -> str:
    """The text, escaped, with its addresses made links."""
    return mark_safe(urlize(text, nofollow=True, autoescape=True))  # noqa: S308 - urlize escapes
