"""Our standards and their lessons, and the month's question (practices.md, P55)."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crm.care.models import StandardVersion, TeamScore
from crm.care.selectors import lessons_of, score_of, unread_lessons
from crm.care.services import NoSuchScore, read_lesson, score_month
from crm.desk.access import desk_page, own_master
from crm.people.pictures import shown
from crm.reports.selectors.standards import standards_report
from crm.reports.selectors.standing import On
from crm.team.selectors import branches_of
from crm.team.wording import percent_words

# she looks at herself over so many days
OWN_DAYS = 30


@require_safe
@desk_page
def lessons(request: HttpRequest) -> HttpResponse:
    """What the salon stands for, each standard with its lesson; those that she has not read first say so."""
    unread = {version.pk for version in unread_lessons(request.user, request.branch)}
    rows = [{"lesson": each, "is_new": each.version.pk in unread} for each in lessons_of(request.branch)]
    context = {"nav": "today", "rows": rows, "own": own_figures(request), "days": OWN_DAYS}
    return render(request, "desk/standards/lessons.html", context)


def own_figures(request: HttpRequest) -> dict[str, Any] | None:
    """How she kept it herself (practices.md, P43): a master sees her own row, and nobody else's."""
    master = own_master(request.user)
    if master is None:
        return None
    on = On.of(None, timezone.now())
    period = on.today - timedelta(days=OWN_DAYS - 1), on.today + timedelta(days=1)
    own = standards_report(on, *period, master=master)
    if own["answered"] is None:
        return None
    return own | {"percent": percent_words(round(own["answered"] * 100), get_language() or "en")}


@require_safe
@desk_page
def lesson(request: HttpRequest, version_id: int) -> HttpResponse:
    """The lesson of a version and its steps; what is new in it says so."""
    version = _visible(request, version_id)
    steps = list(version.steps.order_by("position"))
    before = StandardVersion.objects.filter(standard=version.standard_id, number__lt=version.number)
    known = set(before.order_by("-number").first().steps.values_list("key", flat=True)) if before.exists() else None
    context = {
        "nav": "today",
        "version": version,
        "steps": [{"step": step, "is_new": known is not None and step.key not in known} for step in steps],
        "to_read": version in unread_lessons(request.user, request.branch),
    }
    return render(request, "desk/standards/lesson.html", context)


@require_POST
@desk_page
def lesson_read(request: HttpRequest, version_id: int) -> HttpResponse:
    """She has read it."""
    version = _visible(request, version_id)
    read_lesson(version=version, user=request.user, now=timezone.now())
    if following := unread_lessons(request.user, request.branch):
        messages.success(request, _("Read. Here is the next one."))
        return redirect("desk:lesson", version_id=following[0].pk)
    messages.success(request, _("Read. Thank you."))
    return redirect("desk:today")


@require_safe
@desk_page
def lesson_picture(request: HttpRequest, version_id: int) -> FileResponse:
    """The picture of a lesson, for the team of its branch."""
    version = _visible(request, version_id)
    if not version.picture:
        raise Http404
    try:
        return shown(version.picture)
    except FileNotFoundError as lost:
        raise Http404 from lost


@require_http_methods(["GET", "POST"])
@desk_page
def team_score(request: HttpRequest) -> HttpResponse:
    """How is it to work here, from 0 to 10: one tap on Today, then a word if she likes. The owner reads it by name."""
    now = timezone.now()
    today = timezone.localdate(now)
    if request.method == "POST":
        if "rather_not" in request.POST:
            score_month(user=request.user, branch=request.branch, score=None, now=now, words="")
            messages.success(request, _("As you like. You are asked again next month."))
            return redirect("desk:today")
        given, said = request.POST.get("score", ""), score_of(request.user, today)
        score = int(given) if given.isdecimal() and len(given) <= 2 else said.score if said else None
        words = request.POST.get("words")
        try:
            if score is None:
                raise NoSuchScore
            score_month(
                user=request.user,
                branch=request.branch,
                score=score,
                now=now,
                words=words[: TeamScore._meta.get_field("words").max_length] if words is not None else None,
            )
        except NoSuchScore as refusal:
            messages.error(request, str(refusal))
        else:
            if words is not None:
                messages.success(request, _("Thank you. The owner reads it."))
                return redirect("desk:today")
        return redirect("desk:team_score")
    return render(request, "desk/standards/score.html", {"nav": "today", "said": score_of(request.user, today)})


def _visible(request: HttpRequest, version_id: int) -> StandardVersion:
    return get_object_or_404(
        StandardVersion.objects.select_related("standard__service"),
        pk=version_id,
        standard__branch__in=branches_of(request.user),
    )
