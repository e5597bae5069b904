"""The waiting list at the desk: who waits, put her on or off, offer a time, take her answer (practices.md, P48)."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crm.booking.local_time import NoSuchTime, typed_instant
from crm.booking.models import Appointment, WaitingEntry, WaitingOffer
from crm.booking.services import BookingRefused, Slot, SlotTaken
from crm.booking.services.offering import slots_for
from crm.booking.services.waiting import (
    WaitsAlready,
    accept_offer,
    decline_offer,
    wait_again,
    wait_for,
    withdraw_waiting,
)
from crm.desk.access import desk_page, visible_appointment, visible_client, way_back
from crm.desk.booking.slots import a_few_each_day, picked_slot, slot_choices
from crm.desk.clients.finding import ask_who
from crm.desk.waiting.forms import WaitingForm, usual_days
from crm.desk.waiting.listing import waiting_list, with_words
from crm.desk.words import day_words, hour_words
from crm.team.selectors import branches_of, masters_of, zone
from crm.team.wording import isolated
from reminders.journeys.services.doorbell import ring
from reminders.journeys.services.freed import offer_now

# free times shown for an offer by hand
DAYS_SHOWN = 7


@require_safe
@desk_page
def waiting(request: HttpRequest) -> HttpResponse:
    """Who is thinking about a time, who waits, and how the last offers ended."""
    context = {"nav": "calendar", "list": waiting_list(request.branch, timezone.now())}
    return render(request, "desk/waiting/list.html", context)


@require_http_methods(["GET", "POST"])
@desk_page
def waiting_new(request: HttpRequest) -> HttpResponse:
    """Puts `?client=` on the list; with `?visit=` she has a time and would come earlier."""
    given = request.POST or request.GET
    if not given.get("client", "").isdecimal():
        return ask_who(request, heading=_("Who waits?"), nav="calendar")
    client = visible_client(int(given["client"]))
    visit = None
    if given.get("visit", "").isdecimal():
        visit = visible_appointment(request, int(given["visit"]))
        client = visit.client
    masters = list(masters_of(request.branch))
    form = WaitingForm(
        request.POST or None,
        branch=request.branch,
        masters=masters,
        is_moving=visit is not None,
        initial=_initial(request, visit),
    )
    if request.method == "POST" and form.is_valid():
        wanted = form.cleaned_data
        try:
            wait_for(
                client=client,
                branch=visit.branch if visit else request.branch,
                services=[] if visit else form.services(),
                master=next((each for each in masters if each.pk == wanted["master"]), None),
                from_day=wanted["from_day"],
                to_day=wanted["to_day"],
                from_time=wanted["from_time"],
                to_time=wanted["to_time"],
                weekdays=wanted["weekdays"],
                note=wanted["note"],
                instead_of=visit,
                now=timezone.now(),
                user=request.user,
            )
        except WaitsAlready as refusal:
            messages.info(request, str(refusal))
            return redirect("desk:waiting_entry", entry_id=refusal.entry.pk)
        except BookingRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("%(name)s is on the waiting list.") % {"name": isolated(client.shown_name)})
            return redirect("desk:waiting")
    context = {"nav": "calendar", "client": client, "visit": visit, "form": form}
    return render(request, "desk/waiting/new.html", context, status=422 if form.errors else 200)


def _initial(request: HttpRequest, visit: Appointment | None) -> dict[str, Any]:
    """The two weeks from the day that was looked at, or up to the day before the time she has."""
    initial = usual_days(request.GET.get("day", "")) | {
        name: request.GET[name] for name in ("service", "also", "master") if request.GET.get(name, "").isdecimal()
    }
    if visit is not None:
        initial["master"] = visit.master_id
        initial["to_day"] = max(initial["from_day"], visit.on - timedelta(days=1))
    return initial


@require_http_methods(["GET", "POST"])
@desk_page
def waiting_entry(request: HttpRequest, entry_id: int) -> HttpResponse:
    """What she waits for, what was offered to her, and a free time to offer by hand."""
    entry = _visible(request, entry_id)
    now = timezone.now()
    slots: list[Slot] = []
    refusal_words = ""
    if request.method == "POST":
        picked = picked_slot(request.POST.get("slot", ""), masters_of(entry.branch))
        try:
            if picked is None:
                raise SlotTaken
            on, at, master = picked
            offer_now(entry=entry, master=master, starts_at=typed_instant(on, at, zone(entry.branch)), now=now)
        except SlotTaken as refusal:
            refusal_words, slots = str(refusal), refusal.nearest
        except (BookingRefused, NoSuchTime) as refusal:
            refusal_words = str(refusal.words)
        else:
            messages.success(request, _("Offered to %(name)s.") % {"name": isolated(entry.client.shown_name)})
            return redirect("desk:waiting")
    if entry.state == WaitingEntry.State.WAITING and not slots:
        slots = _free(entry, now)
    context = {
        "nav": "calendar",
        "entry": entry,
        "client": entry.client,
        "slots": slot_choices(slots),
        "refusal": refusal_words,
    }
    return render(request, "desk/waiting/entry.html", context, status=422 if refusal_words else 200)


def _free(entry: WaitingEntry, now: Any) -> list[Slot]:
    """A few of each day's free times that are as she wished, of the first week of her days."""
    from_day = max(entry.from_day, timezone.localtime(now, zone(entry.branch)).date())
    days = min(DAYS_SHOWN, (entry.to_day - from_day).days + 1)
    return a_few_each_day(slots_for(entry, from_day=from_day, days=days, now=now)) if days > 0 else []


@require_POST
@desk_page
def waiting_withdraw(request: HttpRequest, entry_id: int) -> HttpResponse:
    """She waits no more; it can be taken back."""
    entry = _visible(request, entry_id)
    if withdraw_waiting(entry=entry, now=timezone.now()):
        ring()
        messages.success(
            request,
            _("%(name)s is off the waiting list.") % {"name": isolated(entry.client.shown_name)},
            extra_tags=reverse("desk:waiting_again", args=[entry.pk]),
        )
    return redirect("desk:waiting")


@require_POST
@desk_page
def waiting_again(request: HttpRequest, entry_id: int) -> HttpResponse:
    """On the list after all, in her old place."""
    entry = _visible(request, entry_id)
    if wait_again(entry=entry, now=timezone.now()):
        messages.success(request, _("As it was before."))
    return redirect("desk:waiting")


@require_POST
@desk_page
def offer_taken(request: HttpRequest, offer_id: int) -> HttpResponse:
    """She said yes, on the phone or here: it is booked."""
    offer = _visible_offer(request, offer_id)
    try:
        appointment = accept_offer(offer=offer, now=timezone.now(), by=Appointment.By.CLIENT, user=request.user)
    except BookingRefused as refusal:
        messages.error(request, str(refusal))
        return redirect(way_back(request, reverse("desk:waiting")))
    ring()
    messages.success(
        request,
        _("%(name)s is booked: %(day)s, %(hour)s.")
        % {
            "name": isolated(offer.entry.client.shown_name),
            "day": day_words(appointment.on),
            "hour": hour_words(offer.starts_at),
        },
    )
    return redirect("desk:visit", appointment_id=appointment.pk)


@require_POST
@desk_page
def offer_declined(request: HttpRequest, offer_id: int) -> HttpResponse:
    """She said no: the next is asked."""
    offer = _visible_offer(request, offer_id)
    if decline_offer(offer=offer, now=timezone.now()):
        ring()
        messages.success(request, _("Noted. The next one is asked."))
    return redirect(way_back(request, reverse("desk:waiting")))


def _visible(request: HttpRequest, entry_id: int) -> WaitingEntry:
    entries: QuerySet[WaitingEntry] = WaitingEntry.objects.filter(branch__in=branches_of(request.user), pk=entry_id)
    get_object_or_404(entries)
    return with_words(entries)[0]


def _visible_offer(request: HttpRequest, offer_id: int) -> WaitingOffer:
    return get_object_or_404(
        WaitingOffer.objects.select_related("entry__client", "entry__branch"),
        pk=offer_id,
        entry__branch__in=branches_of(request.user),
    )
