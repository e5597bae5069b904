"""What she gets, by which way and when, and how she is spoken to; and no more of it, with one press (P53, P58; D5)."""

from datetime import date, datetime, time
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core import signing
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override
from django.views.decorators.http import require_http_methods, require_POST

from crm.team.once import reading_once
from reminders.consent.models import Channel, ConsentEvent, Purpose
from reminders.consent.selectors import endings, is_in_force, permission_of
from reminders.consent.services import grant
from reminders.links.doors import LANGUAGE_COOKIE, ROOT, Visitor, behind, chosen_language, page_of
from reminders.links.services import (
    Kept,
    Wishes,
    keep_wishes,
    stop,
    stop_all_but_appointments,
    take_back_wishes,
    wishes_of,
)
from reminders.links.views.stopping import stop_page
from reminders.links.views.wishing import WishesForm
from reminders.messages.speech import speech_of
from reminders.messages.tokens import Door, stopped_by

# what she has just changed can be taken back for so long
UNDO, UNDO_SECONDS, SALT = "wishes_before", 30 * 60, "reminders.links.wishes"
NAMES = {
    "called": gettext_lazy("your name"),
    "address_form": gettext_lazy("how we speak to you"),
    "gender": gettext_lazy("the words that fit you"),
    "language": gettext_lazy("the language"),
    "preferred_channel": gettext_lazy("how you like to hear from us"),
    "holidays": gettext_lazy("your holidays"),
    "time_zone": gettext_lazy("your city"),
    "hours": gettext_lazy("your hours"),
    "pause": gettext_lazy("the pause"),
}
YES = {
    Purpose.SERVICE: gettext_lazy("Messages about your appointments come: %(by)s."),
    Purpose.CARE: gettext_lazy("Questions after a visit come: %(by)s."),
    Purpose.MARKETING: gettext_lazy("Invitations and offers come: %(by)s."),
}
NO = {
    Purpose.SERVICE: gettext_lazy("No more messages about your appointments: %(by)s."),
    Purpose.CARE: gettext_lazy("No more questions after a visit: %(by)s."),
    Purpose.MARKETING: gettext_lazy("No more invitations and offers: %(by)s."),
}


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
@reading_once()
def show(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    client, now = visitor.client, visitor.now
    wishes = wishes_of(client, now)
    if request.method != "POST":
        form = WishesForm(client=client, now=now, language=visitor.language, wishes=wishes)
        return page(request, visitor, form, kept_of(request, visitor))
    if "again" in request.POST:
        return yes_again(request, visitor)
    form = WishesForm(request.POST, client=client, now=now, language=visitor.language, wishes=wishes)
    wanted = {way: "_".join(way) in request.POST for way in ways_of(visitor)}
    if "only_appointments" in request.POST:
        wanted = {way: False for way in wanted if way[0] != Purpose.SERVICE}
    # an older page asks for less: what it did not ask about stays as it is
    is_whole = "whole" in request.POST
    if is_whole and not form.is_valid():
        return page(request, visitor, form, None, wanted, status=422)
    if not is_whole and request.POST.get("language") in dict(settings.LANGUAGES):
        wishes.says["language"] = request.POST["language"]
    try:
        kept = keep_wishes(
            client=client, wishes=form.wishes if is_whole else wishes, wanted=wanted, now=now, texts=texts()
        )
    except ValidationError as refusal:
        for name, words in refusal.message_dict.items():
            form.add_error(name if name in form.fields else None, words)
        return page(request, visitor, form, None, wanted, status=422)
    response = redirect("my:preferences", client_id=client.pk)
    if "language" in kept.changed:
        # from here on her own language is the one she wants
        response.delete_cookie(LANGUAGE_COOKIE, path=ROOT)
    if not kept:
        messages.info(request, _("Nothing has changed."))
        return response
    return remember(response, visitor, kept)


def yes_again(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """A yes that ends is given anew, with one press."""
    asked = {f"{each.purpose}_{each.channel}": each for each in endings(permission_of(visitor.client), visitor.now)}
    ending = asked.get(request.POST["again"])
    if ending is not None:
        grant(
            client=visitor.client,
            purpose=ending.purpose,
            channel=ending.channel,
            where=ConsentEvent.Where.LINK,
            now=visitor.now,
            text_shown=texts()[ending.purpose],
        )
        messages.success(request, _("Thank you. It goes on."))
    return redirect("my:preferences", client_id=visitor.client.pk)


@require_POST
@behind(Door.PREFERENCES)
def undo(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """It was a slip: as it was before."""
    kept = kept_of(request, visitor)
    if kept is not None:
        take_back_wishes(client=visitor.client, kept=kept, now=visitor.now)
        # said on the next page, which is in the language that she has again
        visitor.client.refresh_from_db()
        with override(chosen_language(request) or speech_of(visitor.client).language):
            messages.success(request, _("It is as it was before."))
    response = redirect("my:preferences", client_id=visitor.client.pk)
    response.delete_cookie(UNDO, path=page_of(visitor.key))
    return response


def ways_of(visitor: Visitor) -> list[tuple[str, str]]:
    """What may be asked of her: each purpose by each way that she has."""
    return [(purpose, channel) for purpose in texts() for channel, _address in channels(visitor)]


def page(
    request: HttpRequest,
    visitor: Visitor,
    form: WishesForm,
    kept: Kept | None,
    wanted: dict[tuple[str, str], bool] | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    """`wanted`: what was ticked where the form comes back."""
    client, now = visitor.client, visitor.now
    permission = permission_of(client)
    asked = {(each.purpose, each.channel): each for each in endings(permission, now)}
    dead = {Channel.EMAIL: permission.email_dead_at, Channel.SMS: permission.sms_dead_at or permission.call_dead_at}
    rows: list[dict[str, Any]] = [
        {
            "text": text,
            "ways": [
                {
                    "name": f"{purpose}_{channel}",
                    "label": Channel(channel).label,
                    "address": address,
                    "is_on": wanted[purpose, channel]
                    if wanted and (purpose, channel) in wanted
                    else is_in_force(permission, purpose, channel, now),
                    "ending": asked.get((purpose, channel)),
                }
                for channel, address in channels(visitor)
            ],
        }
        for purpose, text in texts().items()
    ]
    context = {
        "rows": rows,
        "form": form,
        "said": said_of(kept, visitor.language) if kept else [],
        "dead": [address for channel, address in channels(visitor) if dead.get(Channel(channel))],
        "may_pause": client.status in (client.Status.ACTIVE, client.Status.BREAK),
        "address_forms": choices_of(form, "address_form"),
        "genders": choices_of(form, "gender"),
        "branch": client.branch,
    }
    return render(request, "links/preferences.html", context, status=status)


def choices_of(form: WishesForm, name: str) -> list[dict[str, Any]]:
    return [{"value": value, "label": label} for value, label in form.fields[name].choices]


def said_of(kept: Kept, language: str) -> list[str]:
    """What was changed, in a few lines."""
    lines = []
    for purpose in texts():
        for words, is_given in ((YES, True), (NO, False)):
            by = [
                str(Channel(channel).label)
                for which, channel, given in kept.consents
                if (which, given) == (purpose, is_given)
            ]
            if by:
                lines.append(str(words[Purpose(purpose)]) % {"by": ", ".join(by)})
    names = ", ".join(str(NAMES[name]) for name in kept.changed)
    return [*lines, *([_("Kept: %(what)s.") % {"what": names}] if names else [])]


def remember(response: HttpResponse, visitor: Visitor, kept: Kept) -> HttpResponse:
    """What it was before goes with her browser, to this page only, so that it can be taken back."""
    before = kept.before
    value = {
        "at": kept.at.isoformat(),
        "consents": kept.consents,
        "changed": kept.changed,
        "says": before.says,
        "hours": [hour.isoformat() for hour in before.hours] if before.hours else None,
        "pause": before.pause.isoformat() if before.pause else None,
    }
    response.set_cookie(
        UNDO,
        signing.dumps(value, salt=f"{SALT} {visitor.client.pk}", compress=True),
        max_age=UNDO_SECONDS,
        path=page_of(visitor.key),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response


def kept_of(request: HttpRequest, visitor: Visitor) -> Kept | None:
    """What was kept a moment ago by this browser; none where there is nothing of ours."""
    try:
        value = signing.loads(request.COOKIES.get(UNDO, ""), salt=f"{SALT} {visitor.client.pk}", max_age=UNDO_SECONDS)
    except signing.BadSignature:
        return None
    hours = [time.fromisoformat(hour) for hour in value["hours"] or ()]
    before = Wishes(
        says=value["says"],
        hours=(hours[0], hours[1]) if hours else None,
        pause=date.fromisoformat(value["pause"]) if value["pause"] else None,
    )
    return Kept(
        at=datetime.fromisoformat(value["at"]),
        consents=[tuple(each) for each in value["consents"]],
        before=before,
        changed=value["changed"],
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
