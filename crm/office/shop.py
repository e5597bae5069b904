"""The owner's page of what the shop brings: orders, who was helped, products (practices.md, P34 to P36)."""

from decimal import Decimal

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from crm.office.access import owner_page
from crm.office.periods import period_of
from crm.reports.selectors.figures import salon_currency
from crm.reports.selectors.shop import shop_report
from crm.team.wording import money_words, number_words, percent_words


@require_safe
@owner_page
def shop(request: HttpRequest) -> HttpResponse:
    """Of the last 30, 90 or 365 days."""
    period, language, currency = period_of(request, usual=90), get_language() or "en", salon_currency()
    report = shop_report(period.on, period.since, period.until)

    def money(amount: Decimal | None) -> str:
        return "" if amount is None else money_words(amount, currency, language)

    share = report["share"]
    context = {
        "tabs": period.tabs,
        "figures": [
            (_("Orders taken"), number_words(report["orders"], language), ""),
            (
                _("Handed over by the day first promised"),
                "" if share is None else percent_words(round(share * 100), language),
                _("Of those handed over."),
            ),
            (_("Late"), number_words(report["late"], language), _("The day was moved, or missed.")),
            (_("Called off"), number_words(report["called_off"], language), ""),
            (_("Open now"), number_words(report["open_now"], language), ""),
            (_("Overdue now"), number_words(report["overdue"], language), _("Nobody has told her a new day.")),
            (_("Out of stock, helped"), number_words(report["helped"], language), ""),
            (_("Sent to other places"), number_words(report["sent"], language), ""),
        ],
        "products": [
            {**row, "brought": money(row["brought"]), "margin": money(row["margin"])} for row in report["products"]
        ],
    }
    return render(request, "office/shop.html", context)
