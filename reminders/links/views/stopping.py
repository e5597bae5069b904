"""The page of a link that stops one kind of message: it asks, then says what ended and what goes on (trust.md, D5)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from reminders.consent.models import Channel, Purpose
from reminders.consent.selectors import is_allowed, permission_of
from reminders.links.doors import Visitor
from reminders.messages.tokens import Door, open_url

ENDED = {
    (Purpose.MARKETING, Channel.EMAIL): _("Invitations and offers no longer reach you by e-mail."),
    (Purpose.MARKETING, Channel.SMS): _("Invitations and offers no longer reach you by SMS."),
    (Purpose.MARKETING, Channel.CHAT): _("Invitations and offers no longer reach you by messenger."),
    (Purpose.CARE, Channel.EMAIL): _("Questions after a visit no longer reach you by e-mail."),
    (Purpose.CARE, Channel.SMS): _("Questions after a visit no longer reach you by SMS."),
    (Purpose.CARE, Channel.CHAT): _("Questions after a visit no longer reach you by messenger."),
    (Purpose.SERVICE, Channel.EMAIL): _("Messages about your appointments no longer reach you by e-mail."),
    (Purpose.SERVICE, Channel.SMS): _("Messages about your appointments no longer reach you by SMS."),
    (Purpose.SERVICE, Channel.CHAT): _("Messages about your appointments no longer reach you by messenger."),
}
GOES_ON = {
    (Purpose.MARKETING, Channel.EMAIL): _("Invitations and offers still reach you by e-mail."),
    (Purpose.MARKETING, Channel.SMS): _("Invitations and offers still reach you by SMS."),
    (Purpose.MARKETING, Channel.CHAT): _("Invitations and offers still reach you by messenger."),
    (Purpose.CARE, Channel.EMAIL): _("Questions after a visit still reach you by e-mail."),
    (Purpose.CARE, Channel.SMS): _("Questions after a visit still reach you by SMS."),
    (Purpose.CARE, Channel.CHAT): _("Questions after a visit still reach you by messenger."),
    (Purpose.SERVICE, Channel.EMAIL): _("Messages about your appointments still reach you by e-mail."),
    (Purpose.SERVICE, Channel.SMS): _("Messages about your appointments still reach you by SMS."),
    (Purpose.SERVICE, Channel.CHAT): _("Messages about your appointments still reach you by messenger."),
}


def stop_page(
    request: HttpRequest, visitor: Visitor, purpose: str, channel: str, *, may_stop_all: bool = False
) -> HttpResponse:
    """Asks while this is on; says what ended once it is off, however often the link is opened."""
    permission = permission_of(visitor.client)
    off = [
        stopped
        for stopped in ((purpose, channel), (Purpose.CARE, channel), (Purpose.MARKETING, channel))
        if not is_allowed(permission, *stopped)
    ]
    # pressing the one for all ended care and offers; else only this one was asked about
    stops_all = may_stop_all and "all" in request.POST
    is_done = stops_all or (purpose, channel) in off
    ended = list(dict.fromkeys(off)) if stops_all else [(purpose, channel)]
    client = visitor.client
    addresses = {Channel.EMAIL: client.email, Channel.SMS: client.phone, Channel.CHAT: client.messenger}
    on = [
        (kind, way)
        for kind, way in GOES_ON
        if addresses[way] and not getattr(permission, f"{way}_dead_at", None) and is_allowed(permission, kind, way)
    ]
    context = {
        "purpose": purpose,
        "channel": channel,
        "may_stop_all": may_stop_all,
        "is_done": is_done,
        "ended": [ENDED[stopped] for stopped in ended if stopped in ENDED],
        "goes_on": [GOES_ON[kept] for kept in on],
        "branch": visitor.client.branch,
        "only_appointments": bool(on) and all(kind == Purpose.SERVICE for kind, _way in on),
        "preferences_url": open_url(door=Door.PREFERENCES, client_id=visitor.client.pk, today=visitor.now.date()),
    }
    return render(request, "links/unsubscribe.html", context)
