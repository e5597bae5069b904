"""Report of missed visits: by whom and with whom (practices.md, P49; rules.md, Visits)."""

from collections import Counter, defaultdict
from datetime import date
from typing import Any

from django.db.models import Case, CharField, Q, Value, When

from crm.booking.models import Appointment
from crm.booking.selectors import cancelled_late
from crm.reports.selectors.figures import ratio
from crm.reports.selectors.standing import On
from crm.team.selectors import salon_settings

Status = Appointment.Status
SHOWN = 20


def noshows_report(on: On, since: date, until: date) -> dict[str, Any]:
    """`report noshows`: appointments of the period that came to something, and those that were missed or late.

    Late is a cancellation by her within the owner's hours before the start. Shares are of done, missed and late.
    """
    counted = (
        Appointment.objects.filter(on__gte=since, on__lt=until, on__lte=on.today)
        .filter(Q(status__in=[Status.DONE, Status.NO_SHOW]) | cancelled_late(salon_settings()))
        .annotate(
            end=Case(
                When(status=Status.DONE, then=Value("done")),
                When(status=Status.NO_SHOW, then=Value("no_shows")),
                default=Value("late_cancellations"),
                output_field=CharField(),
            )
        )
        .order_by()
        .values_list("client__code", "branch__name", "master__code", "end")
    )
    whole: Counter[str] = Counter()
    by_client: dict[str, Counter[str]] = defaultdict(Counter)
    by_master: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for client, branch, master, end in counted.iterator(chunk_size=5_000):
        for counter in (whole, by_client[client], by_master[branch, master]):
            counter[end] += 1
    missed = {client: counter for client, counter in by_client.items() if counter.total() > counter["done"]}
    worst = sorted(missed.items(), key=lambda entry: (entry[1]["done"] - entry[1].total(), entry[0]))[:SHOWN]
    return {
        **_row(whole),
        "clients_who_missed": len(missed),
        "masters": [
            {"branch": branch, "master": master, **_row(counter)}
            for (branch, master), counter in sorted(by_master.items())
        ],
        "clients": [{"client": client, **_row(counter)} for client, counter in worst],
    }


def _row(counter: Counter[str]) -> dict[str, Any]:
    return {
        "appointments": counter.total(),
        "no_shows": counter["no_shows"],
        "late_cancellations": counter["late_cancellations"],
        "share": ratio(counter.total() - counter["done"], counter.total()),
    }
