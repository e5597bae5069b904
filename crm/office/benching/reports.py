"""V7: reports, each beside one pass of the same rows through SQL aggregates."""

from datetime import date, timedelta
from functools import partial

from django.db import connection

from crm.office.benching.figures import Figure, Work, beside
from crm.office.benching.salon import Salon
from crm.reports.selectors.returning import rebooking_report, retention_report
from crm.reports.selectors.revenue import pareto_report, value_report
from crm.reports.selectors.standing import On, rhythm_report

VISITS = """SELECT client.code, count(visit.id), min(visit."on"), max(visit."on") FROM crm_client client
LEFT JOIN crm_visit visit ON visit.client_id = client.id GROUP BY client.id"""
REVENUE = "SELECT client_id, sum(paid) FROM crm_sale GROUP BY client_id"
DAYS = 'SELECT "on", count(*), count(DISTINCT client_id) FROM crm_visit GROUP BY "on"'
BOOKED = 'SELECT client_id, max("on"), min(booked_at), min(cancelled_at) FROM crm_appointment GROUP BY client_id'
ITEMS = "SELECT master_id, count(DISTINCT visit_id) FROM crm_visititem GROUP BY master_id"
SALES = "SELECT sum(paid), count(*) FROM crm_sale"
LIVE, PAST = 2, 6
LONG_AGO = date(1990, 1, 1)


def measure(salon: Salon) -> list[Figure]:
    until = salon.today + timedelta(days=1)
    span = (LONG_AGO, until)
    figures = []
    for on, day, at_most in (
        (On.of(None, salon.now), "of today", LIVE),
        (On.of(salon.today - timedelta(days=90), salon.now), "of a past day", PAST),
    ):
        for name, report, statements in (
            ("rhythm", lambda on=on: list(rhythm_report(on)), (VISITS,)),
            ("pareto", partial(pareto_report, on, *span), (REVENUE, VISITS)),
            ("value", partial(value_report, on, *span), (SALES, DAYS)),
            ("rebooking", partial(rebooking_report, on, *span), (DAYS, BOOKED, ITEMS)),
            ("retention", partial(retention_report, on, *span), (VISITS,)),
        ):
            figures.append(beside(f"V7 {name} {day}", "report", report, _pass(*statements), at_most=at_most, rounds=5))
    return figures


def _pass(*statements: str) -> Work:
    def read() -> None:
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
                cursor.fetchall()

    return read
