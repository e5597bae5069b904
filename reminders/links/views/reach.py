"""A new e-mail or telephone of hers: a code shows that it is hers, then it takes the place of the old one."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core import signing
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from crm.team.connection import connection_of
from reminders.consent.models import Channel
from reminders.links.doors import Visitor, behind, page_of
from reminders.links.forms import CodeForm, WhoForm
from reminders.links.services import change_contact
from reminders.links.services.proving import CodeOver, NotProved, ask_for_code, prove
from reminders.links.views.strangers import REFUSED, status_of, ways
from reminders.messages.tokens import Door

# what she typed, until the code has come
COOKIE, SECONDS, SALT = "reach", 30 * 60, "reminders.links.reach"


class ReachForm(WhoForm):
    """A telephone or an e-mail that takes a code."""

    name = None
    wants_offers = None


@require_http_methods(["GET", "HEAD", "POST"])
@behind(Door.PREFERENCES)
def ask(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Which is the new one?"""
    client = visitor.client
    form = ReachForm(request.POST or None, branch=client.branch, ways=ways())
    if request.method != "POST" or form.is_machine or not form.is_valid():
        return ask_page(request, visitor, form)
    channel, address = form.contact
    try:
        sent = ask_for_code(
            channel=channel,
            address=address,
            visitor=connection_of(request),
            language=visitor.language,
            branch=client.branch,
            now=visitor.now,
        )
    except NotProved as refusal:
        return ask_page(request, visitor, form, refusal)
    response = redirect("my:reach_code", client_id=client.pk)
    response.set_cookie(
        COOKIE,
        signing.dumps([channel, address, sent.key], salt=f"{SALT} {client.pk}", compress=True),
        max_age=SECONDS,
        path=page_of(visitor.key),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@behind(Door.PREFERENCES)
def code(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """The code that went there."""
    try:
        value = request.COOKIES.get(COOKIE, "")
        channel, address, key = signing.loads(value, salt=f"{SALT} {visitor.client.pk}", max_age=SECONDS)
    except signing.BadSignature:
        return redirect("my:reach", client_id=visitor.client.pk)
    if request.method != "POST":
        return code_page(request, visitor, address)
    form = CodeForm(request.POST)
    try:
        if not form.is_valid():
            raise CodeOver
        prove(
            key=key,
            channel=channel,
            address=address,
            code=form.cleaned_data["code"],
            visitor=connection_of(request),
            now=visitor.now,
        )
        change_contact(client=visitor.client, channel=channel, address=address)
    except (NotProved, ValidationError) as refusal:
        return code_page(request, visitor, address, refusal)
    by = _("From now on we write to your new address.") if channel == Channel.EMAIL else _("Your new number is noted.")
    messages.success(request, by)
    response = redirect("my:preferences", client_id=visitor.client.pk)
    response.delete_cookie(COOKIE, path=page_of(visitor.key))
    return response


def ask_page(request: HttpRequest, visitor: Visitor, form: ReachForm, refusal: NotProved | None = None) -> HttpResponse:
    context = {"form": form, "refusal": str(refusal) if refusal else "", "branch": visitor.client.branch}
    status = status_of(refusal) if refusal else REFUSED if form.errors else 200
    return render(request, "links/reach.html", context, status=status)


def code_page(
    request: HttpRequest, visitor: Visitor, address: str, refusal: NotProved | ValidationError | None = None
) -> HttpResponse:
    words = " ".join(refusal.messages) if isinstance(refusal, ValidationError) else str(refusal or "")
    status = status_of(refusal) if isinstance(refusal, NotProved) else REFUSED if refusal else 200
    context: dict[str, Any] = {"address": address, "refusal": words, "branch": visitor.client.branch}
    return render(request, "links/reach_code.html", context, status=status)
