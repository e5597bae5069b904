"""Her result card, to show at home (practices.md, P8)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from crm.care.selectors import photographs_of_day
from reminders.links.doors import Visitor, behind, cookie_name
from reminders.links.results import result_facts
from reminders.links.selectors.keys import result_card_of
from reminders.links.views.photographs import picture_or_404
from reminders.messages.tokens import Door, LinkRefused, read_token


@require_safe
@behind(Door.RESULT)
def show(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    card = result_card_of(visitor.key)
    facts = result_facts(
        card,
        visitor.speech,
        now=visitor.now,
        picture_url=lambda photograph: reverse("my:result_photograph", args=[card.pk, photograph.pk]),
    )
    context = {"facts": facts, "branch": card.branch, "is_at_home": is_at_home(request, visitor)}
    return render(request, "links/result.html", context)


@require_safe
@behind(Door.RESULT, "photograph_id")
def photograph(request: HttpRequest, visitor: Visitor, photograph_id: int) -> HttpResponse:
    """A photograph of that visit."""
    card = result_card_of(visitor.key)
    return picture_or_404(photographs_of_day(card.client, card.branch, card.visit_on), photograph_id, is_small=False)


def is_at_home(request: HttpRequest, visitor: Visitor) -> bool:
    """Whether this browser holds the key to her own page too: a card is shown to friends, and leads nobody there."""
    token = request.COOKIES.get(cookie_name(Door.HOME), "")
    try:
        return read_token(token, today=visitor.now.date(), door=Door.HOME).client_id == visitor.client.pk
    except LinkRefused:
        return False
