"""Who gets into the owner's own pages, and into those that the reception shares."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from crm.team.models import User

View = Callable[..., HttpResponse]


def owner_page(view: View) -> View:
    """For owners only; others of the team are refused, strangers asked to log in."""

    @wraps(view)
    def page(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        if request.user.role != User.Role.OWNER:
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return page


def front_desk_page(view: View) -> View:
    """For whoever looks after a branch: the reception and the owner; masters are refused, strangers asked to log in."""

    @wraps(view)
    def page(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        if request.user.role not in (User.Role.OWNER, User.Role.RECEPTIONIST):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return page
