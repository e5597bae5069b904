"""What the public pages share: who looks at them, what she has typed so far, and the code that shows it to be hers."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from crm.people.models import Client
from crm.team.connection import connection_of
from crm.team.models import Branch
from crm.team.selectors import hold_salon_settings, salon_settings
from loyalty.referrals.services import claim_by_link
from reminders.consent.models import Channel
from reminders.links.doors import COOKIE_SECONDS, LANGUAGE_COOKIE, ROOT, Stranger, unseen
from reminders.links.drafts import Draft, forget, friend_code
from reminders.links.forms import CodeForm, WhoForm
from reminders.links.services.proving import NotProved, TooMany, ask_for_code, is_proved, prove
from reminders.links.services.recognising import Applicant
from reminders.links.views.booking import Choice, Way
from reminders.messages.speech import speech_of

PUBLIC = Way(space="book:", frame="book/_public.html")
REFUSED, TOO_MANY = 422, 429


def to_strangers(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """For a view `(request, stranger)`: in the browser's language or the one chosen, while the owner lets clients book."""

    @wraps(view)
    def shown(request: HttpRequest, **named: str) -> HttpResponse:
        hold_salon_settings(salon_settings())
        language = translation.get_language() or settings.DEFAULT_LANGUAGE
        if not salon_settings().self_booking:
            return closed(request)
        return view(request, Stranger(Client(), speech_of(Client(), language), timezone.now()), **named)

    return shown


def closed(request: HttpRequest) -> HttpResponse:
    """The owner takes bookings by telephone only."""
    branches = Branch.objects.filter(is_active=True).exclude(phone="").order_by("name")[:10]
    return render(request, "book/closed.html", {"frame": PUBLIC.frame, "branches": branches})


@dataclass(frozen=True, slots=True)
class Step(ABC):
    """One request of a stranger who has chosen: where she is on her way, and what she has typed so far."""

    request: HttpRequest
    stranger: Stranger
    choice: Choice
    draft: Draft | None

    @abstractmethod
    def page(self, form: WhoForm, *, refusal: Exception | None = None, status: int = 200) -> HttpResponse:
        """What she chose, and who she is."""

    @abstractmethod
    def asked_for(self) -> dict[str, Any]:
        """What the page of the code says about it: facts, back_url, back_label, button."""

    @abstractmethod
    def finish(self) -> HttpResponse:
        """What was chosen is done, for whom the code has shown."""

    def form(self, data: Any = None, *, initial: Any = None) -> WhoForm:
        typed = self.draft
        initial = initial or (
            typed
            and {
                "name": typed.name,
                "phone" if typed.channel == Channel.SMS else "email": typed.address,
                "wants_offers": typed.wants_offers,
            }
        )
        return WhoForm(data, branch=self.choice.branch, ways=ways(), initial=initial)

    @property
    def is_proved(self) -> bool:
        """Whether what she typed was shown to be hers just now."""
        typed, now = self.draft, self.stranger.now
        return typed is not None and is_proved(key=typed.key, channel=typed.channel, address=typed.address, now=now)

    def who_she_is(self, form: WhoForm) -> dict[str, Any]:
        """For book/_who.html and the button below it."""
        return {"form": form, "offers_text": offers_text(), "is_proved": self.is_proved}

    def go_on(self, form: WhoForm) -> HttpResponse:
        """To the end, where what she gives has been shown to be hers just now; else to the code."""
        if self.is_proved:
            return self.finish()
        try:
            return self.send_code()
        except NotProved as refusal:
            return self.page(form, refusal=refusal, status=status_of(refusal))

    def send_code(self) -> HttpResponse:
        """Sends it and leads to where it is typed in. Raises NotProved."""
        if self.draft is None:
            return redirect("book:start")
        row = ask_for_code(
            channel=self.draft.channel,
            address=self.draft.address,
            visitor=connection_of(self.request),
            language=self.stranger.language,
            branch=self.choice.branch,
            now=self.stranger.now,
        )
        return unseen(replace(self.draft, key=row.key).keep(redirect("book:code")), self.stranger.language)

    def prove(self, form: CodeForm) -> None:
        """Raises NotProved. What was shown already is not asked again: the second of two presses."""
        draft = self.draft
        if draft is None or self.is_proved:
            return
        prove(
            key=draft.key,
            channel=draft.channel,
            address=draft.address,
            code=form.cleaned_data["code"] if form.is_valid() else "",
            visitor=connection_of(self.request),
            now=self.stranger.now,
        )

    def tie_to_friend(self, client: Client) -> None:
        """Whose link brought her, if any: apart from what she came for, so that it never stands in its way."""
        if code := friend_code(self.request):
            claim_by_link(friend=client, code=code, now=self.stranger.now)

    def drafted(self, form: WhoForm, *, slot: str = "", wish: str = "", coupon: str = "") -> Draft:
        """What she has chosen and typed; the code that was sent to the same number or address goes on counting."""
        before = self.draft
        channel, address = form.contact
        is_same = before is not None and (before.channel, before.address) == (channel, address)
        return Draft(
            branch=self.choice.branch.pk,
            services=tuple(service.pk for service in self.choice.services),
            slot=slot,
            name=form.cleaned_data["name"],
            channel=channel,
            address=address,
            wants_offers=form.cleaned_data["wants_offers"],
            key=before.key if before and is_same else "",
            with_whom=self.choice.with_whom,
            wish=wish,
            coupon=coupon,
        )


def applicant_of(draft: Draft, stranger: Stranger) -> Applicant:
    return Applicant(
        name=draft.name,
        channel=draft.channel,
        address=draft.address,
        key=draft.key,
        language=stranger.language,
        agreed_to=offers_text() if draft.wants_offers else "",
    )


def led_on(response: HttpResponse, stranger: Stranger) -> HttpResponse:
    """It is done: what she typed is forgotten, and she goes on in the language in which she came."""
    response.set_cookie(
        LANGUAGE_COOKIE,
        stranger.language,
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
