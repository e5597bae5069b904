"""Cards at the desk: issued with one tap, shown, printed, and issued anew where one is lost (practices.md, P24)."""

from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from crm.desk.access import desk_page, visible_client
from crm.desk.words import money
from crm.team.qr import qr_svg
from crm.team.selectors import branch_day
from crm.team.wording import percent_words, short_date_words
from loyalty.cards.models import Card
from loyalty.cards.selectors import circle_of, progress_of
from loyalty.cards.services import CardClosed, HasCard, issue_card, replace_card
from loyalty.cards.words import number_in_groups
from loyalty.points.selectors import loyalty_settings

USES = 20
BEARER = "bearer"


@require_POST
@desk_page
def card_issue(request: HttpRequest, client_id: int) -> HttpResponse:
    """A card of her own, or with `kind=bearer` one that she lends."""
    client = visible_client(client_id)
    try:
        card = issue_card(
            client=client,
            now=timezone.now(),
            rules=loyalty_settings(),
            user=request.user,
            is_bearer=request.POST.get("kind") == BEARER,
        )
    except HasCard as refused:
        messages.info(request, str(refused))
        return redirect("desk:client", client_id=client.pk)
    messages.success(request, _("Her card is ready. She finds it on her page; here it can be printed."))
    return redirect("desk:card", card_id=card.pk)


@require_safe
@desk_page
def card_page(request: HttpRequest, card_id: int) -> HttpResponse:
    """One card: its face, what it gives, whom it served."""
    card = get_object_or_404(Card.objects.select_related("level", "client__branch"), pk=card_id)
    language, currency = get_language() or "en", card.client.branch.currency
    today = branch_day(card.client.branch, timezone.now())
    uses = card.uses.select_related("client", "sale").order_by("-on", "-pk")[:USES]
    context = {
        "nav": "clients",
        "card": card,
        "number": number_in_groups(card.number),
        "percent": percent_words(card.level.percent, language),
        "qr": qr_svg(card.number) if card.closed_at is None else "",
        "uses": [
            {"use": use, "paid": money(use.sale.paid, currency), "saved": money(use.saved, currency)} for use in uses
        ],
        "circle": circle_words(card, currency) if card.is_bearer else "",
        "ahead": "" if card.is_bearer or card.closed_at else ahead_words(card, today, currency, language),
    }
    return render(request, "desk/cards/page.html", context)


def circle_words(card: Card, currency: str) -> str:
    """“This card brought 4 people, 310.00.”"""
    circle = circle_of(card)
    words = ngettext(
        "This card brought %(count)d person, %(paid)s.", "This card brought %(count)d people, %(paid)s.", circle.people
    )
    return words % {"count": circle.people, "paid": money(circle.paid, currency)}


def ahead_words(card: Card, today: date, currency: str, language: str) -> str:
    """What is missing to the next level, and when the year is looked at."""
    progress = progress_of(card, today=today, rules=loyalty_settings())
    review = _("Looked at again on %(day)s.") % {
        "day": short_date_words(card.review_on, language, with_year=card.review_on.year != today.year)
    }
    if progress.level is None:
        return review
    if not progress.missing:
        return f"{_('After her next visit it is %(level)s.') % {'level': progress.level}} {review}"
    more = _("%(sum)s more, and it is %(level)s.") % {
        "sum": money(progress.missing, currency),
        "level": progress.level,
    }
    return f"{more} {review}"


@require_POST
@desk_page
def card_anew(request: HttpRequest, card_id: int) -> HttpResponse:
    """Lost: the number is dead at once, and there is a new one."""
    card = get_object_or_404(Card, pk=card_id)
    try:
        new = replace_card(card=card, now=timezone.now(), user=request.user)
    except CardClosed as refused:
        messages.info(request, str(refused))
        return redirect("desk:card", card_id=card.pk)
    messages.success(request, _("The old number is dead. This is her new card."))
    return redirect("desk:card", card_id=new.pk)
