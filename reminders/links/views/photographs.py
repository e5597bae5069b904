"""Photographs of the work, as she sees them: looked at, and what she allows of them (practices.md, P54)."""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from crm.care.models import PhotographConsent, WorkPhotograph
from crm.care.selectors import photograph_wishes, photographs_of
from crm.care.services import answer_about_photographs
from crm.people.models import Client
from crm.people.pictures import shown
from crm.team.wording import date_words
from reminders.links.doors import Visitor, behind
from reminders.messages.tokens import Door

# on her own page, of the last visit that was photographed
LATEST = 4
MOST = 120
Purpose = PhotographConsent.Purpose


def texts() -> dict[str, str]:
    """What is asked, purpose by purpose; kept with her answer as evidence."""
    return {
        Purpose.KEPT: _("Photographs of the work are kept for the next visits"),
        Purpose.SHOWN: _("The salon may show them to others, without a name"),
    }


@require_http_methods(["GET", "HEAD", "POST"])
@behind(Door.HOME)
def show(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """All of hers, and what she allows; a no to their being kept removes them."""
    if request.method == "POST":
        purpose, answer = request.POST.get("purpose", ""), request.POST.get("answer")
        if purpose not in Purpose.values or answer not in ("yes", "no"):
            raise Http404
        removed = answer_about_photographs(
            client=visitor.client,
            purpose=purpose,
            is_given=answer == "yes",
            where=PhotographConsent.Where.LINK,
            now=visitor.now,
            text_shown=texts()[Purpose(purpose)],
        )
        messages.success(request, _("The photographs are gone for good.") if removed else _("It is noted. Thank you."))
        return redirect("my:photographs")
    wishes = photograph_wishes(visitor.client)
    context = {
        "photographs": shown_rows(photographs_of(visitor.client)[:MOST], visitor),
        "wishes": wishes,
        "rows": [
            {"purpose": Purpose.KEPT.value, "text": texts()[Purpose.KEPT], "is_on": wishes.may_keep},
            {"purpose": Purpose.SHOWN.value, "text": texts()[Purpose.SHOWN], "is_on": wishes.may_show},
        ],
        "branch": visitor.client.branch,
    }
    return render(request, "links/photographs.html", context)


def shown_rows(photographs: Iterable[WorkPhotograph], visitor: Visitor) -> list[dict[str, Any]]:
    """Each with its day in her language."""
    return [
        {"pk": each.pk, "day": date_words(each.on, visitor.language), "moment": each.get_moment_display()}
        for each in photographs
    ]


def of_last_visit(client: Client) -> list[WorkPhotograph]:
    """Photographs of the last visit that was photographed; a few of them."""
    found = list(photographs_of(client)[:LATEST])
    return [each for each in found if each.on == found[0].on]


@require_safe
@behind(Door.HOME, "photograph_id")
def photograph(request: HttpRequest, visitor: Visitor, photograph_id: int) -> HttpResponse:
    return picture_or_404(photographs_of(visitor.client), photograph_id, is_small=False)


@require_safe
@behind(Door.HOME, "photograph_id")
def small(request: HttpRequest, visitor: Visitor, photograph_id: int) -> HttpResponse:
    return picture_or_404(photographs_of(visitor.client), photograph_id, is_small=True)


def picture_or_404(photographs: QuerySet[WorkPhotograph], photograph_id: int, *, is_small: bool) -> HttpResponse:
    """The picture of one of these. Raises Http404 where it is none of them, or lost."""
    found = photographs.filter(pk=photograph_id).first()
    if found is None:
        raise Http404
    try:
        return shown(found.small if is_small else found.image)
    except FileNotFoundError as error:
        raise Http404 from error
