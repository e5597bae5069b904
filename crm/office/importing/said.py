"""Writing messages of an import: what was sent stays sent."""

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext as _

from crm.booking.models import Appointment
from crm.office.importing import values
from crm.office.importing.mirrors.said import MAILING
from crm.office.importing.reading import RowRefused, chunked
from crm.office.importing.records import MessageRecord
from crm.office.importing.run import Run
from crm.people.models import Client
from crm.people.selectors import people_by_code
from loyalty.points.services import record_notice
from reminders.journeys.occasions import APPOINTMENT, occasion_of_start, purpose_of
from reminders.journeys.selectors.contacts import client_zone
from reminders.messages.models import Kind, Message


def write_messages(run: Run, file: str, records: Iterable[MessageRecord]) -> None:
    """New messages, as sent; one of the same client, kind and occasion is there already."""
    count = run.outcome.file(file)
    for chunk in chunked(records, 2_000):
        clients = people_by_code({record.client for record in chunk})
        ids = [client.pk for client in clients.values()]
        there = set(Message.objects.filter(client__in=ids).values_list("client_id", "kind", "occasion"))
        starts = _starts(ids, chunk)
        mailings = MAILING.found(run, {record.mailing for record in chunk})
        fresh = []
        for record in chunk:
            try:
                client = clients.get(record.client)
                if client is None:
                    raise RowRefused(_("There is no client “%(code)s”.") % {"code": record.client})
                messages = [
                    message
                    for kind in record.kinds
                    if (message := _message(run, client, kind, record, starts, mailings))
                    and (client.pk, message.kind, message.occasion) not in there
                ]
            except RowRefused as reason:
                run.outcome.reject(file, record.line, str(reason))
                continue
            there.update((client.pk, message.kind, message.occasion) for message in messages)
            fresh += messages
            count.imported += bool(messages)
            count.unchanged += not messages
        Message.objects.bulk_create(fresh)
        run.touched.update(message.client_id for message in fresh)
        _tell_lots(fresh, clients.values())


def _starts(clients: list[int], chunk: list[MessageRecord]) -> dict[tuple[int, datetime], int]:
    """Appointments by client and start, where the chunk speaks of any."""
    if not any(kind in APPOINTMENT for record in chunk for kind in record.kinds):
        return {}
    return {
        (client, starts_at): pk
        for client, starts_at, pk in Appointment.objects.filter(
            client__in=clients, starts_at__isnull=False
        ).values_list("client_id", "starts_at", "pk")
    }


def _message(
    run: Run,
    client: Client,
    kind: str,
    record: MessageRecord,
    starts: dict[tuple[int, datetime], int],
    mailings: dict[str, int],
) -> Message:
    appointment = None
    if kind in APPOINTMENT:
        start = values.moment(record.occasion, "occasion", run.zone)
        occasion, appointment = occasion_of_start(start), starts.get((client.pk, start))
    else:
        occasion = values.day(record.occasion[:10], "occasion").isoformat()
        if (mailing := mailings.get(record.mailing)) is not None:
            occasion = f"{occasion}/{mailing}"
    return Message(
        client=client,
        branch=run.branch,
        kind=kind,
        purpose=purpose_of(kind),
        occasion=occasion,
        state=Message.State.SENT,
        appointment_id=appointment,
        send_at=record.sent_at,
        not_after=record.sent_at,
        planned_at=record.sent_at,
        sent_at=record.sent_at,
        sent_on=record.sent_at.astimezone(client_zone(client, client.branch)).date(),
        channel=record.channel,
        language=client.language,
        is_imported=True,
    )


def _tell_lots(messages: list[Message], clients: Iterable[Client]) -> None:
    """Points whose expiry was announced may expire (rules.md, Points, Validity)."""
    by_pk = {client.pk: client for client in clients}
    for message in messages:
        if message.kind == Kind.POINTS_EXPIRING and message.sent_at is not None:
            record_notice(
                client=by_pk[message.client_id],
                expires_on=values.day(message.occasion, "occasion"),
                now=message.sent_at,
            )
