"""What every page may show: the salon and the branch."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from crm.team.models import Branch
from crm.team.selectors import hold_salon_settings, salon_settings
from reminders.inbox.selectors import with_waiting


def salon(request: HttpRequest) -> dict[str, Any]:
    """`salon` is the settings row (name, logo, accent); `demo` says whether this is the made-up salon; `inbox_count` who waits in the inbox."""
    row = salon_settings()
    hold_salon_settings(row)
    return {"salon": row, "demo": settings.DEMO, "inbox_count": lambda: _inbox_count(request)}


def _inbox_count(request: HttpRequest) -> int:
    """Came with the branch where a page was asked for; counted where a refused form is shown again."""
    branch = getattr(request, "desk_branch", None)
    if branch is None:
        return 0
    if not hasattr(branch, "inbox_waiting"):
        counted = with_waiting(Branch.objects.filter(pk=branch.pk), request.user)
        branch.inbox_waiting = counted.values_list("inbox_waiting", flat=True).get()
    return branch.inbox_waiting
