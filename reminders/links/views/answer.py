"""“How are your lashes?”: one tap, and what follows from it (practices.md, P13)."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from crm.booking.services import BookingRefused, SlotTaken
from crm.care.models import AfterAnswer
from crm.catalogue.models import Service
from reminders.links.doors import Visitor, behind
from reminders.links.forms import AnswerForm, SlotForm
from reminders.links.selectors.bookable import offered_services, service_asked_about
from reminders.links.selectors.hers import booked_ahead
from reminders.links.selectors.keys import message_of
from reminders.links.selectors.times import correction_slots, proposals
from reminders.links.services import give_answer, take_correction, take_slot
from reminders.links.views.offer import to_appointment
from reminders.links.words import appointment_facts, price_of, priced_slots, slots_for
from reminders.messages.destinations import appointment_url
from reminders.messages.models import Message
from reminders.messages.selectors import asked_about, master_of_visit, words_of_services
from reminders.messages.speech import clean
from reminders.messages.tokens import Door

Answer = AfterAnswer.Answer


def service_of(message: Message) -> Service | None:
    """The service she is asked about."""
    return asked_about(service_asked_about(message))


def words_for(service: Service | None, visitor: Visitor) -> dict[str, str]:
    """The question and answers in the salon's words for this service, else the standing ones."""
    own = words_of_services([service], visitor.language).get(service.pk) if service else None

    def say(field: str, standing: str) -> str:
        return (getattr(own, field) if own else "") or visitor.speech.say(standing)

    return {
        "question": clean(say("question", "question")),
        Answer.GOOD: clean(say("answer_good", "good")),
        Answer.MEND: clean(say("answer_mend", "mend")),
        Answer.ALARM: clean(say("answer_alarm", "alarm")),
        "safety": say("safety_text", "safety"),
    }


@require_http_methods(["GET", "HEAD", "POST"])
@behind(Door.ANSWER)
def show(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    message = message_of(visitor.key)
    service = service_of(message)
    if request.method == "POST":
        form = AnswerForm(request.POST)
        if form.is_valid():
            give_answer(message=message, answer=form.cleaned_data["answer"], service=service, now=visitor.now)
        return redirect("my:answer", subject=message.pk)
    return render(request, "links/answer.html", context_of(message, service, visitor))


def context_of(message: Message, service: Service | None, visitor: Visitor) -> dict[str, Any]:
    words = words_for(service, visitor)
    given = AfterAnswer.objects.filter(client=visitor.client, visit_on=message.visit_on).first()
    context: dict[str, Any] = {
        "branch": message.branch,
        "answer_url": reverse("my:answer", args=[message.pk]),
        "book_url": reverse("my:answer_book", args=[message.pk]),
        "question": words["question"],
        "safety": words["safety"],
        "answer": given.answer if given else "",
        "alarm_label": words[Answer.ALARM],
        "choices": [
            {"value": Answer.GOOD, "label": words[Answer.GOOD], "icon": "smile"},
            {"value": Answer.MEND, "label": words[Answer.MEND], "icon": "neutral"},
            {"value": Answer.ALARM, "label": words[Answer.ALARM], "icon": "warning"},
        ],
    }
    if given is None or given.answer == Answer.ALARM:
        # nothing is sold to who itches
        return context
    booked = booked_ahead(visitor.client, visitor.now)
    if booked is not None:
        return context | {
            "booked": appointment_facts(booked, visitor),
            "booked_url": appointment_url(booked, today=visitor.now.date()),
        }
    slots = slots_after(given, message, service, visitor)
    if given.answer == Answer.MEND and service is not None:
        # mended free
        return context | {"slots": slots_for(slots, visitor)}
    price = price_of(offered_services(message), None, visitor, message.branch)
    return context | {"slots": priced_slots(slots, price, visitor, message.branch)}


def slots_after(given: AfterAnswer, message: Message, service: Service | None, visitor: Visitor) -> list:
    """Soon and with her master to mend; by her rhythm where all is well."""
    if given.answer == Answer.MEND and service is not None:
        name = master_of_visit(visitor.client, message.visit_on)
        return correction_slots(message, service, master_name=name, now=visitor.now)
    return proposals(message, offered_services(message), now=visitor.now)


@require_POST
@behind(Door.ANSWER)
def book(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """One of the slots that came with her answer."""
    message = message_of(visitor.key)
    service = service_of(message)
    given = AfterAnswer.objects.filter(client=visitor.client, visit_on=message.visit_on).first()
    form = SlotForm(request.POST, branch=message.branch)
    if given is None or given.answer == Answer.ALARM:
        return redirect("my:answer", subject=message.pk)
    refusal: dict[str, Any] = {"refusal": _("This time cannot be read. Choose one of these.")}
    if form.is_valid():
        try:
            if given.answer == Answer.MEND and service is not None:
                taken = take_correction(answer=given, services=[service], now=visitor.now, **form.chosen)
            else:
                taken = take_slot(
                    client=visitor.client,
                    branch=message.branch,
                    services=offered_services(message),
                    now=visitor.now,
                    **form.chosen,
                )
        except SlotTaken as error:
            refusal = {"refusal": str(error), "nearest": slots_for(error.nearest, visitor)}
        except BookingRefused as error:
            refusal = {"refusal": str(error)}
        else:
            return to_appointment(request, taken, now=visitor.now)
    return render(request, "links/answer.html", {**context_of(message, service, visitor), **refusal})
