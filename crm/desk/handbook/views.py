"""The handbook: found as one types, and whether the answer worked (practices.md, P4)."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from crm.care.models import HandbookUse
from crm.care.selectors import counted_entry
from crm.care.selectors import handbook as handbook_entries
from crm.care.services import forget_use, note_use
from crm.desk.access import desk_page, is_front_desk, visible_appointment, way_back

SHOWN = 30


@require_safe
@desk_page
def handbook(request: HttpRequest) -> HttpResponse:
    """What she says, and what to answer: by a word in any language, with slips. `?visit=` is the one at hand."""
    query = request.GET.get("q", "").strip()[:100]
    visit = request.GET.get("visit", "")
    context = {
        "nav": "today",
        "query": query,
        "visit": int(visit) if visit.isdecimal() and len(visit) < 19 else None,
        "entries": handbook_entries(query)[:SHOWN],
    }
    return render(request, "desk/handbook/_found.html" if request.htmx else "desk/handbook/page.html", context)


@require_POST
@desk_page
def handbook_used(request: HttpRequest, handbook_id: int) -> HttpResponse:
    """It worked, or it did not: one tap."""
    entry = counted_entry(handbook_id)
    if entry is None:
        raise Http404
    number = request.POST.get("visit", "")
    visit = visible_appointment(request, int(number)) if number.isdecimal() and len(number) < 19 else None
    worked = request.POST.get("worked") == "yes"
    use = note_use(entry=entry, worked=worked, now=timezone.now(), user=request.user, appointment=visit)
    back = reverse("desk:handbook") + (f"?{urlencode({'visit': visit.pk})}" if visit else "")
    undo = f"{reverse('desk:handbook_undo', args=[use.pk])}?{urlencode({'next': back})}"
    words = _("Good. It stands higher now.") if worked else _("Noted. What works better stands higher.")
    messages.success(request, words, extra_tags=undo)
    return redirect(way_back(request, back))


@require_POST
@desk_page
def handbook_undo(request: HttpRequest, use_id: int) -> HttpResponse:
    """It was a slip of her own."""
    use = get_object_or_404(HandbookUse, pk=use_id)
    if use.user_id == request.user.pk or is_front_desk(request.user):
        forget_use(use=use)
        messages.success(request, _("As it was before."))
    else:
        messages.error(request, _("A colleague wrote it down: she takes it back herself."))
    return redirect(way_back(request, reverse("desk:handbook")))
