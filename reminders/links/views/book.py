"""`/book/`: a stranger books by herself (practices.md, P47). Nobody is told who is known here.

Services, time, who she is, and a code that shows the telephone or the address to be hers. Quick on a bad
connection: no script, and nothing is fetched that the page does not need.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crm.booking.services import BookingRefused
from crm.people.models import Client
from crm.team.connection import connection_of
from crm.team.models import Branch
from crm.team.selectors import hold_salon_settings, salon_settings
from reminders.consent.models import Channel
from reminders.links.doors import COOKIE_SECONDS, LANGUAGE_COOKIE, ROOT, Stranger, unseen
from reminders.links.drafts import Draft, forget
from reminders.links.forms import CodeForm, SlotForm, WhoForm
from reminders.links.selectors import open_branches
from reminders.links.services.booking import Applicant, Wanted, book_proved, free_slot
from reminders.links.services.proving import (
    CodeOver,
    NotProved,
    TooMany,
    ask_for_code,
    is_proved,
    prove,
    refuse_too_soon,
)
from reminders.links.views.booking import (
    Choice,
    Way,
    choice_of,
    details_of,
    refused_with,
    services_page,
    times_page,
    wanted_of,
)
from reminders.links.views.offer import to_appointment
from reminders.messages.speech import speech_of
from reminders.messages.tokens import slot_code

PUBLIC = Way(space="book:", frame="book/_public.html")
REFUSED, TOO_MANY = 422, 429


def to_strangers(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """For a view `(request, stranger)`: in the browser's language or the one chosen, while the owner lets clients book."""

    @wraps(view)
    def shown(request: HttpRequest) -> HttpResponse:
        hold_salon_settings(salon_settings())
        language = translation.get_language() or settings.DEFAULT_LANGUAGE
        if not salon_settings().self_booking:
            return closed(request)
        return view(request, Stranger(Client(), speech_of(Client(), language), timezone.now()))

    return shown


def closed(request: HttpRequest) -> HttpResponse:
    """The owner takes bookings by telephone only."""
    branches = Branch.objects.filter(is_active=True).exclude(phone="").order_by("name")[:10]
    return render(request, "book/closed.html", {"frame": PUBLIC.frame, "branches": branches})


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
    draft = Draft.of(request)
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
    step = Step(request, stranger, choice, wanted, draft)
    if sent is None:
        return step.page(step.form())
    form = step.form(sent)
    if form.is_machine:
        # led on like anybody, and nothing happens
        return redirect("book:code")
    if other:
        return step.page(form)
    if not form.is_valid():
        return step.page(form, status=REFUSED)
    draft = drafted(choice, slot, form, draft)
    if is_proved(key=draft.key, channel=draft.channel, address=draft.address, now=stranger.now):
        return finish(replace(step, draft=draft))
    try:
        free_slot(wanted=wanted, now=stranger.now)
        return send_code(replace(step, draft=draft))
    except BookingRefused as refusal:
        return step.page(form, refusal=refusal)
    except NotProved as refusal:
        return step.page(form, refusal=refusal, status=status_of(refusal))


@require_http_methods(["GET", "HEAD", "POST"])
@to_strangers
def code(request: HttpRequest, stranger: Stranger) -> HttpResponse:
    """The six digits; right, they book."""
    step = step_of(request, stranger)
    if step is None:
        # no browser of ours, a machine, or an hour has passed
        return code_page(request, stranger, None, CodeOver()) if request.method == "POST" else redirect("book:start")
    if request.method != "POST":
        return code_page(request, stranger, step)
    try:
        step.prove(CodeForm(request.POST))
    except NotProved as refusal:
        return code_page(request, stranger, step, refusal)
    return finish(step)


@require_POST
@to_strangers
def code_again(request: HttpRequest, stranger: Stranger) -> HttpResponse:
    """Nothing came: another one."""
    step = step_of(request, stranger)
    if step is None:
        return redirect("book:start")
    try:
        refuse_too_soon(key=step.draft.key if step.draft else "", now=stranger.now)
        response = send_code(step)
    except NotProved as refusal:
        return code_page(request, stranger, step, refusal)
    messages.success(request, _("A new code is on its way; the old one no longer works."))
    return response


@dataclass(frozen=True, slots=True)
class Step:
    """One request of a stranger who has chosen: what she wants, and what she has typed so far."""

    request: HttpRequest
    stranger: Stranger
    choice: Choice
    wanted: Wanted
    draft: Draft | None

    def form(self, data: Any = None) -> WhoForm:
        typed = self.draft
        initial = typed and {
            "name": typed.name,
            "phone" if typed.channel == Channel.SMS else "email": typed.address,
            "wants_offers": typed.wants_offers,
        }
        return WhoForm(data, branch=self.choice.branch, ways=ways(), initial=initial)

    def page(self, form: WhoForm, *, refusal: Exception | None = None, status: int = 200) -> HttpResponse:
        typed = self.draft
        context = {
            **details_of(self.choice, self.wanted, self.stranger),
            **refused_with(refusal, self.choice, self.stranger, self.wanted),
            "form": form,
            "action": self.choice.to("details"),
            "slot": slot_code(self.wanted.starts_at, self.wanted.master.pk),
            "offers_text": offers_text(),
            "is_proved": typed is not None
            and is_proved(key=typed.key, channel=typed.channel, address=typed.address, now=self.stranger.now),
        }
        return unseen(render(self.request, "book/details.html", context, status=status), self.stranger.language)

    def prove(self, form: CodeForm) -> None:
        """Raises NotProved. What was shown already is not asked again: the second of two presses."""
        draft, now = self.draft, self.stranger.now
        if draft is None or is_proved(key=draft.key, channel=draft.channel, address=draft.address, now=now):
            return
        prove(
            key=draft.key,
            channel=draft.channel,
            address=draft.address,
            code=form.cleaned_data["code"] if form.is_valid() else "",
            visitor=connection_of(self.request),
            now=now,
        )


def step_of(request: HttpRequest, stranger: Stranger) -> Step | None:
    """Where the browser's draft stands; none without one, or where what it chose is offered no more."""
    draft = Draft.of(request)
    if draft is None:
        return None
    data = MultiValueDict(
        {"branch": [str(draft.branch)], "service": [str(key) for key in draft.services], "master": [draft.with_whom]}
    )
    choice = choice_of(PUBLIC, data, list(open_branches()))
    wanted = choice and wanted_of(choice, SlotForm({"slot": draft.slot}, branch=choice.branch))
    return Step(request, stranger, choice, wanted, draft) if choice and wanted else None


def drafted(choice: Choice, slot: SlotForm, form: WhoForm, before: Draft | None) -> Draft:
    """What she has chosen and typed; the code that was sent to the same number or address goes on counting."""
    channel, address = form.contact
    is_same = before is not None and (before.channel, before.address) == (channel, address)
    return Draft(
        branch=choice.branch.pk,
        services=tuple(service.pk for service in choice.services),
        slot=slot.cleaned_data["slot"],
        name=form.cleaned_data["name"],
        channel=channel,
        address=address,
        wants_offers=form.cleaned_data["wants_offers"],
        key=before.key if before and is_same else "",
        with_whom=choice.with_whom,
    )


def send_code(step: Step) -> HttpResponse:
    """Sends it and leads to where it is typed in. Raises NotProved."""
    if step.draft is None:
        return redirect("book:start")
    row = ask_for_code(
        channel=step.draft.channel,
        address=step.draft.address,
        visitor=connection_of(step.request),
        language=step.stranger.language,
        branch=step.choice.branch,
        now=step.stranger.now,
    )
    return unseen(replace(step.draft, key=row.key).keep(redirect("book:code")), step.stranger.language)


def code_page(
    request: HttpRequest, stranger: Stranger, step: Step | None, refusal: NotProved | None = None
) -> HttpResponse:
    context: dict[str, Any] = {"frame": PUBLIC.frame, "refusal": str(refusal) if refusal else ""}
    if step is not None and step.draft is not None:
        context |= {
            **details_of(step.choice, step.wanted, stranger),
            "address": step.draft.address,
            "back_url": step.choice.to("details", slot=step.draft.slot),
        }
    status = status_of(refusal) if refusal else 200
    return unseen(render(request, "book/code.html", context, status=status), stranger.language)


def finish(step: Step) -> HttpResponse:
    """Books what was chosen for whom the code has shown, and leads to her appointment."""
    draft = step.draft
    if draft is None:
        return redirect("book:start")
    applicant = Applicant(
        name=draft.name,
        channel=draft.channel,
        address=draft.address,
        key=draft.key,
        language=step.stranger.language,
        agreed_to=offers_text() if draft.wants_offers else "",
    )
    try:
        taken = book_proved(applicant=applicant, wanted=step.wanted, now=step.stranger.now)
    except (BookingRefused, NotProved) as refusal:
        # what was typed and what was shown stay; only the time is chosen anew
        return draft.keep(step.page(step.form(), refusal=refusal))
    response = to_appointment(step.request, taken, now=step.stranger.now)
    # she goes on in the language in which she booked
    response.set_cookie(
        LANGUAGE_COOKIE,
        step.stranger.language,
        max_age=COOKIE_SECONDS,
        path=ROOT,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return forget(response)


def offers_text() -> str:
    """The words beside the box; kept with her answer as evidence."""
    return _("Write to me about free times and offers too. One tap ends it.")


def ways() -> list[str]:
    """How a code can reach anybody, by what the salon has set up."""
    return [
        way for way, is_there in ((Channel.SMS, settings.SMS_URL), (Channel.EMAIL, settings.EMAIL_URL)) if is_there
    ] or [Channel.EMAIL]


def status_of(refusal: NotProved) -> int:
    return TOO_MANY if isinstance(refusal, TooMany) else REFUSED
