"""What a letter asks for, done by one tap; and who an unknown sender is."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from crm.booking.models import Appointment, AppointmentEvent
from crm.booking.services import BookingRefused, cancel_appointment
from crm.care.services import ComplaintRefused
from crm.desk.access import desk_page, visible_appointment, visible_client
from crm.desk.clients.finding import found_or_lately
from crm.desk.inbox.forms import StrangerForm
from crm.desk.inbox.views import visible_conversation
from crm.team.selectors import branches_of
from reminders.consent.models import Channel
from reminders.inbox.models import Letter
from reminders.inbox.services import KnownAlready, is_no_complaint, stop_for_her, tie, write_down
from reminders.journeys.services.doorbell import ring


def visible_letter(request: HttpRequest, letter_id: int) -> Letter:
    """A letter of a conversation that this person may see; 404 else."""
    return get_object_or_404(
        Letter.objects.select_related("conversation__client", "appointment"),
        Q(conversation__branch__in=branches_of(request.user)) | Q(conversation__branch__isnull=True),
        pk=letter_id,
    )


@require_POST
@desk_page
def letter_cancel(request: HttpRequest, letter_id: int) -> HttpResponse:
    """She asked to cancel: one tap, with undo while its message waits."""
    letter = visible_letter(request, letter_id)
    here = reverse("desk:conversation", args=[letter.conversation_id])
    if letter.appointment_id is None:
        messages.error(request, _("There is no appointment to cancel."))
        return redirect(here)
    appointment = visible_appointment(request, letter.appointment_id)
    try:
        event = cancel_appointment(
            appointment=appointment,
            now=timezone.now(),
            by=Appointment.By.CLIENT,
            via=AppointmentEvent.Via.DESK,
            user=request.user,
            reason=_("She wrote to us."),
        )
    except BookingRefused as refusal:
        messages.error(request, str(refusal))
    else:
        ring()
        undo = f"{reverse('desk:undo', args=[event.pk])}?next={here}" if event.held_until else ""
        messages.success(request, _("Cancelled. Her time is free again."), extra_tags=undo)
    return redirect(here)


@require_POST
@desk_page
def letter_stop(request: HttpRequest, letter_id: int) -> HttpResponse:
    """A person has read that she wants no more messages by this channel."""
    letter = visible_letter(request, letter_id)
    client = letter.conversation.client
    if client is None:
        return redirect("desk:conversation_who", conversation_id=letter.conversation_id)
    stop_for_her(letter=letter, client=client, now=timezone.now(), user=request.user)
    words = (
        _("No more care and offers by SMS. What concerns appointments still reaches her.")
        if letter.channel == Channel.SMS
        else _("No more care and offers by e-mail. What concerns appointments still reaches her.")
    )
    messages.success(request, words)
    return redirect("desk:conversation", conversation_id=letter.conversation_id)


@require_POST
@desk_page
def letter_no_complaint(request: HttpRequest, letter_id: int) -> HttpResponse:
    """Her words were heard as a complaint and are none."""
    letter = visible_letter(request, letter_id)
    try:
        is_no_complaint(letter=letter)
    except ComplaintRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("No complaint, then. Nothing rests."))
    return redirect("desk:conversation", conversation_id=letter.conversation_id)


@require_http_methods(["GET", "POST"])
@desk_page
def conversation_who(request: HttpRequest, conversation_id: int) -> HttpResponse:
    """Who an unknown sender is: a client found by name or number, or somebody new."""
    conversation = visible_conversation(request, conversation_id)
    if conversation.client_id is not None:
        return redirect("desk:conversation", conversation_id=conversation.pk)
    form = StrangerForm(request.POST if "name" in request.POST else None)
    chosen = request.POST.get("client") or request.GET.get("client") or ""
    client = visible_client(int(chosen)) if chosen.isdecimal() and len(chosen) < 19 else None
    error = ""
    if request.method == "POST":
        try:
            if client is not None:
                hers = tie(
                    conversation=conversation,
                    client=client,
                    now=timezone.now(),
                    is_hers_now=request.POST.get("hers_now") == "on",
                )
            elif form.is_valid():
                hers = write_down(
                    conversation=conversation,
                    branch=request.branch,
                    name=form.cleaned_data["name"],
                    now=timezone.now(),
                )
            else:
                hers = None
        except KnownAlready:
            return redirect("desk:inbox")
        except ValidationError as refusal:
            error = " ".join(refusal.messages)
            hers = None
        if hers is not None:
            ring()
            messages.success(request, _("Kept."))
            return redirect("desk:conversation", conversation_id=hers.pk)
    query = request.GET.get("q", "").strip()
    address = (client.phone if conversation.channel == Channel.SMS else client.email) if client else ""
    context = {
        "nav": "inbox",
        "conversation": conversation,
        "form": form,
        "error": error,
        "chosen": client,
        "her_address": address if address != conversation.sender else "",
        "query": query,
        "found": found_or_lately(request.branch, query),
        "search_url": request.path,
        "no_new": True,
    }
    template = "desk/booking/_found.html" if request.htmx else "desk/inbox/who.html"
    return render(request, template, context, status=422 if form.errors or error else 200)
