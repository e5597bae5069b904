"""What is too large to be looked at is refused before it is read: anybody may send a photograph (trust.md, Security)."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

# a photograph of 15 MB and the words beside it
MOST = 20 * 1024 * 1024
# where no login is asked for
OPEN_TO_ALL = ("/complain/", "/my/", "/book/", "/partner/")


class UploadLimitMiddleware:
    """Stands before whatever reads the body. A request that does not say how long it is has no body for Django."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if request.path.startswith(OPEN_TO_ALL) and (not length.isdecimal() or int(length) > MOST):
            return render(request, "413.html", status=413)
        return self.get_response(request)
