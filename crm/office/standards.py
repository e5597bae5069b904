"""The owner's pages of the standard and of the team: how it is kept, who has read what, how it is to work here."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from crm.care.models import TeamScore
from crm.care.selectors import Lesson, lessons_of
from crm.care.selectors import team_scores as everybodys_scores
from crm.office.access import owner_page
from crm.office.periods import period_of
from crm.reports.selectors.glasses import glasses_report
from crm.reports.selectors.moments import moments_report
from crm.reports.selectors.standards import standards_report
from crm.team.models import Branch, User
from crm.team.wording import comma, isolated, number_words, percent_words

MONTHS = 12


@require_safe
@owner_page
def standards(request: HttpRequest) -> HttpResponse:
    """Steps done of steps due over the last 30, 90 or 365 days, who has not read a lesson, and the moments of care."""
    period = period_of(request, usual=30)
    on, since, until = period.on, period.since, period.until
    report = standards_report(on, since, until)
    context = {
        "tabs": period.tabs,
        "report": shown(report),
        "groups": [
            {"title": _("By master"), "rows": [shown(row) for row in report["by_master"]]},
            {
                "title": _("By step"),
                "rows": [shown(row | {"name": row["step"]}) for row in report["by_step"] if row["due"]],
            },
        ],
        "hurried": [row for row in glasses_report(on, since, until) if row["looks"]],
        "lessons": [
            {"standard": lesson.standard, "version": lesson.version, "words": read_words(lesson)}
            for branch in Branch.objects.filter(is_active=True).order_by("pk")
            for lesson in lessons_of(branch)
        ],
        "moments": moments_report(on, since, until),
    }
    return render(request, "office/standards.html", context)


def shown(row: dict[str, Any]) -> dict[str, Any]:
    """A row with its share as people write it."""
    share = row["share"]
    return {**row, "percent": "" if share is None else percent_words(round(share * 100), get_language() or "en")}


def read_words(lesson: Lesson) -> str:
    """Who has not read it, by name."""
    if not lesson.unread:
        return _("Everybody has read it.")
    return _("Not read yet: %(names)s.") % {"names": names(lesson.unread)}


def names(users: Sequence[User]) -> str:
    """Names in a row, as the language joins them."""
    return comma(get_language() or "en").join(isolated(user) for user in users)


@require_safe
@owner_page
def team_scores(request: HttpRequest) -> HttpResponse:
    """How it is to work here, month by month over a year: the average as a bar, and who said what."""
    today = timezone.localdate()
    since = (today.replace(day=1) - timedelta(days=31 * (MONTHS - 1))).replace(day=1)
    months: dict[date, list[TeamScore]] = defaultdict(list)
    for score in everybodys_scores(since=since):
        months[score.month].append(score)
    return render(request, "office/team_scores.html", {"months": [month_row(*pair) for pair in months.items()]})


def month_row(month: date, said: list[TeamScore]) -> dict[str, Any]:
    """One month: its average, that as a bar of ten, who said what, and who would rather not say."""
    scores = [each.score for each in said if each.score is not None]
    average = round(sum(scores) / len(scores), 1) if scores else None
    return {
        "month": month,
        "average": average,
        "words": "" if average is None else number_words(average, get_language() or "en"),
        "said": [each for each in said if each.score is not None],
        "silent": names([each.user for each in said if each.score is None]),
    }
