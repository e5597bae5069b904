"""The front door of providers. Not for people: no session, no cookie, no language."""

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from reminders.inbox.hooks import NobodyThere, take_in
from reminders.inbox.mail_hooks import LoginWanted, NoSuchHook, is_mail_provider, take_in_mail
from reminders.transports.services import Call, WebhookRefused

log = structlog.get_logger(__name__)

# a hundred reports are some 60 kB
LONGEST = 500_000
# these look whether anybody is there when the address is set
ASK_FIRST = ("unisender_go",)
# a mail with its photographs
LONGEST_MAIL = 10_000_000


@never_cache
@csrf_exempt
@require_http_methods(["GET", "POST"])
def hook(request: HttpRequest, provider: str) -> HttpResponse:
    """A delivery report or a reply. Whoever cannot show that it is the provider is sent away without a reason."""
    if _is_too_long(request, LONGEST):
        return answer("", status=413)
    if is_mail_provider(provider):
        return _of_mail(request, provider, inbound=False)
    now = timezone.now()
    body = request.body
    call = Call(
        method=request.method or "",
        # as it was given to the provider: a proxy on the way changes what the request says of itself
        url=settings.PUBLIC_URL + request.get_full_path(),
        headers=request.headers,
        query=request.GET.dict(),
        form=request.POST.dict(),
        body=body,
        now=now,
    )
    try:
        return answer(take_in(name=provider, call=call, now=now))
    except NobodyThere:
        return answer("", status=404)
    except WebhookRefused as error:
        log.warning("a hook was refused", provider=provider, reason=str(error))
        return answer("", status=403)


@never_cache
@csrf_exempt
@require_POST
def letters(request: HttpRequest, provider: str) -> HttpResponse:
    """A mail that somebody wrote to the salon, as its mail provider passes it on."""
    if not is_mail_provider(provider):
        return answer("", status=404)
    if _is_too_long(request, LONGEST_MAIL):
        return answer("", status=413)
    return _of_mail(request, provider, inbound=True)


def _of_mail(request: HttpRequest, provider: str, *, inbound: bool) -> HttpResponse:
    if request.method == "GET" and provider in ASK_FIRST:
        return answer("")
    if request.method != "POST":
        return answer("", status=405)
    try:
        take_in_mail(name=provider, inbound=inbound, request=request, now=timezone.now())
    except NoSuchHook as error:
        log.warning("no such hook", provider=provider, reason=str(error))
        return answer("", status=404)
    except LoginWanted:
        refused = answer("", status=401)
        refused.headers["WWW-Authenticate"] = 'Basic realm="hooks"'
        return refused
    except WebhookRefused as error:
        log.warning("a hook was refused", provider=provider, reason=str(error))
        return answer("", status=403)
    return answer("")


def _is_too_long(request: HttpRequest, most: int) -> bool:
    length = request.META.get("CONTENT_LENGTH") or "0"
    return not length.isdigit() or int(length) > most


def answer(words: str, *, status: int = 200) -> HttpResponse:
    return HttpResponse(words, status=status, content_type="text/plain; charset=utf-8")
