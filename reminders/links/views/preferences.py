"""What she gets and by which way; and no more of it, with one press (practices.md, P53; trust.md, D5)."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from crm.people.services import update_client
from reminders.consent.models import Channel, ConsentEvent, Purpose
from reminders.consent.selectors import is_allowed, permission_of
from reminders.links.doors import LANGUAGE_COOKIE, ROOT, Visitor, behind
from reminders.links.forms import LanguageForm
from reminders.links.services import set_preferences, stop, stop_all_but_appointments
from reminders.links.views.stopping import stop_page
from reminders.messages.tokens import Door, stopped_by


def texts() -> dict[str, str]:
    """What is asked, purpose by purpose; kept with her answer as evidence."""
    return {
        Purpose.SERVICE: _("What concerns my appointments"),
        Purpose.CARE: _("Questions after a visit: how it was, how it holds, thanks"),
        Purpose.MARKETING: _("Invitations and offers: when it is time again, birthday, discounts"),
    }


def channels(visitor: Visitor) -> list[tuple[str, str]]:
    """The ways on which she can be reached."""
    client = visitor.client
    known = [(Channel.EMAIL, client.email), (Channel.SMS, client.phone), (Channel.CHAT, client.messenger)]
    return [(channel, address) for channel, address in known if address]


@require_http_methods(["GET", "HEAD", "POST"])
@behind(Door.PREFERENCES)
def show(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    client = visitor.client
    if request.method == "POST":
        wanted = {
            (purpose, channel): f"{purpose}_{channel}" in request.POST
            for purpose in Purpose.values
            for channel, _address in channels(visitor)
        }
        if "only_appointments" in request.POST:
            wanted = {way: False for way in wanted if way[0] != Purpose.SERVICE}
        set_preferences(client=client, wanted=wanted, now=visitor.now, texts=texts())
        form = LanguageForm(request.POST)
        if form.is_valid() and form.cleaned_data["language"] != client.language:
            update_client(client=client, language=form.cleaned_data["language"])
        messages.success(request, _("Noted. It holds from now on."))
        response = redirect("my:preferences", client_id=client.pk)
        # from here on her own language is the one she wants
        response.delete_cookie(LANGUAGE_COOKIE, path=ROOT)
        return response
    permission = permission_of(client)
    rows: list[dict[str, Any]] = [
        {
            "text": text,
            "ways": [
                {
                    "name": f"{purpose}_{channel}",
                    "label": Channel(channel).label,
                    "address": address,
                    "is_on": is_allowed(permission, purpose, channel),
                }
                for channel, address in channels(visitor)
            ],
        }
        for purpose, text in texts().items()
    ]
    return render(
        request,
        "links/preferences.html",
        {"rows": rows, "chosen_language": client.language or visitor.language, "branch": client.branch},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@behind(Door.UNSUBSCRIBE)
def unsubscribe(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    purpose, channel = stopped_by(visitor.key.subject)
    if request.method == "POST":
        if "all" in request.POST:
            stop_all_but_appointments(client=visitor.client, channel=channel, now=visitor.now)
        else:
            stop(
                client=visitor.client,
                purpose=purpose,
                channel=channel,
                where=ConsentEvent.Where.UNSUBSCRIBE,
                now=visitor.now,
            )
    return stop_page(request, visitor, purpose, channel, may_stop_all=True)
