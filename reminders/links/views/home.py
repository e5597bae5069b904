"""Her own page: what she has, the next appointment, vouchers, how to care for what was done; and all that was."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from crm.booking.models import Visit
from crm.care.selectors import quotes_about
from crm.people.models import Client
from crm.team.selectors import branch_day
from loyalty.cards.selectors import cards_of
from loyalty.partners.selectors import offers_there
from loyalty.points.selectors import her_ledger, loyalty_settings, points_summary
from loyalty.vouchers.selectors import open_vouchers, rewards_on_offer
from reminders.consent.selectors import endings, permission_of
from reminders.links.doors import Visitor, behind
from reminders.links.purse import card_words, history_rows, purse_facts, reward_rows, voucher_rows
from reminders.links.selectors.bookable import may_book
from reminders.links.selectors.hers import booked_ahead, pending_of
from reminders.links.views.friends import friend_facts
from reminders.links.views.photographs import of_last_visit, shown_rows
from reminders.links.words import appointment_facts
from reminders.messages.destinations import appointment_url
from reminders.messages.filling import quote_words
from reminders.messages.selectors import services_of_visit, words_of_services
from reminders.messages.tokens import Door, open_url

# what others say, on her page
QUOTES = 3
# of what has happened to her points, on her page and on one of the pages behind it
LATEST, A_PAGE = 4, 20


@require_safe
@behind(Door.HOME)
def home(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    client, language = visitor.client, visitor.language
    today = branch_day(client.branch, visitor.now)
    rules = loyalty_settings()
    booked = booked_ahead(client, visitor.now)
    last = Visit.objects.filter(client=client, on__lte=today).order_by("-on").first()
    services = services_of_visit(client, last.on) if last else []
    known = words_of_services(services, language)
    summary = points_summary(client, rules)
    catalogue = reward_rows(rewards_on_offer(client.branch, balance=summary.balance), summary.balance, visitor)
    latest = list(her_ledger(client)[: LATEST + 1])
    context = {
        "client": client,
        "booked": appointment_facts(booked, visitor) if booked else None,
        "can_book": may_book(client),
        "booked_url": appointment_url(booked, today=today) if booked else "",
        "purse": purse_facts(summary, pending_of(client), rules, visitor, today),
        "card": card_words(next(iter(cards_of(client)), None), language),
        "card_url": reverse("my:card"),
        "rewards": [row for row in catalogue if row["is_hers"]],
        "next_reward": next((row for row in catalogue if not row["is_hers"]), None),
        "friend": friend_facts(visitor, rules) if rules.referral_on else None,
        "vouchers": voucher_rows(list(open_vouchers(client, today).select_related("branch")), visitor),
        "history": history_rows(latest[:LATEST], visitor, today),
        "has_more_history": len(latest) > LATEST,
        "guides": list(
            dict.fromkeys(
                known[each.pk].care_guide for each in services if each.pk in known and known[each.pk].care_guide
            )
        ),
        "quotes": [
            quote_words(quote, language) for quote in quotes_about(services, language, beside=client, count=QUOTES)
        ],
        "photographs": shown_rows(of_last_visit(client), visitor),
        "has_partners": offers_there(client, today).exists(),
        "branch": client.branch,
        "ends": endings(permission_of(client), visitor.now),
        "preferences_url": open_url(door=Door.PREFERENCES, client_id=client.pk, today=today),
    }
    return render(request, "links/home.html", context)


@require_safe
@behind(Door.HOME)
def history(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Everything that ever happened to her points, the newest first."""
    today = branch_day(visitor.client.branch, visitor.now)
    page = history_page(visitor.client, request.GET.get("page", ""))
    context = {
        "history": history_rows(page["entries"], visitor, today),
        "earlier": page["earlier"],
        "later": page["later"],
        "branch": visitor.client.branch,
    }
    return render(request, "links/history.html", context)


def history_page(client: Client, asked: str) -> dict[str, Any]:
    """One page of her entries; what cannot be a page is the first one."""
    page = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 6 else 0
    found = list(her_ledger(client)[page * A_PAGE : (page + 1) * A_PAGE + 1])
    return {
        "entries": found[:A_PAGE],
        "earlier": page + 1 if len(found) > A_PAGE else None,
        "later": page - 1 if page else None,
    }
