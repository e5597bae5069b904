"""The set-up of the programme in the office: it asks for the typical ticket and proposes sums in money."""

from decimal import Decimal
from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from crm.office.programme.forms import SumsForm, TicketForm
from crm.office.programme.selectors import anybody_has_points, current_sums, typical_ticket
from crm.office.programme.services import SumsRefused, take_over
from crm.office.programme.sums import Sums, points_for, propose
from crm.reports.selectors.figures import salon_currency
from crm.team.admin_base import owner_only, shown_money
from crm.team.wording import number_words, percent_words
from loyalty.points.models import LoyaltySettings
from loyalty.points.selectors import loyalty_settings

REFUSED = 422


@require_http_methods(["GET", "HEAD", "POST"])
@owner_only
def set_up(request: HttpRequest) -> HttpResponse:
    """Looking writes nothing; *Take these over* writes the rules of the next checkout."""
    currency, rules = salon_currency(), loyalty_settings()
    known = typical_ticket(currency)
    sent = request.POST if request.method == "POST" else request.GET
    asked = TicketForm(
        {"ticket": sent["ticket"]} if "ticket" in sent else None,
        currency=currency,
        initial={"ticket": known.amount if known else None},
    )
    ticket = asked.cleaned_data["ticket"] if asked.is_valid() else (known.amount if known else None)
    form, stays = None, anybody_has_points()
    if ticket is not None and not (asked.is_bound and asked.errors):
        proposed = propose(ticket, currency, point_value=rules.point_value if stays else None)
        form = SumsForm(
            request.POST if request.method == "POST" else None,
            currency=currency,
            proposed=proposed,
            rules=rules,
            point_stays=stays,
        )
    if request.method == "POST" and form is not None and form.is_valid():
        try:
            take_over(sums=form.sums, switches=form.switches)
        except SumsRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("These are the rules from the next checkout on."))
            return HttpResponseRedirect(reverse("loyalty_set_up"))
    context = {
        **admin.site.each_context(request),
        "title": _("Set up the programme"),
        "asked": asked,
        "known": known,
        "known_words": shown_money(known.amount, currency) if known else "",
        "ticket": ticket,
        "form": form,
        "point_stays": stays,
        "groups": groups(form, proposed, current_sums(rules), ticket, currency, rules) if form and ticket else [],
    }
    status = REFUSED if request.method == "POST" else 200
    return TemplateResponse(request, "admin/programme/set_up.html", context, status=status)


def groups(
    form: SumsForm, proposed: Sums, now: Sums, ticket: Decimal, currency: str, rules: LoyaltySettings
) -> list[dict[str, Any]]:
    """The fields in the order in which a salon would talk of them, each with what it means in money, and what holds now."""
    language = get_language() or "en"

    def money(amount: Decimal) -> str:
        return shown_money(amount, currency)

    def points(amount: Decimal) -> str:
        return number_words(points_for(amount, proposed.point_value), language)

    def row(name: str, words: str, held: str) -> dict[str, Any]:
        return {"field": form[name], "words": words, "now": held}

    def benefit(name: str, words: str) -> dict[str, Any]:
        amount = getattr(proposed, name)
        said = words % {"sum": money(amount), "points": points(amount)}
        return row(name, said, money(getattr(now, name)))

    back = ticket * proposed.cashback / 100
    return [
        {
            "title": _("Points"),
            "switch": None,
            "rows": [
                row(
                    "point_value",
                    _("10 points pay %(sum)s.") % {"sum": money(proposed.point_value * 10)},
                    money(now.point_value),
                ),
                row(
                    "cashback",
                    _("Who pays %(ticket)s gets about %(sum)s back: %(points)s points.")
                    % {"ticket": money(ticket), "sum": money(back), "points": points(back)},
                    percent_words(round(now.cashback), language),
                ),
            ],
        },
        {
            "title": _("Rebooking on the spot"),
            "switch": form["rebooking_on"],
            "rows": [benefit("rebooking", _("Rebooking earns her about %(sum)s: %(points)s points."))],
        },
        {
            "title": _("Friends"),
            "switch": form["referral_on"],
            "rows": [
                benefit("referrer", _("Bringing a friend earns her about %(sum)s: %(points)s points.")),
                benefit("friend", _("The friend gets about %(sum)s: %(points)s points.")),
            ],
        },
        {
            "title": _("Points by hand"),
            "switch": form["gesture_on"],
            "rows": [benefit("gesture", _("One login gives at most %(sum)s a day: %(points)s points."))],
        },
        {
            "title": _("Cards and large purchases"),
            "switch": None,
            "rows": [
                row("gold", _("Twelve usual days in a year: %(sum)s.") % {"sum": money(proposed.gold)}, money(now.gold)),
                row("vip", _("Thirty-six usual days in a year: %(sum)s.") % {"sum": money(proposed.vip)}, money(now.vip)),
                row(
                    "large",
                    _("From about %(sum)s on a day she hears that she chose well.") % {"sum": money(ticket * proposed.large)},
                    str(now.large),
                ),
            ],
        },
    ]  # fmt: skip
