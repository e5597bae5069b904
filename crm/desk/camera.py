"""The camera is shut on every page but those that read codes (config/permissions.py)."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse

CAMERA_HERE = "camera=(self), microphone=(), geolocation=()"


def with_camera(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """For a page on which the phone's camera may read a code."""

    @wraps(view)
    def page(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response.headers["Permissions-Policy"] = CAMERA_HERE
        return response

    return page
