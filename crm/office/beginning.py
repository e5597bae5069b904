"""A step of the first hour: the salon's standard and its touchpoints, from ready-made lists (practices.md, P5 and P42)."""

from collections.abc import Iterable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from crm.care.models import Standard, Touchpoint
from crm.care.ready import EVERY_VISIT, NAMES, SETS, TOUCHPOINTS, set_for
from crm.care.services import (
    StandardRefused,
    begin_standard,
    standards_to_take_back,
    take_back_standard,
    take_ready_touchpoints,
)
from crm.catalogue.models import Service
from crm.office.access import owner_page
from crm.team.models import Branch, Language

TRADES = [(name, words) for name, words in NAMES if name != EVERY_VISIT]


@require_http_methods(["GET", "HEAD", "POST"])
@owner_page
def standards_begin(request: HttpRequest) -> HttpResponse:
    """What the salon keeps on every visit and for which service; what is there already stays, and can be gone on with."""
    branches = list(Branch.objects.filter(is_active=True).order_by("name"))
    known = {(each.branch_id, each.service_id): each for each in Standard.objects.select_related("service", "branch")}
    services = list(
        Service.objects.filter(branch__in=branches, is_active=True, redo_of__isnull=True).order_by("name", "pk")
    )
    if request.method == "POST":
        taken = _take(request, branches, services)
        lines = take_ready_touchpoints() if "touchpoints" in request.POST else 0
        if taken or lines:
            words = ngettext("%(count)d checklist holds from now on.", "%(count)d checklists hold from now on.", taken)
            messages.success(request, words % {"count": taken} if taken else _("The touchpoints are there."))
        else:
            messages.warning(request, _("Nothing was ticked."))
        return redirect("office:standards_begin")
    undoable = standards_to_take_back()
    context = {
        "branches": [
            {
                "branch": branch,
                "every": (branch.pk, None) not in known,
                "services": [
                    # what is done once has no list of its own, unless the owner says so
                    {"service": service, "set": "" if service.is_one_off else set_for(service.name)}
                    for service in services
                    if service.branch_id == branch.pk and (branch.pk, service.pk) not in known
                ],
                "known": [
                    {"standard": each, "may_undo": each.pk in undoable}
                    for (key, _service), each in known.items()
                    if key == branch.pk
                ],
            }
            for branch in branches
        ],
        "trades": TRADES,
        "sets": [{"name": words, "steps": _in_words(step.words for step in SETS[name].steps)} for name, words in NAMES],
        "touchpoints": [] if Touchpoint.objects.exists() else _in_words(TOUCHPOINTS),
        "several": len(branches) > 1,
    }
    return render(request, "office/standards_begin.html", context)


def _take(request: HttpRequest, branches: Iterable[Branch], services: Iterable[Service]) -> int:
    """Publishes what was ticked and chosen; gives how many. What came in between stays as it is."""
    chosen: list[tuple[str, Branch, Service | None]] = [
        (EVERY_VISIT, branch, None) for branch in branches if f"every-{branch.pk}" in request.POST
    ]
    trades = dict(TRADES)
    for service in services:
        name = request.POST.get(f"service-{service.pk}", "")
        if name in trades:
            chosen.append((name, service.branch, service))
    now = timezone.now()
    return sum(
        begin_standard(name=name, branch=branch, service=service, now=now, user=request.user) is not None
        for name, branch, service in chosen
    )


def _in_words(rows: Iterable[tuple[str, ...]]) -> list[str]:
    """In the owner's language."""
    place = Language.values.index(get_language() or "en")
    return [row[place] for row in rows]


@require_POST
@owner_page
def standard_undo(request: HttpRequest, standard_id: int) -> HttpResponse:
    """Taken by a slip: as long as no visit has run on it."""
    try:
        take_back_standard(standard=get_object_or_404(Standard, pk=standard_id))
    except StandardRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Taken back."))
    return redirect("office:standards_begin")
