"""Her order: where it stands, what she was promised, and whom to ask (practices.md, P35)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from crm.orders.models import Order, OrderEvent
from crm.team.wording import day_words
from reminders.links.doors import Visitor, behind
from reminders.links.selectors.keys import order_of
from reminders.messages.shopped import product_words
from reminders.messages.tokens import Door


@require_safe
@behind(Door.ORDER)
def show(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    order = order_of(visitor.key)
    told = [
        event
        for event in order.events.filter(undone_at__isnull=True).order_by("at", "pk")
        # what may still be taken back at the desk is not hers to know yet
        if event.held_until is None or event.held_until <= visitor.now
    ]
    reached = [event.kind for event in told if event.kind in Order.Stage.values]
    stage = Order.Stage(reached[-1] if reached else order.stage)
    slip = next((event for event in reversed(told) if event.kind == OrderEvent.Kind.LATE), None)
    promised_on = slip.promised_after if slip is not None else order.first_promised_on
    at = Order.WAY.index(stage) if stage in Order.WAY else -1
    context = {
        "order": order,
        "what": product_words(order),
        "way": [
            {"stage": each.value, "label": each.label, "is_done": place <= at, "is_now": place == at}
            for place, each in enumerate(Order.WAY)
        ],
        "is_off": stage == Order.Stage.CALLED_OFF,
        "is_here": stage == Order.Stage.ARRIVED,
        "promised": day_words(promised_on, visitor.language) if stage in Order.COMING and promised_on else "",
        "reason": slip.reason if slip is not None and stage in Order.COMING else "",
        "branch": order.branch,
    }
    return render(request, "links/order.html", context)
