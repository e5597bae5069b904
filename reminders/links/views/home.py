"""Her own page: the next appointment, points, vouchers, how to care for what was done."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from crm.booking.models import Visit
from crm.care.selectors import quotes_about
from crm.team.selectors import branch_day
from crm.team.wording import date_words, money_words, number_words
from loyalty.points.selectors import loyalty_settings, points_summary
from loyalty.vouchers.selectors import open_vouchers
from reminders.links.doors import Visitor, behind
from reminders.links.selectors import booked_ahead, may_book
from reminders.links.words import appointment_facts, voucher_words
from reminders.messages.filling import appointment_url, quote_words
from reminders.messages.selectors import services_of_visit, words_of_services
from reminders.messages.tokens import Door, open_url

# what others say, on her page
QUOTES = 3


@require_safe
@behind(Door.HOME)
def home(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    client, language = visitor.client, visitor.language
    today = branch_day(client.branch, visitor.now)
    booked = booked_ahead(client, visitor.now)
    points = points_summary(client, loyalty_settings())
    last = Visit.objects.filter(client=client, on__lte=today).order_by("-on").first()
    services = services_of_visit(client, last.on) if last else []
    known = words_of_services(services, language)
    context = {
        "client": client,
        "booked": appointment_facts(booked, visitor) if booked else None,
        "can_book": may_book(client),
        "booked_url": appointment_url(booked, today=today) if booked else "",
        "points": number_words(points.balance, language),
        "worth": money_words(points.worth, client.branch.currency, language) if points.balance else "",
        "expiring": {
            "points": number_words(points.next_expiry_points, language),
            "on": date_words(points.next_expiry_on, language),
        }
        if points.next_expiry_on
        else None,
        "vouchers": [
            {"code": voucher.code, "words": voucher_words(voucher, visitor)} for voucher in open_vouchers(client, today)
        ],
        "guides": list(
            dict.fromkeys(
                known[each.pk].care_guide for each in services if each.pk in known and known[each.pk].care_guide
            )
        ),
        "quotes": [
            quote_words(quote, language) for quote in quotes_about(services, language, beside=client, count=QUOTES)
        ],
        "branch": client.branch,
        "preferences_url": open_url(door=Door.PREFERENCES, client_id=client.pk, today=today),
    }
    return render(request, "links/home.html", context)
