"""An invitation: three proposed slots, or any other day and master, with the voucher applied (practices.md, P18, P19)."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from crm.booking.services import BookingRefused, Slot, SlotTaken
from crm.catalogue.models import Service
from crm.team.selectors import branch_day
from loyalty.vouchers.models import Voucher
from loyalty.vouchers.selectors import why_not
from reminders.consent.models import ConsentEvent
from reminders.links.doors import Visitor, behind, hand_key
from reminders.links.forms import SlotForm, VisitForm, WhenForm
from reminders.links.selectors.bookable import bookable, may_book, offered_services, permitted_instead
from reminders.links.selectors.hers import booked_ahead, taken_away_at
from reminders.links.selectors.keys import message_of
from reminders.links.selectors.times import chooser, proposals, slot_at
from reminders.links.services import MayNotFollow, Taken, stop, take_slot
from reminders.links.views.stopping import stop_page
from reminders.links.words import (
    appointment_facts,
    chooser_context,
    price_of,
    priced_slots,
    service_names,
    slots_for,
    visit_facts,
    voucher_words,
)
from reminders.messages.destinations import GONE, appointment_url
from reminders.messages.models import Kind, Message
from reminders.messages.selectors import voucher_of
from reminders.messages.speech import moment
from reminders.messages.tokens import Door, Key, make_token, read_token


def context_of(message: Message, visitor: Visitor, services: list[Service]) -> dict[str, Any]:
    voucher = voucher_of(message)
    if voucher is not None:
        today = branch_day(message.branch, visitor.now)
        if why_not(voucher, client_id=visitor.client.pk, today=max(today, voucher.valid_from), booked_on=today):
            voucher = None
    booked = booked_ahead(visitor.client, visitor.now, since=taken_away_at(message))
    return {
        "message": message,
        "is_win_back": message.kind in (Kind.WIN_BACK, Kind.SECOND_WIN_BACK),
        "is_birthday": message.kind == Kind.BIRTHDAY,
        "voucher": voucher,
        "voucher_words": voucher_words(voucher, visitor),
        "is_quiet_only": voucher is not None and voucher.quiet_only,
        "what": visitor.speech.listed(*service_names(services, visitor.language)),
        "booked": appointment_facts(booked, visitor) if booked else None,
        "booked_url": appointment_url(booked, today=visitor.now.date()) if booked else "",
        "is_closed": not may_book(visitor.client),
        # what came of the message's own appointment, where that was taken away
        "gone": moment(message.appointment.starts_at, message.branch, visitor.client, visitor.speech)
        if message.kind in GONE and message.appointment is not None and message.appointment.starts_at
        else "",
        "branch": message.branch,
        "can_stop": message.purpose != "service" and message.channel in ("email", "sms", "chat"),
    }


@require_http_methods(["GET", "HEAD", "POST"])
@behind(Door.OFFER)
def show(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    message = message_of(visitor.key)
    services = offered_services(message)
    if not services and request.method != "POST":
        return redirect("my:offer_more", subject=message.pk)
    context = context_of(message, visitor, services)
    if request.method == "POST":
        done = book(request, visitor, message, services, context)
        if done is not None:
            return done
    if not context["booked"] and not context["is_closed"]:
        proposed = proposals(message, services, now=visitor.now)
        price = price_of(services, context["voucher"], visitor, message.branch)
        context["slots"] = priced_slots(proposed, price, visitor, message.branch)
        context |= price.facts(branch_day(message.branch, visitor.now), visitor, message.branch)
        if request.method != "POST" and "s" in request.GET:
            context |= tapped(request.GET["s"], message, services, proposed, visitor, context["voucher"])
    return render(request, "links/offer.html", context)


def tapped(
    code: str,
    message: Message,
    services: list[Service],
    proposed: list[Slot],
    visitor: Visitor,
    voucher: Voucher | None,
) -> dict[str, Any]:
    """The time tapped in the letter by itself, before it is booked; that it is gone, where it is; nothing for no time."""
    form = SlotForm({"slot": code}, branch=message.branch)
    if not form.is_valid():
        return {}
    master, starts_at = form.chosen["master"], form.chosen["starts_at"]
    slot = next((each for each in proposed if (each.starts_at, each.master) == (starts_at, master)), None)
    if slot is None and starts_at > visitor.now:
        slot = slot_at(
            branch=message.branch,
            services=services,
            master=master,
            starts_at=starts_at,
            now=visitor.now,
            client=visitor.client,
        )
    if slot is None:
        return {"refusal": _("The time in our message is taken by now. These are free:")}
    return {
        "tapped": {
            "value": code,
            **visit_facts(services, slot.team, starts_at, visitor, message.branch, voucher),
        }
    }


@require_http_methods(["GET", "HEAD", "POST"])
@behind(Door.OFFER)
def more(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Another service, day or master."""
    message = message_of(visitor.key)
    invited = offered_services(message)
    chosen = VisitForm(request.GET, branch=message.branch, invited=invited).chosen
    services = chosen or invited
    context = context_of(message, visitor, services)
    if request.method == "POST" and services:
        done = book(request, visitor, message, services, context)
        if done is not None:
            return done
    offered = list(bookable(message.branch))
    names = service_names(offered, visitor.language)
    context["services"] = [
        {"value": service.pk, "label": name, "is_chosen": [service] == chosen}
        for service, name in zip(offered, names, strict=True)
    ]
    if len(chosen) > 1:
        # one choice of its own: what was offered in place of her whole visit
        context["services"].insert(0, {"value": VisitForm.code(chosen), "label": context["what"], "is_chosen": True})
    if services and not context["booked"] and not context["is_closed"]:
        found = chooser(
            branch=message.branch,
            services=services,
            now=visitor.now,
            client=visitor.client,
            **WhenForm(request.GET).chosen,
        )
        context |= chooser_context(found, visitor, [("service", VisitForm.code(chosen))] if chosen else [])
        price = price_of(services, context["voucher"], visitor, message.branch)
        context |= price.facts(found.day or branch_day(message.branch, visitor.now), visitor, message.branch)
        if price.hours is not None:
            # not every hour is cheaper: each says what it costs
            context["slots"] = priced_slots(found.slots, price, visitor, message.branch, tiles=context["slots"])
    return render(request, "links/offer_more.html", context)


def book(
    request: HttpRequest, visitor: Visitor, message: Message, services: list[Service], context: dict[str, Any]
) -> HttpResponse | None:
    """Takes the slot and leads to the appointment; none where it is no longer free, and `context` says so."""
    form = SlotForm(request.POST, branch=message.branch)
    if not form.is_valid():
        context["refusal"] = _("This time cannot be read. Choose one of these.")
        return None
    try:
        taken = take_slot(
            client=visitor.client,
            branch=message.branch,
            services=services,
            now=visitor.now,
            voucher=context["voucher"],
            since=taken_away_at(message),
            **form.chosen,
        )
    except SlotTaken as refusal:
        context |= {"refusal": str(refusal), "nearest": slots_for(refusal.nearest, visitor)}
        return None
    except MayNotFollow as refusal:
        on = branch_day(message.branch, form.chosen["starts_at"])
        more_url = reverse("my:offer_more", args=[message.pk])
        context |= {
            "refusal": str(refusal),
            "instead": [
                {
                    "label": visitor.speech.listed(*service_names(visit, visitor.language)),
                    "url": f"{more_url}?service={VisitForm.code(visit)}",
                }
                for visit in permitted_instead(refusal.following, services, client=visitor.client, on=on)
            ],
        }
        return None
    except BookingRefused as refusal:
        context["refusal"] = str(refusal)
        return None
    return to_appointment(request, taken, now=visitor.now)


def to_appointment(request: HttpRequest, taken: Taken, *, now: datetime) -> HttpResponse:
    """On to what she has booked, with the key to it."""
    if taken.is_new:
        messages.success(request, _("Booked. We look forward to you."))
    if taken.voucher_why_not:
        messages.warning(request, _("Without the voucher: %(why)s") % {"why": taken.voucher_why_not})
    token = make_token(
        door=Door.APPOINTMENT,
        client_id=taken.appointment.client_id,
        subject=taken.appointment.pk,
        today=now.date(),
    )
    key: Key = read_token(token, today=now.date())
    return hand_key(redirect("my:appointment", subject=taken.appointment.pk), token, key)


@require_http_methods(["GET", "HEAD", "POST"])
@behind(Door.OFFER)
def stop_these(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """No more messages of this purpose by the channel this one came by."""
    message = message_of(visitor.key)
    if request.method == "POST":
        stop(
            client=visitor.client,
            purpose=message.purpose,
            channel=message.channel,
            where=ConsentEvent.Where.LINK,
            now=visitor.now,
        )
    return stop_page(request, visitor, message.purpose, message.channel)
