"""The language of the person who looks, the clock of the branch, and the salon's settings read once."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.locale import LocaleMiddleware
from django.utils import timezone, translation

from crm.desk.access import branch_of
from crm.team.selectors import hold_salon_settings, salon_settings, zone


class LanguageMiddleware(LocaleMiddleware):
    """Before login: the language chosen by hand (cookie), else the browser's, else the salon's."""


class PersonMiddleware:
    """After login: the language of the person and the clock of her branch.

    Nobody's screen changes with a browser's setting. `request.desk_branch` is the branch at hand, or None.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        hold_salon_settings(None)
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
        if request.user.is_authenticated and chosen not in dict(settings.LANGUAGES):
            translation.activate(request.user.language)
            request.LANGUAGE_CODE = request.user.language
        branch = branch_of(request) if request.user.is_authenticated else None
        request.desk_branch = branch
        if branch is not None:
            timezone.activate(zone(branch))
            # the services of a page ask for it again and again
            hold_salon_settings(salon_settings())
        try:
            return self.get_response(request)
        finally:
            timezone.deactivate()
            hold_salon_settings(None)
