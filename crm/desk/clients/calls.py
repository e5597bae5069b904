"""The calls to one client, and when she answers (practices.md, P15)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from crm.care.models import Call
from crm.desk.access import desk_page, visible_client
from crm.desk.calls.reaching import best_hours
from crm.desk.words import with_words
from crm.team.selectors import branches_of
from reminders.consent.selectors import permission_of

ON_CARD, ALL = 5, 100


@require_safe
@desk_page
def client_calls(request: HttpRequest, client_id: int) -> HttpResponse:
    """The last few on her card, or all of them on a page; only those of branches that this person may see."""
    client = visible_client(client_id)
    calls = Call.objects.filter(client=client, branch__in=branches_of(request.user)).select_related("done_by")
    context = {
        "nav": "clients",
        "client": client,
        "calls": with_words(calls.order_by("-due_at", "-pk")[: ON_CARD if request.htmx else ALL]),
        "best": best_hours([client.pk], now=timezone.now()).get(client.pk),
        "is_wrong_number": permission_of(client).call_dead_at is not None,
    }
    return render(request, "desk/clients/_calls.html" if request.htmx else "desk/clients/calls.html", context)
