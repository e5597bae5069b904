"""V6: checkouts, sixteen at once, beside bare inserts of the same rows in one transaction each."""

import re
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from datetime import time as hour
from decimal import Decimal

from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from crm.office.benching.figures import Figure, Times
from crm.office.benching.salon import UTC, Salon
from crm.people.models import Client
from loyalty.checkout.offers import CheckoutLine
from loyalty.checkout.services import NextVisit, complete_checkout
from loyalty.points.services import grant_points
from loyalty.vouchers.services import issue_voucher

AT_ONCE = 16
EACH_ROUND = 64
ROUNDS = 3
HOURS = 8
POINTS = 10
INSERTS = re.compile(r'^INSERT INTO "(\w+)"')


def measure(salon: Salon) -> list[Figure]:
    """Checkouts per second over transactions of bare inserts per second."""
    wanted = EACH_ROUND * ROUNDS + 1
    clients = list(Client.objects.exclude(pk=salon.often.pk).order_by("-pk")[:wanted])
    for client in clients:
        _endow(salon, client)
    rows = _rows_of(salon, clients[0])
    tables = _bare_tables(rows)
    bare = [re.sub(rf'"({"|".join(tables)})"', r'"bare_\1"', row) for row in rows]
    own, floor = [], []
    share = max(1, (len(clients) - 1) // ROUNDS)
    with ThreadPoolExecutor(AT_ONCE) as tills:
        for turn in range(ROUNDS):
            some = list(enumerate(clients))[1 + turn * share : 1 + (turn + 1) * share]
            floor.append(_all(tills, lambda _number, _client: _insert(bare), some))
            own.append(_all(tills, lambda number, client: _check_out(salon, client, number), some))
        # each thread has a connection of its own
        list(tills.map(lambda _thread: (time.sleep(0.05), connection.close()), range(AT_ONCE * 2)))
    products, least = Times(tuple(own)), Times(tuple(floor))
    return [
        Figure(
            "V6 checkouts", f"{share} checkouts, {AT_ONCE} at once: rate over {len(bare)} bare inserts each",
            products, least, least.median / products.median, at_least=0.15,
        )
    ]  # fmt: skip


def _endow(salon: Salon, client: Client) -> None:
    """Points and a voucher to pay with."""
    grant_points(
        client=client, points=50, kind="manual", source="bench", key=f"till {client.pk}", now=salon.now, reason="bench"
    )
    issue_voucher(
        client=client, branch=salon.branch, kind="bench", key=f"bench {client.pk}", now=salon.now,
        valid_from=salon.today, valid_until=salon.today + timedelta(days=30), percent=20,
    )  # fmt: skip


def _check_out(salon: Salon, client: Client, number: int) -> None:
    """One visit paid with voucher, points and cash, and the next one booked; each number has a time of its own."""
    turn, place = divmod(number, len(salon.masters))
    day, at = divmod(turn, HOURS)
    starts_at = datetime.combine(salon.today + timedelta(days=30 + day), hour(9 + at), tzinfo=UTC)
    complete_checkout(
        branch=salon.branch,
        client=client,
        lines=[CheckoutLine(price=Decimal(60), service=salon.service, master=salon.masters[place])],
        key=f"bench {client.pk}",
        now=salon.now,
        user=salon.receptionist,
        points_to_pay=POINTS,
        next_visit=NextVisit(starts_at=starts_at, master=salon.masters[place], services=[salon.service]),
    )


def _rows_of(salon: Salon, client: Client) -> list[str]:
    """The INSERT statements of one checkout."""
    with CaptureQueriesContext(connection) as seen:
        _check_out(salon, client, 0)
    return [query["sql"] for query in seen.captured_queries if INSERTS.match(query["sql"])]


def _bare_tables(rows: Sequence[str]) -> list[str]:
    """A table without indexes and constraints for each that gets a row."""
    tables = sorted({INSERTS.match(row)[1] for row in rows})
    with connection.cursor() as cursor:
        for table in tables:
            if connection.vendor == "postgresql":
                cursor.execute(f'CREATE TABLE "bare_{table}" (LIKE "{table}" INCLUDING DEFAULTS INCLUDING IDENTITY)')
            else:
                cursor.execute(f'CREATE TABLE "bare_{table}" AS SELECT * FROM "{table}" WHERE 0')  # noqa: S608
    return tables


def _insert(rows: Sequence[str]) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        for row in rows:
            cursor.execute(row.partition(" ON CONFLICT")[0])


def _all(tills: ThreadPoolExecutor, work: Callable[[int, Client], None], some: Sequence[tuple[int, Client]]) -> float:
    began = time.perf_counter()
    list(tills.map(lambda pair: work(*pair), some))
    return time.perf_counter() - began
