"""Writing clients of an import, with what they consent to."""

from collections.abc import Iterable
from dataclasses import replace

from django.utils.translation import gettext as _

from crm.office.importing.bulk import BulkTable
from crm.office.importing.reading import chunked
from crm.office.importing.records import CHANNELS, ClientRecord
from crm.office.importing.run import Run, Seen
from crm.people.models import Client
from crm.people.searching import search_digits_of, search_text_of
from crm.people.selectors import codes_put_aside
from crm.people.services import write_tokens
from reminders.consent.models import Channel, ConsentEvent, ContactPermission, Purpose
from reminders.consent.selectors import stopped_addresses

COLUMNS = (
    "id",
    "code",
    "branch_id",
    "name",
    "phone",
    "email",
    "birth_year",
    "birth_month",
    "birth_day",
    "language",
    "time_zone",
    "preferred_channel",
    "address_form",
    "gender",
    "holidays",
    "status",
    "break_until",
    "break_is_open",
    "source",
    "since",
    "called",
    "drink",
    "break_from",
    "postal_address",
    "search_text",
    "search_digits",
    "created_at",
    "messenger",
)
PERMISSIONS = (
    "client_id",
    "service_email",
    "service_sms",
    "service_chat",
    "email_dead_at",
    "sms_dead_at",
    "call_dead_at",
    "hours_from",
    "hours_until",
    "care_refused",
    "care_email",
    "care_sms",
    "care_call",
    "care_chat",
    "marketing_email",
    "marketing_sms",
    "marketing_chat",
)


class Clients:
    """New clients; one whose code is known stays as it is in the salon, contacts and wishes too.

    Records of line 0 stand in no file of their own, so they are not counted.
    """

    def __init__(self, run: Run, file: str) -> None:
        self.run, self.file = run, file
        self.count = run.outcome.file(file)
        self.seen = Seen(run.clients_before)
        self.table = BulkTable(Client, COLUMNS)
        self.permissions = BulkTable(ContactPermission, PERMISSIONS)
        self.consents = BulkTable(
            ConsentEvent,
            (
                *("client_id", "purpose", "channel", "is_given", "at"),
                *("where", "user_id", "user_name", "text_shown", "source"),
            ),
        )
        self.stopped = stopped_addresses()
        self.brought: list[tuple[int, str, str]] = []

    def write(self, records: Iterable[ClientRecord]) -> None:
        for chunk in chunked(records):
            self._write_chunk(chunk)
        self._link()

    def _write_chunk(self, chunk: list[ClientRecord]) -> None:
        codes = {record.code for record in chunk}
        known, aside = self.run.clients(codes), codes_put_aside(codes)
        fresh: dict[str, ClientRecord] = {}
        for record in chunk:
            pk = known.get(record.code)
            if record.code in aside:
                # she is here under the number of the card that stayed
                self.count.unchanged += bool(record.line)
            elif record.code in fresh or (pk is not None and not (self.seen.before(pk) and self.seen.meet(pk))):
                self.run.outcome.reject(
                    self.file,
                    record.line,
                    _("The code “%(code)s” stands in this file twice; the first one counts.") % {"code": record.code},
                )
            elif pk is not None:
                self.count.unchanged += bool(record.line)
            else:
                fresh[record.code] = record
        fresh = self._as_they_stopped(fresh.values())
        ids = self.table.allocate(len(fresh))
        pairs = list(zip(ids, fresh.values(), strict=True))
        self.table.insert(self._row(pk, record) for pk, record in pairs)
        self.permissions.insert(self._permission(pk, record) for pk, record in pairs if _says_anything(record))
        write_tokens(ids)
        self.consents.insert(row for pk, record in pairs for row in self._consent(pk, record))
        self.brought += [(record.line, record.code, record.referred_by) for _pk, record in pairs if record.referred_by]
        self.count.imported += sum(1 for _pk, record in pairs if record.line)

    def _row(self, pk: int, record: ClientRecord) -> tuple:
        away = record.status == Client.Status.BREAK
        # a break without a date ends when her last counting day is known (see breaks.py)
        until = record.break_until or self.run.today if away else None
        return (
            pk,
            record.code,
            self.run.branch.pk,
            record.name,
            record.phone,
            record.email,
            *record.birthday,
            record.language,
            record.time_zone,
            record.preferred_channel,
            record.address_form,
            record.gender,
            record.holidays,
            record.status,
            until,
            away and record.break_until is None,
            record.source,
            record.since,
            record.called,
            record.drink,
            record.break_from if away else None,
            record.postal_address,
            search_text_of(name=record.name, called=record.called, code=record.code),
            search_digits_of(record.phone),
            self.run.now,
            record.messenger,
        )

    def _permission(self, pk: int, record: ClientRecord) -> tuple:
        care = record.care
        return (
            pk,
            Channel.EMAIL in record.service,
            Channel.SMS in record.service,
            Channel.CHAT in record.service,
            record.email_dead_at,
            record.phone_dead_at,
            record.calls_dead_at,
            *(record.hours or (None, None)),
            care == (),
            care is None or Channel.EMAIL in care,
            care is None or Channel.SMS in care,
            care is None or Channel.CALL in care,
            care is None or Channel.CHAT in care,
            Channel.EMAIL in record.marketing,
            Channel.SMS in record.marketing,
            Channel.CHAT in record.marketing,
        )

    def _as_they_stopped(self, records: Iterable[ClientRecord]) -> dict[str, ClientRecord]:
        """The records by code, with what somebody has stopped here on the same address or number left out.

        A card of another code is still her: unsubscribed stays unsubscribed (practices.md, P53).
        """
        kept = {}
        for record in records:
            reached = {Channel.EMAIL: record.email.lower(), Channel.SMS: record.phone}
            out = {channel: self.stopped.get((channel, address), set()) for channel, address in reached.items()}
            marketing = tuple(each for each in record.marketing if Purpose.MARKETING not in out.get(each, ()))
            care = record.care
            if refused := [channel for channel, purposes in out.items() if Purpose.CARE in purposes]:
                care = tuple(each for each in (CHANNELS if care is None else care) if each not in refused)
            if (marketing, care) != (record.marketing, record.care):
                words = _("Somebody with this address or number wants no more of it here: that is kept.")
                self.run.outcome.leave_out(self.file, record.line, words)
            kept[record.code] = replace(record, marketing=marketing, care=care)
        return kept

    def _consent(self, pk: int, record: ClientRecord) -> list[tuple]:
        """What the old system knew, kept as evidence of where it came from; consents.csv brings its own."""
        if self.run.brings_consents:
            return []
        words = _("Brought over from the former system.")
        rows = [(pk, Purpose.MARKETING, channel, True) for channel in record.marketing]
        if record.care is not None:
            rows += [
                (pk, Purpose.CARE, channel, False)
                for channel in (Channel.EMAIL, Channel.SMS, Channel.CALL)
                if channel not in record.care
            ]
        source = _("%(file)s, line %(line)d") % {"file": self.file, "line": record.line} if record.line else self.file
        return [(*row, self.run.now, ConsentEvent.Where.IMPORT, None, "", words, source[:200]) for row in rows]

    def _link(self) -> None:
        """Who brought whom, once everybody is there."""
        for chunk in chunked(self.brought):
            known = self.run.clients({code for _line, own, other in chunk for code in (own, other)})
            linked = []
            for line, own, other in chunk:
                if other == own:
                    self.run.outcome.leave_out(self.file, line, _("Nobody brings herself: “brought by” is left empty."))
                elif other not in known:
                    self.run.outcome.leave_out(
                        self.file,
                        line,
                        _("There is no client “%(code)s” who could have brought her.") % {"code": other},
                    )
                else:
                    linked.append(Client(pk=known[own], referred_by_id=known[other]))
            Client.objects.bulk_update(linked, ["referred_by"], batch_size=500)


def _says_anything(record: ClientRecord) -> bool:
    """No row means the same as the defaults."""
    dead = record.email_dead_at or record.phone_dead_at or record.calls_dead_at
    return bool(record.care is not None or record.marketing or dead or record.hours) or len(record.service) < len(
        CHANNELS
    )
