"""What a stranger has chosen and typed so far on the booking page, in a signed cookie of that page only.

Nothing of it is written down in the salon before her number or address is shown to be hers. Whose link she followed
is kept beside it, for longer: she may think about it for some days.
"""

from dataclasses import asdict, dataclass, fields
from typing import Any, Self

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

COOKIE = "booking"
PATH = "/book/"
SECONDS = 60 * 60
# whose link brought her here
FRIEND_COOKIE = "brought_by"
FRIEND_SECONDS = 30 * 24 * 60 * 60
SALT = "reminders.links.drafts"


@dataclass(frozen=True, slots=True)
class Draft:
    """Branch, services (their keys), the slot's code or what she waits for; who she is, how she is reached, the code's key."""

    branch: int
    services: tuple[int, ...]
    slot: str
    name: str
    channel: str
    address: str
    wants_offers: bool
    key: str
    # the master she asked for; empty where anyone will do
    with_whom: str = ""
    # the fields of WishForm as an address keeps them, where she waits for a time instead of taking one
    wish: str = ""
    # a coupon's code, as typed
    coupon: str = ""

    @classmethod
    def of(cls, request: HttpRequest) -> Self | None:
        """What the browser brings; none where it is nothing of ours, or too old."""
        try:
            kept: dict[str, Any] = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=SECONDS)
        except signing.BadSignature:
            return None
        if kept.keys() != {field.name for field in fields(cls)}:
            return None
        return cls(**{**kept, "services": tuple(kept["services"])})

    def keep(self, response: HttpResponse) -> HttpResponse:
        response.set_cookie(
            COOKIE,
            signing.dumps(asdict(self), salt=SALT, compress=True),
            max_age=SECONDS,
            path=PATH,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
        return response


def keep_friend(response: HttpResponse, code: str) -> HttpResponse:
    """She came by this friend's link: remembered for the booking page, and told to nobody else."""
    response.set_cookie(
        FRIEND_COOKIE,
        code,
        max_age=FRIEND_SECONDS,
        path=PATH,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response


def friend_code(request: HttpRequest) -> str:
    """The code of the link that brought her; empty without one."""
    return request.COOKIES.get(FRIEND_COOKIE, "")


def forget(response: HttpResponse) -> HttpResponse:
    response.delete_cookie(COOKIE, path=PATH)
    response.delete_cookie(FRIEND_COOKIE, path=PATH)
    return response
