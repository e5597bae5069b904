"""Proving what is kept up to date from the facts: visits, pulses, points, pots, stock and words of search (house.md)."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction

from crm.booking.models import Pulse, Visit
from crm.booking.services.pulse import pulses_from_facts, refresh_pulses
from crm.catalogue.services import rebuild_stock
from crm.office.importing.reading import chunked
from crm.office.visit_facts import expected_of_everything
from crm.people.models import Client
from crm.people.services import rebuild_search
from loyalty.gifts.services import rebuild_pots
from loyalty.points.models import PointsAccount
from loyalty.points.services import rebuild_points
from loyalty.vouchers.services import rebuild_certificates
from reminders.consent.models import ConsentEvent
from reminders.consent.services import date_consents

CHUNK = 2_000
PULSE_FIELDS = tuple(field.attname for field in Pulse._meta.concrete_fields if not field.primary_key)
# these follow from the hour as well: one that has passed is old, not wrong
AHEAD = ("next_starts_at", "next_appointment_id")

VISITS_THAT_DIFFER = """
SELECT wanted.client_id, wanted."on", visit.id, visit.has_service, visit.counts, visit.is_paid,
       wanted.has_service, wanted.counts, wanted.is_paid
FROM wanted_visit wanted
LEFT JOIN crm_visit visit ON visit.client_id = wanted.client_id AND visit."on" = wanted."on"
WHERE visit.id IS NULL OR visit.has_service <> wanted.has_service OR visit.counts <> wanted.counts
   OR visit.is_paid <> wanted.is_paid
UNION ALL
SELECT visit.client_id, visit."on", visit.id, visit.has_service, visit.counts, visit.is_paid, NULL, NULL, NULL
FROM crm_visit visit
LEFT JOIN wanted_visit wanted ON wanted.client_id = visit.client_id AND wanted."on" = visit."on"
WHERE wanted.client_id IS NULL
"""
KEPT_ITEMS = """
SELECT visit.client_id, visit."on", item.source, item.service_id, item.product_id, item.master_id, count(*)
FROM crm_visititem item JOIN crm_visit visit ON visit.id = item.visit_id GROUP BY 1, 2, 3, 4, 5, 6
"""
WANTED_ITEMS = """
SELECT client_id, "on", source, service_id, product_id, master_id, count(*) FROM wanted_item GROUP BY 1, 2, 3, 4, 5, 6
"""
ITEMS_THAT_DIFFER = f"""
SELECT DISTINCT client_id, "on" FROM ({WANTED_ITEMS} EXCEPT {KEPT_ITEMS}) missing
UNION
SELECT DISTINCT client_id, "on" FROM ({KEPT_ITEMS} EXCEPT {WANTED_ITEMS}) surplus
"""  # noqa: S608 statements of our own
WRITE_VISITS = """
INSERT INTO crm_visit (client_id, branch_id, "on", has_service, counts, is_paid)
SELECT wanted.client_id, wanted.branch_id, wanted."on", wanted.has_service, wanted.counts, wanted.is_paid
FROM wanted_visit wanted JOIN wrong_day day ON day.client_id = wanted.client_id AND day."on" = wanted."on"
"""
WRITE_ITEMS = """
INSERT INTO crm_visititem (visit_id, source, service_id, product_id, master_id)
SELECT visit.id, wanted.source, wanted.service_id, wanted.product_id, wanted.master_id
FROM wanted_item wanted
JOIN wrong_day day ON day.client_id = wanted.client_id AND day."on" = wanted."on"
JOIN crm_visit visit ON visit.client_id = wanted.client_id AND visit."on" = wanted."on"
"""


@dataclass(frozen=True, slots=True)
class Difference:
    """Something kept that the facts say differently. `was` and `is_now` are none where there is no row."""

    what: str
    client: str
    name: str
    was: Any
    is_now: Any

    def as_json(self) -> dict[str, Any]:
        return {"what": self.what, "client": self.client, "name": self.name, "was": self.was, "is": self.is_now}


@dataclass(slots=True)
class Rebuilt:
    """What a rebuild found. Nothing is written where it only looked."""

    only_looked: bool
    clients: int = 0
    visits: int = 0
    differences: list[Difference] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        return {
            "check": self.only_looked,
            "clients": self.clients,
            "visits": self.visits,
            "differences": [difference.as_json() for difference in self.differences],
        }


def rebuild(*, now: datetime, only_look: bool = False) -> Rebuilt:
    """Makes visits, pulses, points, gift pots, certificates, stock, dates of consent and words of search what the facts say.

    Tells what was wrong. One transaction.
    """
    found = Rebuilt(only_looked=only_look)
    with transaction.atomic():
        found.differences += _rebuild_visits()
        found.differences += _rebuild_pulses(now)
        found.differences += _rebuild_points()
        found.differences += [
            Difference("gift pot", "", branch.name, str(was), str(became)) for branch, was, became in rebuild_pots()
        ]
        found.differences += _rebuild_certificates()
        found.differences += [Difference("stock", "", one.product.name, one.was, one.became) for one in rebuild_stock()]
        found.differences += _rebuild_consents()
        found.differences += _rebuild_search()
        found.clients, found.visits = Client.objects.count(), Visit.objects.count()
        if only_look:
            transaction.set_rollback(True)
    return found


def _rebuild_visits() -> list[Difference]:
    selects = expected_of_everything()
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # a visit recorded meanwhile waits, else it would be taken back as one without a fact
            cursor.execute("LOCK TABLE crm_visit IN SHARE ROW EXCLUSIVE MODE")
        for name in ("wanted_visit", "wanted_item", "wrong_day"):
            cursor.execute(f"DROP TABLE IF EXISTS {name}")
        cursor.execute(f"CREATE TEMPORARY TABLE wanted_visit AS {selects['visits']}")
        cursor.execute(f"CREATE TEMPORARY TABLE wanted_item AS {selects['items']}")
        cursor.execute('CREATE UNIQUE INDEX wanted_visit_day ON wanted_visit (client_id, "on")')
        # nobody else tells the planner how much is in a temporary table
        for name in ("wanted_visit", "wanted_item"):
            cursor.execute(f"ANALYZE {name}")
        cursor.execute(VISITS_THAT_DIFFER)
        rows = cursor.fetchall()
        days = {(client, _date(on)) for client, on, *_flags in rows}
        cursor.execute(ITEMS_THAT_DIFFER)
        of_items = {(client, _date(on)) for client, on in cursor.fetchall()} - days
        if days or of_items:
            _write_days(cursor, days | of_items)
        for name in ("wanted_visit", "wanted_item"):
            cursor.execute(f"DROP TABLE {name}")
    codes = _codes({client for client, _on in days | of_items})
    found = [
        Difference(
            "visit",
            codes[client],
            _date(on).isoformat(),
            None if pk is None else _flags(was),
            None if wanted[0] is None else _flags(wanted),
        )
        for client, on, pk, *flags in rows
        for was, wanted in [(flags[:3], flags[3:])]
    ]
    found += [Difference("visit items", codes[client], on.isoformat(), None, None) for client, on in of_items]
    return sorted(found, key=lambda difference: (difference.client, difference.name))


def _write_days(cursor: Any, days: Iterable[tuple[int, date]]) -> None:
    """Writes these days anew; a day that no fact speaks for is gone."""
    cursor.execute('CREATE TEMPORARY TABLE wrong_day (client_id bigint, "on" date)')
    cursor.executemany(
        "INSERT INTO wrong_day VALUES (%s, %s)",
        [(client, connection.ops.adapt_datefield_value(on)) for client, on in days],
    )
    wrong = """(SELECT visit.id FROM crm_visit visit
                JOIN wrong_day day ON day.client_id = visit.client_id AND day."on" = visit."on")"""
    cursor.execute(f"DELETE FROM crm_visititem WHERE visit_id IN {wrong}")  # noqa: S608 a statement of our own
    cursor.execute(f"DELETE FROM crm_visit WHERE id IN {wrong}")  # noqa: S608
    cursor.execute(WRITE_VISITS)
    cursor.execute(WRITE_ITEMS)
    cursor.execute("DROP TABLE wrong_day")


def _rebuild_pulses(now: datetime) -> list[Difference]:
    found = []
    for ids in chunked(Client.objects.order_by("pk").values_list("pk", flat=True).iterator(), CHUNK):
        kept = Pulse.objects.in_bulk(ids)
        codes = _codes(ids)
        wrong = set()
        for wanted in pulses_from_facts(ids, now):
            # who has no row yet is taken for one of whom nothing is known
            row = kept.get(wanted.client_id) or Pulse(client_id=wanted.client_id)
            for name in PULSE_FIELDS:
                was, is_now = getattr(row, name), getattr(wanted, name)
                is_over = name in AHEAD and row.next_starts_at is not None and row.next_starts_at < now
                if was != is_now and not is_over:
                    wrong.add(wanted.client_id)
                    found.append(Difference("pulse", codes[wanted.client_id], name, _plain(was), _plain(is_now)))
        if wrong:
            refresh_pulses(client_ids=wrong, now=now)
    return found


def _rebuild_points() -> list[Difference]:
    corrections = rebuild_points()
    owners = dict(
        PointsAccount.objects.filter(pk__in={one.account_id for one in corrections}).values_list("pk", "client__code")
    )
    return [
        Difference("points", owners[one.account_id] or "", one.what, _plain(one.was), _plain(one.became))
        for one in corrections
    ]


def _rebuild_certificates() -> list[Difference]:
    return [
        Difference("gift certificate", "", one.certificate.code, _plain(one.was), _plain(one.became))
        for one in rebuild_certificates()
    ]


def _rebuild_consents() -> list[Difference]:
    said = ConsentEvent.objects.order_by("client_id").values_list("client_id", flat=True).distinct()
    differing = [pk for chunk in chunked(said.iterator(), CHUNK) for pk in date_consents(client_ids=chunk)]
    codes = _codes(differing)
    return [Difference("consent", codes[pk], "when she agreed", "", "") for pk in differing]


def _rebuild_search() -> list[Difference]:
    columns, words = rebuild_search()
    codes = _codes({*columns, *words})
    return [
        Difference("search", codes[pk], name, None, None)
        for name, differing in (("columns", columns), ("words", words))
        for pk in differing
    ]


def _codes(ids: Iterable[int]) -> dict[int, str]:
    return {
        pk: code
        for chunk in chunked(ids, CHUNK)
        for pk, code in Client.objects.filter(pk__in=chunk).values_list("pk", "code")
    }


def _flags(values: Iterable[Any]) -> dict[str, bool]:
    return {name: bool(value) for name, value in zip(("has_service", "counts", "is_paid"), values, strict=True)}


def _date(value: date | str) -> date:
    return value if isinstance(value, date) else date.fromisoformat(value)


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, bool | int) else str(value)
