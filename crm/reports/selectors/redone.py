"""What complaints say of each master: solved ones that she looked after, and figures that a redo took back (practices.md, P43)."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Q, Sum

from crm.booking.models import Appointment
from crm.care.models import Complaint, Redo
from crm.reports.selectors.figures import money, salon_currency
from crm.reports.selectors.standing import On

Outcome = Complaint.Outcome


def redone_by_master(on: On, since: date, until: date) -> dict[tuple[str, str, str], dict[str, Any]]:
    """By branch, code and name of the master: `complaints_solved`, `redos`, `figure_taken_back` (money, before discounts).

    A complaint is solved on the day it was closed as solved or yielded, by the master whose login looked after it. A
    redo counts on the day it was agreed, if it was not called off; it takes the first master's figure back once, unless
    she had reported it before the client complained (rules.md, Feedback and complaints).
    """
    found: dict[tuple[str, str, str], dict[str, Any]] = {}
    currency = salon_currency()

    def row(master: tuple[str, str, str]) -> dict[str, Any]:
        return found.setdefault(
            master, {"complaints_solved": 0, "redos": 0, "figure_taken_back": money(Decimal(0), currency)}
        )

    solved = (
        Complaint.objects.filter(
            resolved_on__gte=since,
            resolved_on__lt=until,
            resolved_on__lte=on.today,
            outcome__in=[Outcome.SOLVED, Outcome.YIELDED],
            owner__master__isnull=False,
        )
        .values_list("owner__master__branch__name", "owner__master__code", "owner__master__name")
        .annotate(number=Count("pk"))
        .order_by()
    )
    for branch, code, name, number in solved:
        row((branch, code, name))["complaints_solved"] = number
    said_first = Q(complaint__isnull=True) | Q(reported_by_master_at__lt=F("complaint__opened_at"))
    redos = (
        Redo.objects.filter(agreed_on__gte=since, agreed_on__lt=until, agreed_on__lte=on.today, master__isnull=False)
        .exclude(appointment__status__in=[Appointment.Status.CANCELLED, Appointment.Status.NO_SHOW])
        .values_list("master__branch__name", "master__code", "master__name")
        .annotate(
            number=Count("pk"),
            kept=Sum("figure", filter=Q(reported_by_master_at__isnull=False) & said_first),
            figure=Sum("figure"),
        )
        .order_by()
    )
    for branch, code, name, number, kept, figure in redos:
        said = row((branch, code, name))
        said["redos"] = number
        said["figure_taken_back"] = money(figure - (kept or Decimal(0)), currency)
    return found
