"""Who stands before the door: the key from her cookie, checked on every request (trust.md, S1 to S3).

A link sets a cookie that the browser sends to that one page only, and leads there. So no token stays in the
address bar, none goes on in a Referer, and two links open at once do not take each other's place.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from crm.people.models import Client
from crm.people.selectors import person_of
from crm.team.models import Branch
from crm.team.selectors import hold_salon_settings, salon_settings
from reminders.messages.speech import Speech, speech_of
from reminders.messages.tokens import Door, Key, LinkBroken, LinkExpired, LinkRefused, read_token

# how long a page stays open after its link was followed
COOKIE_SECONDS = 24 * 60 * 60
# a card is looked for at the till, weeks after its link came; there is little on it
CARD_SECONDS = 180 * 24 * 60 * 60
LANGUAGE_COOKIE = "my_language"
ROOT = "/my/"


@dataclass(frozen=True, slots=True)
class Visitor:
    """The client whose link it is, what it is about, and how she is spoken to."""

    key: Key
    client: Client
    speech: Speech
    now: datetime

    @property
    def language(self) -> str:
        return self.speech.language


@dataclass(frozen=True, slots=True)
class Stranger:
    """Whoever opens the booking page: nobody knows her yet. Her client is blank and stands in no table."""

    client: Client
    speech: Speech
    now: datetime

    @property
    def language(self) -> str:
        return self.speech.language


# to whom a page speaks
Reader = Visitor | Stranger


def cookie_name(door: Door) -> str:
    return f"my_{door.name.lower()}"


def page_of(key: Key) -> str:
    """The clean address of what a key opens; its cookie goes to this address and below, and nowhere else."""
    if key.door in (Door.HOME, Door.CARD, Door.COMPLAIN):
        return reverse(f"my:{key.door.name.lower()}")
    if key.door == Door.PREFERENCES:
        return reverse("my:preferences", args=[key.client_id])
    if key.door == Door.UNSUBSCRIBE:
        return reverse("my:unsubscribe", args=[key.client_id, key.subject])
    return reverse(f"my:{key.door.name.lower()}", args=[key.subject])


def hand_key(response: HttpResponse, token: str, key: Key) -> HttpResponse:
    """Give the browser the key to this one page."""
    response.set_cookie(
        cookie_name(key.door),
        token,
        max_age=CARD_SECONDS if key.door == Door.CARD else COOKIE_SECONDS,
        path=page_of(key),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response


def visitor_of(token: str, *, now: datetime, language: str = "", door: Door | None = None) -> Visitor:
    """Whose token it is. Raises LinkRefused, also where she has been erased."""
    key = read_token(token, today=now.date(), door=door)
    client = client_of(key)
    # a link that was sent to a card put aside opens what is hers now
    return Visitor(replace(key, client_id=client.pk), client, speech_of(client, language), now)


def client_of(key: Key) -> Client:
    """The client of a key; a link of somebody who was erased opens nothing."""
    client = person_of(key.client_id)
    # erased: the row may stand for the figures' sake, but nobody is left who could have got a link
    if client is None or not (client.email or client.phone):
        raise LinkBroken
    return client


def behind(
    door: Door, *beside: str, or_by: Door | None = None
) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """For a view `(request, visitor)`: only with the key to exactly this page; in the client's own language.

    What an address names must be what the key says; names in `beside` are handed to the view instead, which asks
    whether they are hers. `or_by` is a second key that opens it where the first does not.
    """

    def wrap(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def checked(request: HttpRequest, **about: int) -> HttpResponse:
            now = timezone.now()
            # read once for the request
            hold_salon_settings(salon_settings())
            try:
                visitor = _who_knocks(request, door, or_by, now)
                asked = {name: about.pop(name) for name in beside}
                if any(getattr(visitor.key, name) != value for name, value in about.items()):
                    raise LinkBroken
            except LinkRefused as refusal:
                return refused(request, refusal)
            with translation.override(visitor.language):
                request.LANGUAGE_CODE = visitor.language  # type: ignore[attr-defined]
                try:
                    return unseen(view(request, visitor, **asked), visitor.language)
                except LinkRefused as refusal:
                    return refused(request, refusal, language=visitor.language)

        return checked

    return wrap


def _who_knocks(request: HttpRequest, door: Door, or_by: Door | None, now: datetime) -> Visitor:
    """Whoever has the key to this door in a cookie. Raises LinkRefused."""
    token, language = request.COOKIES.get(cookie_name(door), ""), chosen_language(request)
    try:
        return visitor_of(token, now=now, language=language, door=door)
    except LinkRefused:
        other = request.COOKIES.get(cookie_name(or_by), "") if or_by is not None else ""
        if not other:
            raise
        return visitor_of(other, now=now, language=language, door=or_by)


def chosen_language(request: HttpRequest) -> str:
    """What she chose on these pages; else her own decides."""
    chosen = request.COOKIES.get(LANGUAGE_COOKIE, "")
    return chosen if chosen in dict(settings.LANGUAGES) else ""


def refused(request: HttpRequest, refusal: LinkRefused, *, language: str = "") -> HttpResponse:
    """A page that says so in her language, with a way on and nobody's data."""
    spoken = language or chosen_language(request)
    if isinstance(refusal, LinkExpired) and not language:
        client = person_of(refusal.key.client_id)
        spoken = spoken or (speech_of(client).language if client else "")
    spoken = spoken or translation.get_language() or settings.DEFAULT_LANGUAGE
    with translation.override(spoken):
        if isinstance(refusal, LinkExpired):
            title, text = _("This link is no longer open"), _("It was good for a while, and that while is over.")
        else:
            title, text = _("This link does not open"), _("It was cut off on its way, or it belongs to something else.")
        context: dict[str, Any] = {
            "title": title,
            "text": text,
            "branches": Branch.objects.filter(is_active=True).exclude(phone="").order_by("name")[:10],
            "can_book": salon_settings().self_booking,
            "hide_languages": True,
        }
        return unseen(
            render(request, "links/refused.html", context, status=410 if isinstance(refusal, LinkExpired) else 404),
            spoken,
        )


def unseen(response: HttpResponse, language: str) -> HttpResponse:
    """Nobody keeps these pages: no cache, no search engine, no Referer beyond the salon."""
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["Content-Language"] = language
    return response
