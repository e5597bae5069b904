"""Her card in her pocket: number, level and QR, to be shown, printed, and read without a network (practices.md, P24)."""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from crm.team.qr import qr_svg
from crm.team.selectors import branch_day, zone
from crm.team.wording import date_words, money_words, percent_words
from loyalty.cards.models import Card
from loyalty.cards.selectors import cards_of, circle_of, progress_of
from loyalty.cards.words import number_in_groups
from loyalty.points.selectors import loyalty_settings
from reminders.links.doors import Visitor, behind, hand_key
from reminders.messages.tokens import Door, make_token, read_token


@require_safe
@behind(Door.HOME, or_by=Door.CARD)
def card(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Her own card large, and the one that she lends below it. Whoever comes by her page may come back to it for months."""
    client, today = visitor.client, branch_day(visitor.client.branch, visitor.now)
    faces = [face_of(each, visitor, today) for each in cards_of(client)]
    context = {
        "faces": faces,
        "branch": client.branch,
        "is_from_home": visitor.key.door == Door.HOME,
        "true_at": timezone.localtime(visitor.now, zone(client.branch)).replace(tzinfo=None),
    }
    response = render(request, "links/card.html", context)
    if visitor.key.door == Door.HOME and faces:
        token = make_token(door=Door.CARD, client_id=client.pk, today=visitor.now.date())
        hand_key(response, token, read_token(token, today=visitor.now.date()))
    return response


def face_of(card: Card, visitor: Visitor, today: date) -> dict[str, Any]:
    """A card with what it gives and what comes next, in her language."""
    language, currency = visitor.language, visitor.client.branch.currency
    percent = percent_words(card.level.percent, language)
    face: dict[str, Any] = {
        "level": str(card.level),
        "percent": percent,
        "number": number_in_groups(card.number),
        "qr": qr_svg(card.number),
        "is_bearer": card.is_bearer,
    }
    if card.is_bearer:
        circle = circle_of(card)
        words = ngettext(
            "It has brought %(count)d person so far.", "It has brought %(count)d people so far.", circle.people
        )
        face["circle"] = words % {"count": circle.people} if circle.people else ""
        return face
    card.client = visitor.client
    progress = progress_of(card, today=today, rules=loyalty_settings())
    face["name"] = visitor.client.called or visitor.client.name
    face["review"] = date_words(card.review_on, language)
    if progress.level is not None:
        face["next"] = {
            "level": str(progress.level),
            "percent": percent_words(progress.level.percent, language),
            # an import may have brought it already: then the next sale raises it
            "words": _("%(sum)s more") % {"sum": money_words(progress.missing, currency, language)}
            if progress.missing
            else _("after the next visit"),
            # whole units are enough for a bar
            "done": int(progress.paid),
            "total": int(progress.level.from_paid),
        }
    return face
