"""Opening a link, unsubscribing with one click, and the language of these pages."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import override
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from reminders.consent.models import ConsentEvent
from reminders.links.doors import LANGUAGE_COOKIE, ROOT, hand_key, page_of, refused, unseen, visitor_of
from reminders.links.services import stop
from reminders.messages.tokens import Door, LinkRefused, read_slot_code, stopped_by

ONE_CLICK = ("List-Unsubscribe", "One-Click")


@require_safe
def open_link(request: HttpRequest, token: str) -> HttpResponse:
    """Checks the token, puts it into a cookie and leads to the clean address. Changes nothing (scanners open it too)."""
    try:
        visitor = visitor_of(token, now=timezone.now())
    except LinkRefused as refusal:
        return refused(request, refusal)
    target = page_of(visitor.key)
    wanted = request.GET.get("s", "")
    if wanted and read_slot_code(wanted):
        target += f"?s={wanted}"
    # the number tapped in a letter that asks how it was
    number = request.GET.get("n", "")
    if visitor.key.door == Door.FEEDBACK and number.isascii() and number.isdecimal() and len(number) < 3:
        target += f"?n={number}"
    response = hand_key(HttpResponseRedirect(target), token, visitor.key)
    # another client's choice on the same telephone is not hers
    response.delete_cookie(LANGUAGE_COOKIE, path=ROOT)
    response = unseen(response, visitor.language)
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


@csrf_exempt
def one_click(request: HttpRequest, token: str) -> HttpResponse:
    """RFC 8058: a mail program's POST without cookie stops it at once; anything else leads to the page."""
    if request.method != "POST":
        return open_link(request, token)
    now = timezone.now()
    try:
        visitor = visitor_of(token, now=now, door=Door.UNSUBSCRIBE)
        purpose, channel = stopped_by(visitor.key.subject)
    except LinkRefused as refusal:
        return refused(request, refusal)
    name, value = ONE_CLICK
    if request.POST.get(name) != value:
        return open_link_by_get(visitor.key)
    stop(client=visitor.client, purpose=purpose, channel=channel, where=ConsentEvent.Where.ONE_CLICK, now=now)
    with override(visitor.language):
        return unseen(HttpResponse(status=200), visitor.language)


def open_link_by_get(key) -> HttpResponse:  # type: ignore[no-untyped-def]
    return HttpResponseRedirect(page_of(key))


@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """The language of these pages, until another link is opened."""
    next_page = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(next_page, allowed_hosts=None) and next_page.startswith(ROOT)
    response = HttpResponseRedirect(next_page if safe else ROOT)
    language = request.POST.get("language", "")
    if language in dict(settings.LANGUAGES):
        response.set_cookie(
            LANGUAGE_COOKIE,
            language,
            max_age=24 * 60 * 60,
            path=ROOT,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
    return response
