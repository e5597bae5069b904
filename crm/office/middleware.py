"""The clock of the office: times are typed and shown by the zone of the owner's branch."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from crm.team.selectors import desk_branch, zone


class OfficeClockMiddleware:
    """Only for /admin/: the desk shows each branch by its own clock anyway."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path.startswith("/admin/") or not request.user.is_authenticated:
            return self.get_response(request)
        branch = desk_branch(request.user)
        with timezone.override(zone(branch) if branch else None):
            return self.get_response(request)
