"""What the database knew at an instant, and the sales in it.

Readings chosen where rules.md leaves room:

* Dated later than the start: a sale with an hour, and a done appointment, by its instant; a sale
  without an hour by its day, so one of the start's own day is there. A resolution dated later has
  not happened: the complaint is still open.
* A receipt of returns only is no sale; a receipt's sum, and a client-day's, are net of returns.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from statistics import median


def as_at(salon, start):
    """The salon as its database was at that instant."""
    today = start.astimezone(salon.zone).date()

    def known(complaint):
        if complaint.opened_at:
            return complaint.opened_at <= start
        return complaint.opened_on <= today

    def solved(complaint):
        if complaint.resolved_on is None:
            return False
        if complaint.resolved_at:
            return complaint.resolved_at <= start
        return complaint.resolved_on <= today

    return replace(
        salon,
        appointments=[
            one
            for one in salon.appointments
            if (one.booked_at is None or one.booked_at <= start) and (one.status != "done" or one.starts_at <= start)
        ],
        sales=[line for line in salon.sales if (line.at <= start if line.at else line.day <= today)],
        messages=[message for message in salon.messages if message.sent_at <= start],
        complaints=[
            one if solved(one) else replace(one, resolved_on=None, resolved_at=None)
            for one in salon.complaints
            if known(one)
        ],
        points=[entry for entry in salon.points if entry.day <= today],
    )


@dataclass
class Receipt:
    """One sale: the lines of one receipt of one client on one day."""

    day: date
    at: datetime | None
    items: set
    total: Decimal


def receipts(salon, code):
    """Her sales; a receipt of returns only is none."""
    grouped = {}
    for line in salon.sales:
        if line.client == code:
            grouped.setdefault((line.day, line.receipt), []).append(line)
    found = []
    for (day, _), lines in sorted(grouped.items()):
        items = {line.item for line in lines if not line.is_return}
        if items:
            instants = [line.at for line in lines if line.at]
            total = sum(line.amount for line in lines)
            found.append(Receipt(day, min(instants) if instants else None, items, total))
    return found


def median_client_day(salon, day):
    """Half of the client-days with a sale in the 365 days before cost less; None below 30 of them."""
    totals, with_sale = {}, set()
    for line in salon.sales:
        if line.client and day - timedelta(days=365) <= line.day < day:
            key = (line.client, line.day)
            totals[key] = totals.get(key, 0) + line.amount
            if not line.is_return:
                with_sale.add(key)
    paid = [totals[key] for key in with_sale]
    return median(paid) if len(paid) >= 30 else None
