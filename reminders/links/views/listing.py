"""No time suits: a client puts herself on the waiting list, from the public page or from her own (practices.md, P48)."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from crm.booking.models import WaitingEntry
from crm.booking.services import BookingRefused, able_for_each
from crm.team.selectors import branch_day, salon_settings
from reminders.links.doors import Stranger, Visitor, behind, hand_key, unseen
from reminders.links.drafts import Draft
from reminders.links.forms import WhoForm, WishForm
from reminders.links.selectors.bookable import may_book, open_branches
from reminders.links.selectors.hers import places_on_lists
from reminders.links.selectors.keys import place_on_list
from reminders.links.services import wait_after_all, wait_by_herself, wait_no_more
from reminders.links.services.proving import NotProved
from reminders.links.services.waiting import Wish, wait_proved
from reminders.links.views.book import choice_in
from reminders.links.views.booking import Choice, choice_of, ground_of, refused_with
from reminders.links.views.her_booking import HERS, closed_to_her
from reminders.links.views.strangers import PUBLIC, REFUSED, Step, applicant_of, led_on, to_strangers
from reminders.links.words import listed_url, offer_facts, wish_facts
from reminders.messages.destinations import appointment_url
from reminders.messages.tokens import Door, make_token, read_token


@require_http_methods(["GET", "HEAD", "POST"])
@to_strangers
def wait(request: HttpRequest, stranger: Stranger) -> HttpResponse:
    """When she would come and who she is; then the code, unless what she gives has been shown to be hers just now."""
    choice = choice_of(PUBLIC, request.GET, list(open_branches()))
    if choice is None or not choice.services:
        return redirect("book:start")
    sent = request.POST if request.method == "POST" else None
    draft = Draft.of(request)
    step = Listing(request, stranger, choice, draft, wish_form(choice, stranger.now, sent or kept_wish(draft)))
    form = step.form(sent)
    if sent is None:
        return step.page(form)
    if form.is_machine:
        return redirect("book:code")
    # both are asked, so that all that is wrong is said at once
    if not all([step.wish.is_valid(), form.is_valid()]):
        return step.page(form, status=REFUSED)
    return replace(step, draft=step.drafted(form, wish=step.wish.kept)).go_on(form)


@dataclass(frozen=True, slots=True)
class Listing(Step):
    """On her way onto the waiting list."""

    wish: WishForm

    def page(self, form: WhoForm, *, refusal: Exception | None = None, status: int = 200) -> HttpResponse:
        context = {
            **ground_of(self.choice, self.stranger),
            **refused_with(refusal, self.choice, self.stranger),
            **self.who_she_is(form),
            **wish_context(self.choice, self.wish),
        }
        return unseen(render(self.request, "book/wait.html", context, status=status), self.stranger.language)

    def asked_for(self) -> dict[str, Any]:
        return {
            "branch": self.choice.branch,
            "facts": offer_facts(self.choice.services, self.stranger, self.choice.branch),
            "back_url": self.choice.to("wait"),
            "back_label": _("The waiting list"),
            "button": _("Put me on the list"),
        }

    def finish(self) -> HttpResponse:
        """Puts her on the list, and leads to her place."""
        draft, now = self.draft, self.stranger.now
        if draft is None or not self.wish.is_valid():
            return redirect("book:start")
        try:
            entry = wait_proved(
                applicant=applicant_of(draft, self.stranger), wish=wished(self.choice, self.wish), now=now
            )
        except (BookingRefused, NotProved) as refusal:
            return draft.keep(self.page(self.form(), refusal=refusal))
        self.tie_to_friend(entry.client)
        return led_on(to_place(entry, now=now), self.stranger)


def listing_of(request: HttpRequest, stranger: Stranger, draft: Draft) -> Listing | None:
    """Where a draft stands; none where what it chose is offered no more, or its days are over."""
    choice = choice_in(draft)
    if choice is None:
        return None
    wish = wish_form(choice, stranger.now, kept_wish(draft))
    return Listing(request, stranger, choice, draft, wish) if wish.is_valid() else None


@require_http_methods(["GET", "HEAD", "POST"])
@behind(Door.HOME)
def wait_hers(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """The same behind her own link: nobody asks who she is."""
    if not may_book(visitor.client):
        return closed_to_her(request, visitor)
    choice = choice_of(HERS, request.GET, list(open_branches()))
    if choice is None or not choice.services:
        return redirect("my:book_start")
    form = wish_form(choice, visitor.now, request.POST if request.method == "POST" else None)
    refusal = None
    if request.method == "POST" and form.is_valid():
        try:
            entry = wait_by_herself(client=visitor.client, wish=wished(choice, form), now=visitor.now)
        except BookingRefused as refused:
            refusal = refused
        else:
            return to_place(entry, now=visitor.now)
    context = {
        **ground_of(choice, visitor),
        **refused_with(refusal, choice, visitor),
        **wish_context(choice, form),
        "is_proved": True,
    }
    return render(request, "book/wait.html", context, status=REFUSED if form.errors else 200)


def wish_form(choice: Choice, now: datetime, data: QueryDict | None) -> WishForm:
    """Begins with the two weeks from today, and with whom she looked for."""
    today = branch_day(choice.branch, now)
    able = able_for_each(branch=choice.branch, services=choice.services)
    return WishForm(
        data,
        masters=list(dict.fromkeys(each for those in able for each in those)),
        today=today,
        furthest=today + timedelta(days=salon_settings().self_booking_days - 1),
        initial={"master": choice.with_whom or 0},
    )


def kept_wish(draft: Draft | None) -> QueryDict | None:
    return QueryDict(draft.wish) if draft is not None and draft.wish else None


def wished(choice: Choice, form: WishForm) -> Wish:
    return Wish(branch=choice.branch, services=choice.services, **form.chosen)


def wish_context(choice: Choice, form: WishForm) -> dict[str, Any]:
    return {
        "wish": form,
        "action": choice.to("wait"),
        "times_url": choice.to("times"),
        "weekdays": [str(value) for value in form["weekdays"].value() or []],
    }


def to_place(entry: WaitingEntry, *, now: datetime) -> HttpResponse:
    """On to her place on the list, with the key to it."""
    token = make_token(door=Door.LISTED, client_id=entry.client_id, subject=entry.pk, today=now.date())
    return hand_key(redirect("my:listed", subject=entry.pk), token, read_token(token, today=now.date()))


@require_http_methods(["GET", "HEAD", "POST"])
@behind(Door.LISTED)
def listed(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """That she is on it, and for what; off it by one press, and back by another."""
    entry = place_on_list(visitor.key)
    if request.method == "POST":
        if "again" in request.POST:
            if wait_after_all(entry=entry, now=visitor.now):
                messages.success(request, _("You have your place again."))
        elif wait_no_more(entry=entry, now=visitor.now):
            messages.success(request, _("You are off the list. Come whenever you like."))
        return redirect("my:listed", subject=entry.pk)
    context = {
        "entry": entry,
        "facts": wish_facts(entry, visitor),
        "may_wait_again": entry.state == WaitingEntry.State.WITHDRAWN
        and branch_day(entry.branch, visitor.now) <= entry.to_day
        and may_book(visitor.client),
        "booked_url": appointment_url(entry.appointment, today=visitor.now.date()) if entry.appointment else "",
        "branch": entry.branch,
    }
    return render(request, "links/listed.html", context)


@require_safe
@behind(Door.HOME)
def lists(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """For what she waits, each with the link to its place."""
    places = [
        {**wish_facts(entry, visitor), "url": listed_url(entry, today=visitor.now.date())}
        for entry in places_on_lists(visitor.client)
    ]
    context = {"places": places, "can_book": may_book(visitor.client), "branch": visitor.client.branch}
    return render(request, "links/lists.html", context)
