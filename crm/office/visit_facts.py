"""Visits from the facts, in sets: done appointments and sales of a whole import, or of everything.

The same as `record_visit` does for one (rules.md, Visits), for a million at once.
"""

from django.db import connection

from crm.booking.models import Visit
from crm.office.planner import settle_statistics

# A line with a negative amount or quantity is a return: it makes no visit and did nothing.
EXPECTED_VISITS = """
SELECT fact.client_id, MIN(fact.branch_id) AS branch_id, fact."on", MAX(fact.has_service) = 1 AS has_service,
       MAX(fact.counts) = 1 AS counts, MAX(fact.paid) = 1 AS is_paid
FROM (
    SELECT appointment.client_id, appointment.branch_id, appointment."on",
           CASE WHEN service.id IS NULL THEN 0 ELSE 1 END AS has_service,
           CASE WHEN service.id IS NULL OR service.is_one_off THEN 0 ELSE 1 END AS counts,
           0 AS paid
    FROM crm_appointment appointment
    LEFT JOIN crm_appointmentservice line ON line.appointment_id = appointment.id
    LEFT JOIN crm_service service ON service.id = line.service_id
    WHERE appointment.status = 'done' AND appointment.id > %(appointments)s {of_appointments}
    UNION ALL
    SELECT sale.client_id, sale.branch_id, sale."on",
           CASE WHEN service.id IS NULL THEN 0 ELSE 1 END,
           CASE WHEN service.id IS NULL OR service.is_one_off THEN 0 ELSE 1 END,
           CASE WHEN sale.paid > 0 THEN 1 ELSE 0 END
    FROM crm_saleline line
    JOIN crm_sale sale ON sale.id = line.sale_id
    LEFT JOIN crm_service service ON service.id = line.service_id
    WHERE sale.client_id IS NOT NULL AND line.amount >= 0 AND line.quantity >= 0
      AND line.id > %(lines)s {of_sales}
) fact
GROUP BY fact.client_id, fact."on"
"""

EXPECTED_ITEMS = """
SELECT appointment.client_id, appointment."on", 'appointment ' || appointment.id AS source, line.service_id,
       CAST(NULL AS bigint) AS product_id,
       CASE WHEN line.id IS NULL THEN NULL ELSE appointment.master_id END AS master_id
FROM crm_appointment appointment
LEFT JOIN crm_appointmentservice line ON line.appointment_id = appointment.id
WHERE appointment.status = 'done' AND appointment.id > %(appointments)s {of_appointments}
UNION ALL
SELECT sale.client_id, sale."on", 'sale ' || sale.id, line.service_id, line.product_id, line.master_id
FROM crm_saleline line
JOIN crm_sale sale ON sale.id = line.sale_id
WHERE sale.client_id IS NOT NULL AND line.amount >= 0 AND line.quantity >= 0
  AND line.id > %(lines)s {of_sales}
"""

# what other facts of the day said stays said
VISITS = f"""
INSERT INTO crm_visit (client_id, branch_id, "on", has_service, counts, is_paid)
{EXPECTED_VISITS}
ON CONFLICT (client_id, "on") DO UPDATE SET
    has_service = crm_visit.has_service OR excluded.has_service,
    counts = crm_visit.counts OR excluded.counts,
    is_paid = crm_visit.is_paid OR excluded.is_paid
"""

ITEMS = f"""
INSERT INTO crm_visititem (visit_id, source, service_id, product_id, master_id)
SELECT visit.id, item.source, item.service_id, item.product_id, item.master_id
FROM ({EXPECTED_ITEMS}) item
JOIN crm_visit visit ON visit.client_id = item.client_id AND visit."on" = item."on"
"""  # noqa: S608 statements of our own


def expected_of_everything() -> dict[str, str]:
    """Two SELECTs of what visits and items have to be, from every fact there is; no parameters."""
    return {
        name: statement.format(of_appointments="", of_sales="") % {"appointments": 0, "lines": 0}
        for name, statement in (("visits", EXPECTED_VISITS), ("items", EXPECTED_ITEMS))
    }


def write_visits_of_import(*, appointments_after: int, lines_after: int) -> None:
    """Visits and their items from imported rows with primary keys above these."""
    only = {"of_appointments": "AND appointment.is_imported", "of_sales": "AND sale.is_imported"}
    with connection.cursor() as cursor:
        known = {"appointments": appointments_after, "lines": lines_after}
        cursor.execute(VISITS.format(**only), known)
        # a planner that still believes in an empty table joins row by row: minutes instead of a second
        settle_statistics([Visit])
        cursor.execute(ITEMS.format(**only), known)
