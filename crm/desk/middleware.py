"""The language of the person who looks, and the salon's settings read once."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.locale import LocaleMiddleware
from django.utils import translation

from crm.team.selectors import hold_salon_settings


class LanguageMiddleware(LocaleMiddleware):
    """Before login: the language chosen by hand (cookie), else the browser's, else the salon's."""


class PersonMiddleware:
    """After login: the language of the person; nobody's screen changes with a browser's setting."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        hold_salon_settings(None)
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
        if request.user.is_authenticated and chosen not in dict(settings.LANGUAGES):
            translation.activate(request.user.language)
            request.LANGUAGE_CODE = request.user.language
        try:
            return self.get_response(request)
        finally:
            hold_salon_settings(None)
