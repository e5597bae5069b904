"""Visits from the facts, in sets: done appointments and sales of a whole import, or of everything.

The same as `record_visit` does for one (rules.md, Visits), for a million at once.
"""

from django.db import connection

# A line with a negative amount or quantity is a return: it makes no visit and did nothing.
VISITS = """
INSERT INTO crm_visit (client_id, branch_id, "on", has_service, counts, is_paid)
SELECT fact.client_id, MIN(fact.branch_id), fact."on", MAX(fact.has_service) = 1, MAX(fact.counts) = 1, MAX(fact.paid) = 1
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
ON CONFLICT (client_id, "on") DO UPDATE SET
    has_service = crm_visit.has_service OR excluded.has_service,
    counts = crm_visit.counts OR excluded.counts,
    is_paid = crm_visit.is_paid OR excluded.is_paid
"""

ITEMS = """
INSERT INTO crm_visititem (visit_id, source, service_id, product_id, master_id)
SELECT visit.id, 'appointment ' || appointment.id, line.service_id, NULL, appointment.master_id
FROM crm_appointment appointment
JOIN crm_visit visit ON visit.client_id = appointment.client_id AND visit."on" = appointment."on"
LEFT JOIN crm_appointmentservice line ON line.appointment_id = appointment.id
WHERE appointment.status = 'done' AND appointment.id > %(appointments)s {of_appointments}
UNION ALL
SELECT visit.id, 'sale ' || sale.id, line.service_id, line.product_id, line.master_id
FROM crm_saleline line
JOIN crm_sale sale ON sale.id = line.sale_id
JOIN crm_visit visit ON visit.client_id = sale.client_id AND visit."on" = sale."on"
WHERE sale.client_id IS NOT NULL AND line.amount >= 0 AND line.quantity >= 0
  AND line.id > %(lines)s {of_sales}
"""


def write_visits_of_import(*, appointments_after: int, lines_after: int) -> None:
    """Visits and their items from imported rows with primary keys above these."""
    _write(
        {"appointments": appointments_after, "lines": lines_after},
        of_appointments="AND appointment.is_imported",
        of_sales="AND sale.is_imported",
    )


def write_all_visits() -> None:
    """Visits and their items from every fact there is; the tables are empty before."""
    _write({"appointments": 0, "lines": 0}, of_appointments="", of_sales="")


def _write(bounds: dict[str, int], **only: str) -> None:
    with connection.cursor() as cursor:
        for statement in (VISITS, ITEMS):
            cursor.execute(statement.format(**only), bounds)
