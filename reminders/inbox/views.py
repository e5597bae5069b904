"""The front door of providers. Not for people: no session, no cookie, no language."""

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from reminders.inbox.hooks import NobodyThere, take_in
from reminders.transports.services import Call, WebhookRefused

log = structlog.get_logger(__name__)

# a hundred reports are some 60 kB
LONGEST = 500_000


@never_cache
@csrf_exempt
@require_http_methods(["GET", "POST"])
def hook(request: HttpRequest, provider: str) -> HttpResponse:
    """A delivery report or a reply. Whoever cannot show that it is the provider is sent away without a reason."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdigit() or int(length) > LONGEST:
        return answer("", status=413)
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


def answer(words: str, *, status: int = 200) -> HttpResponse:
    return HttpResponse(words, status=status, content_type="text/plain; charset=utf-8")
