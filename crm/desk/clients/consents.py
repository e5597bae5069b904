"""What she allows, asked at the desk, with the evidence of all that was said (practices.md, P53)."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crm.desk.access import desk_page, visible_client
from crm.people.models import Client
from crm.team.once import reading_once
from reminders.consent.models import Channel, ConsentEvent, ContactPermission, Purpose
from reminders.consent.selectors import agreed_at, endings, is_in_force, permission_of
from reminders.consent.services import grant, set_consents, take_back_consents, withdraw
from reminders.messages.speech import speech_of

SHOWN = 40
DESK = ConsentEvent.Where.DESK


def questions() -> dict[str, str]:
    """What is asked aloud, purpose by purpose; in her language it is kept with her answer as evidence."""
    return {
        Purpose.SERVICE: _("May we remind you of your appointments?"),
        Purpose.CARE: _("May we ask after a visit how it was and how it holds?"),
        Purpose.MARKETING: _("May we write to you about free times and offers? You can end it at any time."),
    }


def ways_of(client: Client, purpose: str) -> list[tuple[Channel, str]]:
    known = [(Channel.EMAIL, client.email), (Channel.SMS, client.phone), (Channel.CHAT, client.messenger)]
    if purpose == Purpose.CARE:
        known.append((Channel.CALL, client.phone))
    return [(channel, address) for channel, address in known if address]


@require_http_methods(["GET", "POST"])
@desk_page
@reading_once()
def client_consents(request: HttpRequest, client_id: int) -> HttpResponse:
    """What holds, by which way, since when; and what is said now."""
    client, now = visible_client(client_id), timezone.now()
    permission = permission_of(client)
    if request.method == "POST":
        if "ending" in request.POST:
            changed = _answer_ending(request, client, permission, now)
        else:
            wanted = {
                (purpose, channel): f"{purpose}_{channel}" in request.POST
                for purpose in questions()
                for channel, _address in ways_of(client, purpose)
            }
            changed = bool(
                set_consents(
                    client=client, wanted=wanted, where=DESK, now=now, texts=_in_her_words(client), user=request.user
                )
            )
        if changed:
            event = ConsentEvent.objects.filter(client=client, at=now).order_by("pk").first()
            undo = reverse("desk:client_consents_undo", args=[client.pk, event.pk]) if event else ""
            messages.success(request, _("Noted, with your name and what was asked."), extra_tags=undo)
        else:
            messages.info(request, _("Nothing has changed."))
        return redirect("desk:client_consents", client_id=client.pk)
    context = {
        "nav": "clients",
        "client": client,
        "permission": permission,
        "rows": _rows(client, permission, now),
        "asked": [_asked(each, client) for each in endings(permission, now)],
        "history": ConsentEvent.objects.filter(client=client).order_by("-at", "-pk")[:SHOWN],
    }
    return render(request, "desk/clients/consents.html", context)


@require_safe
@desk_page
@reading_once()
def client_asked(request: HttpRequest, client_id: int) -> HttpResponse:
    """What stands on top of her card: fetched by itself, so that the card need not wait. By itself it leads there."""
    client = visible_client(client_id)
    if not request.htmx:
        return redirect("desk:client", client_id=client.pk)
    permission = permission_of(client)
    asked = endings(permission, timezone.now())
    context = {"client": client, "asked": asked, "is_wrong_number": permission.call_dead_at is not None}
    return render(request, "desk/clients/_asked.html", context)


@require_POST
@desk_page
def client_consents_undo(request: HttpRequest, client_id: int, consent_id: int) -> HttpResponse:
    """It was a slip; what was asked at that moment is as it was before."""
    client = visible_client(client_id)
    event = get_object_or_404(ConsentEvent, pk=consent_id, client=client, where=DESK)
    if take_back_consents(client=client, at=event.at, now=timezone.now(), user=request.user):
        messages.success(request, _("It is as it was before."))
    return redirect("desk:client_consents", client_id=client.pk)


def _answer_ending(request: HttpRequest, client: Client, permission: ContactPermission, now: datetime) -> bool:
    """Yes or no to what she was asked for anew; False where nothing is asked any more."""
    asked = {f"{each.purpose}_{each.channel}": each for each in endings(permission, now)}
    ending = asked.get(request.POST["ending"])
    if ending is None or request.POST.get("answer") not in ("yes", "no"):
        return False
    verb = grant if request.POST["answer"] == "yes" else withdraw
    verb(
        client=client,
        purpose=ending.purpose,
        channel=ending.channel,
        where=DESK,
        now=now,
        user=request.user,
        text_shown=_in_her_words(client)[ending.purpose],
    )
    return True


def _in_her_words(client: Client) -> dict[str, str]:
    with translation.override(speech_of(client).language):
        return questions()


def _asked(ending: Any, client: Client) -> dict[str, Any]:
    return {
        "key": f"{ending.purpose}_{ending.channel}",
        "by": Channel(ending.channel).label,
        "question": _in_her_words(client)[ending.purpose],
        "ends_at": ending.ends_at,
        "has_ended": ending.has_ended,
    }


def _rows(client: Client, permission: ContactPermission, now: datetime) -> list[dict[str, Any]]:
    hers = _in_her_words(client)
    return [
        {
            "text": words,
            # the sentence as she would hear it, where that is another language
            "hers": hers[purpose] if hers[purpose] != words else "",
            "ways": [
                {
                    "name": f"{purpose}_{channel}",
                    "label": capfirst(channel.label),
                    "address": address,
                    "is_on": is_in_force(permission, purpose, channel, now),
                    "since": agreed_at(permission, purpose, channel)
                    if is_in_force(permission, purpose, channel, now)
                    else None,
                }
                for channel, address in ways_of(client, purpose)
            ],
        }
        for purpose, words in questions().items()
    ]
