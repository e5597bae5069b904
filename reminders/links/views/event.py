"""An invitation to an event: looked at by GET, answered by POST, until it begins (practices.md, P20)."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from reminders.campaigns.models import Event, Guest
from reminders.campaigns.selectors.campaigns import guest_of
from reminders.campaigns.selectors.guests import seats_taken
from reminders.campaigns.services.answering import AnswerRefused, answer_invitation
from reminders.links.doors import Visitor, behind
from reminders.links.forms import InvitationForm
from reminders.links.selectors.keys import event_invited_to
from reminders.messages.invited import event_file, event_values
from reminders.messages.tokens import Door


def context_of(event: Event, visitor: Visitor) -> dict[str, Any]:
    branch = event.campaign.branch or visitor.client.branch
    guest = guest_of(event, visitor.client)
    free = None if event.seats is None else max(0, event.seats - seats_taken(event))
    coming = guest is not None and guest.state == Guest.State.COMING
    waiting = guest is not None and guest.state == Guest.State.WAITING
    own = guest.seats if guest is not None and coming else 0
    return {
        "event": event,
        "facts": event_values(event, visitor.client, branch, visitor.speech),
        "guest": guest,
        "coming": coming,
        "waiting": waiting,
        "declined": guest is not None and not coming and not waiting,
        "with_friend": guest is not None and guest.seats == 2,
        # whether there is room for her, and for a friend beside her
        "has_room": free is None or free + own >= 1,
        "has_room_for_two": free is None or free + own >= 2,
        "is_open": event.cancelled_at is None and visitor.now < event.starts_at,
        "branch": branch,
    }


@require_http_methods(["GET", "HEAD", "POST"])
@behind(Door.EVENT)
def show(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    event = event_invited_to(visitor.key)
    form = InvitationForm(request.POST)
    if request.method == "POST" and form.is_valid():
        try:
            answer_invitation(event=event, client=visitor.client, seats=form.seats, now=visitor.now)
        except AnswerRefused as refusal:
            messages.error(request, str(refusal))
        return redirect("my:event", subject=event.campaign_id)
    return render(request, "links/event.html", context_of(event, visitor))


@require_safe
@behind(Door.EVENT)
def calendar(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """The event for her calendar."""
    event = event_invited_to(visitor.key)
    branch = event.campaign.branch or visitor.client.branch
    content = event_file(event, visitor.client, branch, visitor.speech, now=visitor.now)
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="event.ics"'
    return response
