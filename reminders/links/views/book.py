"""`/book/`: a stranger books by herself (practices.md, P47). Nobody is told who is known here.

Services, time, who she is, and a code that shows the telephone or the address to be hers. Quick on a bad
connection: no script, and nothing is fetched that the page does not need.
"""

from dataclasses import dataclass, replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from crm.booking.services import BookingRefused
from crm.team.connection import connection_of
from reminders.links.doors import Stranger, unseen
from reminders.links.drafts import Draft
from reminders.links.forms import SlotForm, WhoForm
from reminders.links.selectors.bookable import open_branches
from reminders.links.services.booking import Wanted, book_proved, free_slot
from reminders.links.services.coupons import Coupon, hang_coupon, read_coupon
from reminders.links.services.proving import NotProved
from reminders.links.views.booking import (
    Choice,
    choice_of,
    details_of,
    refused_with,
    services_page,
    times_page,
    typed_coupon,
    wanted_of,
)
from reminders.links.views.offer import to_appointment
from reminders.links.views.strangers import PUBLIC, REFUSED, Step, applicant_of, led_on, to_strangers
from reminders.messages.tokens import slot_code


@require_safe
@to_strangers
def start(request: HttpRequest, stranger: Stranger) -> HttpResponse:
    return services_page(request, stranger, PUBLIC)


@require_safe
@to_strangers
def times(request: HttpRequest, stranger: Stranger) -> HttpResponse:
    return times_page(request, stranger, PUBLIC)


@require_http_methods(["GET", "HEAD", "POST"])
@to_strangers
def details(request: HttpRequest, stranger: Stranger) -> HttpResponse:
    """Who she is; then the code, unless what she gives has been shown to be hers just now."""
    choice = choice_of(PUBLIC, request.GET, list(open_branches()))
    if choice is None or not choice.services:
        return redirect("book:start")
    sent = request.POST if request.method == "POST" else None
    # another time tapped where this one was taken: shown first, with all that is typed, and not booked
    other = request.POST.get("other", "")
    tapped = other or request.POST.get("slot") or request.GET.get("slot", "")
    slot = SlotForm({"slot": tapped}, branch=choice.branch)
    wanted = wanted_of(choice, slot)
    if wanted is None:
        return redirect(choice.to("times"))
    step = Booking(request, stranger, choice, Draft.of(request), wanted)
    if sent is None:
        return step.page(step.form())
    step = replace(step, coupon=step.read(typed_coupon(request)))
    if "look" in sent:
        # what the coupon gives, with all that is typed
        return step.page(step.form(initial=sent.dict()))
    form = step.form(sent)
    if form.is_machine:
        # led on like anybody, and nothing happens
        return redirect("book:code")
    if other:
        return step.page(form)
    if not form.is_valid() or step.coupon.refusal:
        return step.page(form, status=REFUSED)
    step = replace(step, draft=step.drafted(form, slot=slot.cleaned_data["slot"], coupon=step.coupon.typed))
    if not step.is_proved:
        try:
            free_slot(wanted=wanted, now=stranger.now)
        except BookingRefused as refusal:
            return step.page(form, refusal=refusal)
    return step.go_on(form)


@dataclass(frozen=True, slots=True)
class Booking(Step):
    """On her way to book one free time."""

    wanted: Wanted
    coupon: Coupon = Coupon()

    def read(self, typed: str) -> Coupon:
        """What a typed code gives for this visit."""
        return read_coupon(
            typed=typed, wanted=self.wanted, reader=self.stranger, connection=connection_of(self.request)
        )

    def page(self, form: WhoForm, *, refusal: Exception | None = None, status: int = 200) -> HttpResponse:
        context = {
            **details_of(self.choice, self.wanted, self.stranger, self.coupon),
            **refused_with(refusal, self.choice, self.stranger, self.wanted),
            **self.who_she_is(form),
            "action": self.choice.to("details"),
            "slot": slot_code(self.wanted.starts_at, self.wanted.master.pk),
        }
        return unseen(render(self.request, "book/details.html", context, status=status), self.stranger.language)

    def asked_for(self) -> dict[str, Any]:
        slot = slot_code(self.wanted.starts_at, self.wanted.master.pk)
        return {
            **details_of(self.choice, self.wanted, self.stranger),
            "back_url": self.choice.to("details", slot=slot),
            "back_label": _("Your visit"),
            "button": _("Book this time"),
        }

    def finish(self) -> HttpResponse:
        """Books it, and leads to her appointment."""
        draft, stranger = self.draft, self.stranger
        if draft is None:
            return redirect("book:start")
        try:
            taken = book_proved(applicant=applicant_of(draft, stranger), wanted=self.wanted, now=stranger.now)
        except (BookingRefused, NotProved) as refusal:
            # what was typed and what was shown stay; only the time is chosen anew
            again = replace(self, coupon=self.read(draft.coupon))
            return draft.keep(again.page(self.form(), refusal=refusal))
        self.tie_to_friend(taken.appointment.client)
        taken = hang_coupon(taken=taken, typed=draft.coupon, now=stranger.now)
        return led_on(to_appointment(self.request, taken, now=stranger.now), stranger)


def choice_in(draft: Draft) -> Choice | None:
    """What a draft has chosen; none where it is offered no more."""
    data = MultiValueDict(
        {"branch": [str(draft.branch)], "service": [str(key) for key in draft.services], "master": [draft.with_whom]}
    )
    choice = choice_of(PUBLIC, data, list(open_branches()))
    return choice if choice and choice.services else None


def booking_of(request: HttpRequest, stranger: Stranger, draft: Draft) -> Booking | None:
    """Where a draft stands; none where what it chose is offered no more."""
    choice = choice_in(draft)
    wanted = choice and wanted_of(choice, SlotForm({"slot": draft.slot}, branch=choice.branch))
    return Booking(request, stranger, choice, draft, wanted) if choice and wanted else None
