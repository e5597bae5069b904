"""V4 and V5: free times and names."""

from datetime import timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext

from crm.booking.services.rebooking import propose_next
from crm.booking.services.slots import free_slots
from crm.office.benching.figures import Figure, Times, Work, beside, in_turn
from crm.office.benching.salon import Salon
from crm.people.selectors import find_clients

DAYS = 14
# slips in names that the made-up salon has in three scripts
TYPED = ("lejal", "merimma", "olivai pretned")


def slots(salon: Salon) -> list[Figure]:
    """Beside reading the same rows: the SQL of the work itself, run raw."""

    def proposed() -> None:
        propose_next(client=salon.often, services=[salon.service], branch=salon.branch, now=salon.now)

    def free() -> None:
        free_slots(
            branch=salon.branch,
            services=[salon.service],
            from_day=salon.today + timedelta(days=1),
            days=DAYS,
            now=salon.now,
        )

    return [
        beside("V4 proposed", "three slots for one client", proposed, _same_rows(proposed), at_most=5, rounds=15),
        beside("V4 free", f"free slots of 20 masters, {DAYS} days", free, _same_rows(free), at_most=5, rounds=15),
    ]


def search_times() -> Times:
    """All of the slips in a row."""
    return in_turn(lambda: [find_clients(typed) for typed in TYPED], lambda: None, rounds=9)[0]


def _same_rows(work: Work) -> Work:
    work()
    with CaptureQueriesContext(connection) as seen:
        work()
    statements = [query["sql"] for query in seen.captured_queries]

    def read() -> None:
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
                cursor.fetchall()

    return read
