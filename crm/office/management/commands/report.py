"""Figures of the salon (contracts.md; rules.md, Reports)."""

import json
from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models import Min
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.booking.models import Visit
from crm.reports.selectors.fallouts import fallouts_report
from crm.reports.selectors.glasses import glasses_report
from crm.reports.selectors.margin import margin_report
from crm.reports.selectors.misses import noshows_report
from crm.reports.selectors.moments import moments_report
from crm.reports.selectors.motivation import motivation_report
from crm.reports.selectors.promised import promises_report
from crm.reports.selectors.returning import rebooking_report, retention_report
from crm.reports.selectors.revenue import pareto_report, sources_report, value_report
from crm.reports.selectors.shop import shop_report
from crm.reports.selectors.standards import standards_report
from crm.reports.selectors.standing import On, rhythm_report, stages_report
from crm.reports.selectors.touchpoints import touchpoints_report
from crm.sales.models import Sale
from loyalty.amends.selectors import complaints_with_costs
from loyalty.gifts.selectors import got_at_visit
from loyalty.points.selectors import points_report
from reminders.effect.selectors.report import effect_report

Report = dict[str, Any] | Iterable[dict[str, Any]]
REPORTS: dict[str, Callable[[On, date, date], Report]] = {
    "rhythm": lambda on, _since, _until: rhythm_report(on),
    "stages": stages_report,
    "pareto": pareto_report,
    "value": value_report,
    "rebooking": rebooking_report,
    "retention": retention_report,
    "complaints": complaints_with_costs,
    "noshows": noshows_report,
    "promises": promises_report,
    "margin": lambda on, since, until: margin_report(on, since, until, more=got_at_visit()),
    "standards": standards_report,
    "moments": moments_report,
    "motivation": motivation_report,
    "glasses": glasses_report,
    "fallouts": fallouts_report,
    "shop": shop_report,
    "points": lambda on, since, until: points_report(since=since, until=until, today=on.today),
    "sources": sources_report,
    "touchpoints": touchpoints_report,
    "effect": effect_report,
}


def a_day(text: str) -> date:
    """A day of the command line."""
    return date.fromisoformat(text)


class Command(BaseCommand):
    help = "Print a report: a plain table, or one JSON document with --json."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", metavar="NAME", choices=sorted(REPORTS), help=", ".join(sorted(REPORTS)))
        parser.add_argument("--from", dest="since", metavar="DATE", type=a_day, help="first day; else the first of all")
        parser.add_argument(
            "--to", dest="until", metavar="DATE", type=a_day, help="the day after the last; else today's"
        )
        parser.add_argument("--today", metavar="DATE", type=a_day, help="as it was at the end of that day")
        parser.add_argument("--json", action="store_true", help="one JSON document on standard output")

    def handle(self, *args: Any, **options: Any) -> None:
        on = On.of(options["today"], timezone.now())
        since = options["since"] or first_day(on.today)
        until = options["until"] or on.today + timedelta(days=1)
        if since > until:
            raise CommandError(_("--from comes after --to."), returncode=2)
        report = REPORTS[options["name"]](on, since, until)
        if options["json"]:
            self._print_json(report)
        else:
            for line in as_text(report):
                self.stdout.write(line)

    def _print_json(self, report: Report) -> None:
        """One document; a long list is written row by row, so that memory stays flat."""
        if isinstance(report, dict):
            self.stdout.write(json.dumps(report, ensure_ascii=False, indent=1))
            return
        opening = "["
        for row in report:
            self.stdout.write(opening + "\n" + json.dumps(row, ensure_ascii=False), ending="")
            opening = ","
        self.stdout.write("\n]" if opening == "," else "[]")


def first_day(today: date) -> date:
    """The day of the first visit or sale ever; today where there is none."""
    found = [
        model.objects.aggregate(first=Min("on"))["first"]  # type: ignore[attr-defined]
        for model in (Visit, Sale)
    ]
    return min((day for day in found if day is not None), default=today)


def as_text(report: Report) -> Iterator[str]:
    """Plain lines: single figures first, then each list as a table."""
    if not isinstance(report, dict):
        yield from table(list(report))
        return
    lists = []
    for name, value in report.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            lists.append((name, value))
        else:
            yield f"{name}: {cell(value)}"
    for name, rows in lists:
        yield ""
        yield f"{name}:"
        yield from table(rows)


def table(rows: list[dict[str, Any]]) -> Iterator[str]:
    """Columns as wide as their widest cell."""
    if not rows:
        yield _("Nothing to show.")
        return
    columns = list(rows[0])
    cells = [columns, *([cell(row[column]) for column in columns] for row in rows)]
    widths = [max(len(line[place]) for line in cells) for place in range(len(columns))]
    for line in cells:
        yield "  ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)).rstrip()


def cell(value: object) -> str:
    if value is None:
        return "-"
    if isinstance(value, dict):
        return ", ".join(f"{key} {cell(entry)}" for key, entry in value.items())
    if isinstance(value, list):
        return "; ".join(cell(entry) for entry in value) or "-"
    return str(value)
