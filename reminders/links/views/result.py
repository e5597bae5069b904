"""Her result card, to show at home (practices.md, P8)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from reminders.links.doors import Visitor, behind
from reminders.links.results import result_facts
from reminders.links.selectors import result_card_of
from reminders.messages.tokens import Door


@require_safe
@behind(Door.RESULT)
def show(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    card = result_card_of(visitor.key)
    facts = result_facts(card, visitor.speech, now=visitor.now)
    return render(request, "links/result.html", {"facts": facts, "branch": card.branch})
