"""What clients said, put at the touchpoint that it belongs to (practices.md, P14 and P42)."""

from datetime import timedelta

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from crm.care.models import Feedback, Touchpoint
from crm.care.selectors import feedback_by_point, touchpoints_to_choose
from crm.care.services import put_feedback
from crm.desk.access import desk_page, is_front_desk
from crm.team.selectors import branches_of

DAYS = 90
SHOWN = 30


@require_http_methods(["GET", "POST"])
@desk_page
def feedback(request: HttpRequest) -> HttpResponse:
    """Scores and words of the last 90 days: not put anywhere yet, or `?placed=1`; the reception's and the owner's."""
    if not is_front_desk(request.user):
        raise PermissionDenied
    placed = request.GET.get("placed") == "1"
    if request.method == "POST":
        _put(request)
        return redirect(f"{reverse('desk:feedback')}{'?placed=1' if placed else ''}")
    since = timezone.localdate() - timedelta(days=DAYS)
    context = {
        "nav": "today",
        "placed": placed,
        "answers": list(feedback_by_point(request.branch, since=since, placed=placed)[:SHOWN]),
        "points": list(touchpoints_to_choose()),
        "tabs": [
            {"label": _("To look at"), "url": "?", "current": not placed},
            {"label": _("Put where it belongs"), "url": "?placed=1", "current": placed},
        ],
    }
    return render(request, "desk/feedback/page.html", context)


def _put(request: HttpRequest) -> None:
    """One answer at one point, or at none again."""
    if "feedback" not in request.POST:
        return
    said = get_object_or_404(Feedback, pk=_key(request, "feedback"), branch__in=branches_of(request.user))
    point = get_object_or_404(Touchpoint, pk=_key(request, "point")) if request.POST.get("point") else None
    if put_feedback(feedback=said, touchpoint=point, now=timezone.now(), user=request.user):
        messages.success(request, _("It counts there now.") if point else _("It counts nowhere now."))


def _key(request: HttpRequest, name: str) -> int:
    typed = request.POST.get(name, "")
    return int(typed) if typed.isdecimal() and len(typed) < 19 else 0
