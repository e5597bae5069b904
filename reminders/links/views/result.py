"""Her result card, to show at home (practices.md, P8)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from reminders.links.doors import Visitor, behind, cookie_name
from reminders.links.results import result_facts
from reminders.links.selectors.keys import result_card_of
from reminders.messages.tokens import Door, LinkRefused, read_token


@require_safe
@behind(Door.RESULT)
def show(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    card = result_card_of(visitor.key)
    facts = result_facts(card, visitor.speech, now=visitor.now)
    context = {"facts": facts, "branch": card.branch, "is_at_home": is_at_home(request, visitor)}
    return render(request, "links/result.html", context)


def is_at_home(request: HttpRequest, visitor: Visitor) -> bool:
    """Whether this browser holds the key to her own page too: a card is shown to friends, and leads nobody there."""
    token = request.COOKIES.get(cookie_name(Door.HOME), "")
    try:
        return read_token(token, today=visitor.now.date(), door=Door.HOME).client_id == visitor.client.pk
    except LinkRefused:
        return False
