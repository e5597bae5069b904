"""Writing down that a client came (rules.md, Visits)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from crm.booking.models import Visit, VisitItem
from crm.booking.services.pulse import refresh_pulses
from crm.booking.services.step import came_on, lock_client, note_came
from crm.catalogue.models import Product, Service
from crm.people.models import Client
from crm.team.models import Branch, Master


@dataclass(frozen=True, slots=True)
class VisitFact:
    """One service done or product sold, and by whom."""

    service: Service | None = None
    product: Product | None = None
    master: Master | None = None


@transaction.atomic
def record_visit(
    *,
    client: Client,
    branch: Branch,
    on: date,
    source: str,
    items: Sequence[VisitFact],
    is_paid: bool,
    now: datetime,
) -> Visit:
    """The client came on this branch day; `source` names the fact (“appointment 12”, “sale 7”).

    Told again of the same source it replaces what that source said, so it may be called twice.
    """
    # parent first: two facts of one client and day wait for each other here
    lock_client(client.pk)
    one_offs = [item.service.is_one_off for item in items if item.service]
    day = {"branch": branch, "is_paid": is_paid, **_kind_of_day(one_offs)}
    if came_on(client.pk, on) is False:
        visit, is_new = Visit.objects.create(client=client, on=on, **day), True
    else:
        visit, is_new = Visit.objects.get_or_create(client=client, on=on, defaults=day)
    note_came(client.pk, on, True)
    if not is_new:
        # a source speaks of one day: a new one has nothing that it said before
        _forget(client, source)
    VisitItem.objects.bulk_create(
        [
            VisitItem(visit=visit, source=source, service=item.service, product=item.product, master=item.master)
            for item in items
        ]
        # a visit without a known service is one all the same
        or [VisitItem(visit=visit, source=source)]
    )
    if not is_new:
        _settle(visit, is_paid=visit.is_paid or is_paid)
    refresh_pulses(client_ids=[client.pk], now=now)
    return visit


def _forget(client: Client, source: str) -> None:
    # no join: a planner without statistics would join every item with every item
    VisitItem.objects.filter(source=source, visit__in=Visit.objects.filter(client=client).values("pk")).delete()


@transaction.atomic
def withdraw_visit(*, client: Client, source: str, now: datetime) -> None:
    """What this source said was a slip; a day that nothing else speaks for is no visit day."""
    lock_client(client.pk)
    visits = list(Visit.objects.filter(client=client, items__source=source).distinct())
    _forget(client, source)
    for visit in visits:
        if VisitItem.objects.filter(visit=visit).exists():
            _settle(visit, is_paid=visit.is_paid)
        else:
            note_came(client.pk, visit.on, False)
            visit.delete()
    refresh_pulses(client_ids=[client.pk], now=now)


def _settle(visit: Visit, *, is_paid: bool) -> None:
    """What the day's items make of it."""
    services = VisitItem.objects.filter(visit=visit, service__isnull=False)
    one_offs = list(services.values_list("service__is_one_off", flat=True))
    for name, value in _kind_of_day(one_offs).items():
        setattr(visit, name, value)
    visit.is_paid = is_paid
    visit.save(update_fields=["has_service", "counts", "is_paid"])


def _kind_of_day(one_offs: list[bool]) -> dict[str, bool]:
    """`one_offs` says of each of the day's services whether it is one."""
    return {"has_service": bool(one_offs), "counts": not all(one_offs)}
