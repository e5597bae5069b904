"""The watch in the office: one page with every number's meaning and list, and the same as a file for a spreadsheet."""

import csv
import json
from collections.abc import Iterator
from dataclasses import asdict
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from crm.office.cells import guarded
from crm.office.dashboard import Figure
from crm.office.watch.figures import (
    Month,
    Totals,
    Unused,
    by_hand,
    by_month,
    granted_by_rule,
    never_used,
    refused_by_reason,
    refused_lately,
    totals,
)
from crm.office.watch.suspicions import suspicions, words_of
from crm.reports.selectors.figures import salon_currency
from crm.reports.selectors.standing import On
from crm.team.admin_base import owner_only, shown_money
from crm.team.wording import direction, number_words, short_date_words
from loyalty.cards.models import CardLevel
from loyalty.points.models import LedgerEntry, RefusedBenefit, reason_words
from loyalty.points.selectors import loyalty_settings
from loyalty.vouchers.models import Voucher

PERIODS = (30, 90, 365)
# on the page; the file has all of them
SHOWN = 30
MOST = 5_000


@require_safe
@owner_only
def watch(request: HttpRequest) -> HttpResponse:
    """Of the last 30, 90 or 365 days."""
    days, since, until = asked_period(request)
    found = read(since, until, shown=SHOWN)
    context = {
        **admin.site.each_context(request),
        "title": _("Watch over the programme"),
        "days": days,
        "tabs": [
            {"days": period, "words": ngettext("%(count)d day", "%(count)d days", period) % {"count": period}}
            for period in PERIODS
        ],
        "figures": figures_of(found["totals"], found["point_value"]),
        "months": [month_row(month) for month in found["months"]],
        "chart": json.dumps(chart_of(found["months"])),
        "rules": found["rules"],
        "unused": found["unused"],
        "hands": [
            {**asdict(hand), "less_words": shown_money(hand.less, salon_currency()) if hand.less else "0"}
            for hand in found["hands"]
        ],
        "refused": found["refused"],
        "refusals": found["refusals"],
        "suspicions": found["suspicions"],
        "refused_url": address("admin:loyalty_refusedbenefit_changelist"),
    }
    return TemplateResponse(request, "admin/watch/page.html", context)


@require_safe
@owner_only
def watch_file(request: HttpRequest) -> HttpResponse:
    """The same as one CSV; no cell of it is a formula to a spreadsheet."""
    _days, since, until = asked_period(request)
    found = read(since, until, shown=MOST)
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="programme-{since}-{until - timedelta(days=1)}.csv"'
    writer = csv.writer(response)
    for row in file_rows(found):
        writer.writerow([guarded(str(cell)) for cell in row])
    return response


def asked_period(request: HttpRequest) -> tuple[int, date, date]:
    """How many days, the first, and the day after the last."""
    days = int(request.GET["days"]) if request.GET.get("days") in map(str, PERIODS) else PERIODS[1]
    today = On.of(None, timezone.now()).today
    return days, today - timedelta(days=days - 1), today + timedelta(days=1)


def read(since: date, until: date, *, shown: int) -> dict[str, Any]:
    """Everything the page and the file tell, in words."""
    rules, today = loyalty_settings(), until - timedelta(days=1)
    kinds = dict(LedgerEntry.Kind.choices)
    levels = {level.code: str(level) for level in CardLevel.objects.all()}
    refused = dict(RefusedBenefit.Kind.choices), dict(RefusedBenefit.Place.choices)
    return {
        "point_value": rules.point_value,
        "totals": totals(since, until, today, rules),
        "months": by_month(today),
        "rules": [
            {"name": str(kinds[kind]), "times": times, "points": points}
            for kind, (times, points) in granted_by_rule(since, until).items()
        ],
        "unused": [unused_row(each, kinds, levels) for each in never_used(today, rules)],
        "hands": by_hand(since, until),
        "refused": [
            {
                "what": refused[0][row["kind"]],
                "where": refused[1][row["place"]],
                "why": reason_words(row["reason"]),
                "times": row["times"],
            }
            for row in refused_by_reason(since, until)
        ],
        "refusals": refused_lately(since, until, most=shown),
        "suspicions": [
            {
                "words": words_of(each.kind),
                "who": each.who,
                "count": each.count,
                "on": each.on,
                "url": reverse("admin:crm_client_change", args=[each.client_id]) if each.client_id else "",
            }
            for each in suspicions(since, rules)[:shown]
        ],
    }


def figures_of(found: Totals, point_value: Decimal) -> list[Figure]:
    """Each number with what it means and where its list is."""
    language, currency = get_language() or "en", salon_currency()
    ledger, accounts = (
        address("admin:loyalty_ledgerentry_changelist"),
        address("admin:loyalty_pointsaccount_changelist"),
    )

    def points(value: int) -> str:
        return number_words(value, language)

    def worth(value: int) -> str:
        return _("worth %(sum)s") % {"sum": shown_money(value * point_value, currency)}

    return [
        Figure(
            title=_("Granted"), value=points(found.granted), note=worth(found.granted),
            meaning=_("Points given in these days, by whatever rule or hand."), url=ledger, link=_("The ledger"),
        ),
        Figure(
            title=_("Spent"), value=points(found.spent), note=worth(found.spent),
            meaning=_("Points that paid at the checkout or bought a reward, less what came back."),
            url=ledger and f"{ledger}?kind__exact=paid", link=_("What they paid"),
        ),
        Figure(
            title=_("Expired"), value=points(found.expired), note=worth(found.expired),
            meaning=_("Points whose days were over. Who holds many is told before."),
            url=ledger and f"{ledger}?kind__exact=expired", link=_("Which"),
        ),
        Figure(
            title=_("Taken back"), value=points(found.reversed), note=worth(found.reversed),
            meaning=_("What returns and undone gestures took, owed points deducted later included."),
            url=ledger and f"{ledger}?kind__exact=taken_back", link=_("Which"),
        ),
        Figure(
            title=_("What we owe"), value=shown_money(found.liability, currency),
            note=ngettext(
                "%(points)s point in clients' hands", "%(points)s points in clients' hands", found.outstanding
            )
            % {"points": points(found.outstanding)},
            meaning=_("All balances at what a point pays today. It is a promise, and money once they come."),
            url=accounts, link=_("Who holds them"),
        ),
        Figure(
            title=_("Gift certificates"), value=shown_money(found.certificates, currency),
            note=_("left on those that are still good"), meaning=_("Paid ahead and not yet spent."),
            url=address("admin:loyalty_giftcertificate_changelist"), link=_("Which"),
        ),
        Figure(
            title=_("Expiring in 30 days"), value=points(found.expiring_30),
            note=_("%(points)s in 90 days") % {"points": points(found.expiring_90)},
            meaning=_("Points whose last day lies in the days ahead, if nobody comes."), url=accounts,
            link=_("Who holds them"),
        ),
        Figure(
            title=_("Pending"), value=points(found.pending), note=worth(found.pending),
            meaning=_("Promised for visits that are booked; they come when she comes."),
            url=address("admin:loyalty_pendinggrant_changelist", "state__exact=pending"), link=_("For which visits"),
        ),
        Figure(
            title=_("Owed to us"), value=points(found.owed_to_us), note=worth(found.owed_to_us),
            meaning=_("Points that a return should have taken back and that were spent already. They go off her next ones."),
            url=accounts, link=_("By whom"),
        ),
    ]  # fmt: skip


def address(name: str, query: str = "") -> str:
    """Where a list is; empty where there is none."""
    try:
        return reverse(name) + (f"?{query}" if query else "")
    except NoReverseMatch:
        return ""


def month_words(first: date) -> str:
    return short_date_words(first, get_language() or "en", with_year=True).split(" ", 1)[-1]


def month_row(month: Month) -> dict[str, Any]:
    kinds = dict(LedgerEntry.Kind.choices)
    return {
        "month": month_words(month.first),
        "granted": month.all_granted,
        "spent": month.spent,
        "expired": month.expired,
        "reversed": month.reversed,
        "by_rule": ", ".join(f"{kinds[kind]}: {points}" for kind, points in month.granted.items()),
    }


def chart_of(months: list[Month]) -> dict[str, Any]:
    """For the office's chart: what was granted, spent and expired, month by month, in the reader's direction."""
    series = (
        (_("granted"), [month.all_granted for month in months], "var(--color-primary-600)"),
        (_("spent"), [month.spent for month in months], "var(--color-base-400)"),
        (_("expired"), [month.expired for month in months], "var(--color-base-200)"),
    )
    # the picture itself always runs from the left
    turn = -1 if direction(get_language() or "en") == "rtl" else 1
    return {
        "labels": [month_words(month.first) for month in months][::turn],
        "datasets": [
            {
                "label": label,
                "data": data[::turn],
                "backgroundColor": colour,
                "displayYAxis": True,
                "grouped": True,
                "maxBarThickness": 10,
            }
            for label, data, colour in series[::turn]
        ],
    }


def unused_row(each: Unused, kinds: dict[str, Any], levels: dict[str, str]) -> dict[str, Any]:
    """In words, with the way to the record itself or to its list."""
    vouchers = dict(Voucher.Kind.choices)
    what, name, model = {
        "rule": (_("rule"), str(kinds.get(each.name, each.name)), "loyaltysettings"),
        "reward": (_("reward"), each.name, "reward"),
        "campaign": (_("campaign"), each.name, "campaign"),
        "voucher": (_("kind of voucher"), str(vouchers.get(each.name, each.name)), "voucher"),
        "card": (_("cards never shown"), levels.get(each.name, each.name), "card"),
        "partner": (_("partner"), each.name, "partner"),
    }[each.what]
    page = f"admin:loyalty_{model}"
    url = reverse(f"{page}_change", args=[each.key]) if each.key else address(f"{page}_changelist")
    return {"what": what, "name": name, "count": each.count, "url": url}


def file_rows(found: dict[str, Any]) -> Iterator[list[Any]]:
    """Part, name, and up to four more cells."""
    yield ["part", "name", "points_or_count", "detail", "detail_2", "detail_3"]
    total: Totals = found["totals"]
    for name in Totals.__dataclass_fields__:
        yield ["total", name, getattr(total, name), "", "", ""]
    for month in found["months"]:
        yield ["month", f"{month.first:%Y-%m}", month.all_granted, month.spent, month.expired, month.reversed]
    for row in found["rules"]:
        yield ["rule", row["name"], row["points"], row["times"], "", ""]
    for row in found["unused"]:
        yield ["never used", row["name"], row["count"], row["what"], "", ""]
    for hand in found["hands"]:
        yield ["by hand", hand.name, hand.points, hand.times, hand.vouchers, hand.asked]
        yield ["price by hand", hand.name, hand.less, hand.lowered, "", ""]
    for each in found["refusals"]:
        yield ["refused", each.client or "", each.get_kind_display(), each.reason, each.typed, each.at.isoformat()]
    for row in found["suspicions"]:
        yield ["suspicion", row["who"], row["count"], row["words"], row["on"], ""]
