"""What every page may show: the salon and the branch."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from crm.team.selectors import hold_salon_settings, salon_settings


def salon(request: HttpRequest) -> dict[str, Any]:
    """`salon` is the settings row (name, logo, accent); `demo` says whether this is the made-up salon; `inbox_count` who waits in the inbox."""
    row = salon_settings()
    hold_salon_settings(row)
    branch = getattr(request, "desk_branch", None)
    return {"salon": row, "demo": settings.DEMO, "inbox_count": getattr(branch, "inbox_waiting", 0)}
