"""What happened in a branch, as rows of the interchange format."""

from collections import defaultdict
from decimal import Decimal

from crm.booking.models import Appointment, AppointmentService, RoomHold
from crm.care.models import Complaint, Feedback
from crm.catalogue.models import Product, Service
from crm.office.exporting.records import CHUNK, Rows
from crm.office.importing.reading import chunked
from crm.office.place import Place
from crm.people.models import HealthNote, Note
from crm.sales.models import Sale, SaleLine
from crm.team.fields import round_money
from crm.team.models import Master
from loyalty.points.models import LedgerEntry, PointsBalance
from reminders.campaigns.models import Campaign
from reminders.journeys.occasions import ABOUT_COMPLAINT, ABOUT_ORDER
from reminders.messages.models import OWNERS_WORDS, SAID_BACK, Kind, Message

# messages whose occasion names something written to many
OF_MAILINGS = (*OWNERS_WORDS, Kind.EVENT_PLACE, Kind.EVENT_REMINDER, Kind.EVENT_OFF)
# what their occasion numbers is this installation's
NUMBERED = {*ABOUT_COMPLAINT, *ABOUT_ORDER, Kind.BACK_IN_STOCK}


class History:
    """One branch: its appointments, receipts, notes, points, messages, complaints and feedback."""

    def __init__(self, place: Place) -> None:
        self.place, self.branch = place, place.branch
        self.services = dict(Service.objects.filter(branch=self.branch).values_list("pk", "code"))
        self.products = dict(Product.objects.filter(branch=self.branch).values_list("pk", "code"))
        self.masters = dict(Master.objects.filter(branch=self.branch).values_list("pk", "code"))

    def appointments(self) -> Rows:
        appointments = (
            Appointment.objects.filter(branch=self.branch)
            .select_related("client")
            .order_by("pk")
            .iterator(chunk_size=CHUNK)
        )
        for chunk in chunked(appointments, CHUNK):
            services: dict[int, list[str]] = defaultdict(list)
            hands: dict[int, list[int | None]] = defaultdict(list)
            keys = [one.pk for one in chunk]
            for pk, service, hand in (
                AppointmentService.objects.filter(appointment__in=keys)
                .order_by("appointment", "position")
                .values_list("appointment_id", "service_id", "master_id")
            ):
                services[pk].append(self.services[service])
                hands[pk].append(hand)
            rooms: dict[int, dict[str, None]] = defaultdict(dict)
            for pk, room in (
                RoomHold.objects.filter(appointment__in=keys)
                .order_by("appointment", "starts_at")
                .values_list("appointment_id", "room__name")
            ):
                rooms[pk][room] = None
            for appointment in chunk:
                yield (
                    appointment.code,
                    appointment.client.code,
                    self.masters[appointment.master_id],
                    ";".join(services[appointment.pk]),
                    self.place.moment(appointment.starts_at) or appointment.on.isoformat(),
                    appointment.status,
                    appointment.minutes,
                    self.place.money(appointment.price),
                    self.place.moment(appointment.booked_at),
                    self.place.moment(appointment.cancelled_at),
                    appointment.told_minutes,
                    appointment.booked_by,
                    "yes" if appointment.rebooked_on_spot else "",
                    appointment.cancelled_by,
                    appointment.cancel_reason,
                    self.place.moment(appointment.arrived_at),
                    self.place.moment(appointment.started_at),
                    self.place.moment(appointment.finished_at),
                    appointment.wish,
                    self._hands(appointment, hands[appointment.pk]),
                    ";".join(rooms[appointment.pk]),
                )

    def _hands(self, appointment: Appointment, hands: list[int | None]) -> str:
        """One for each service, where not all of them are the appointment's own master's."""
        return ";".join(self.masters[hand or appointment.master_id] for hand in hands) if any(hands) else ""

    def sales(self) -> Rows:
        sales = (
            Sale.objects.filter(branch=self.branch)
            .select_related("client", "appointment", "refund_of")
            .order_by("pk")
            .iterator(chunk_size=CHUNK)
        )
        for chunk in chunked(sales, CHUNK):
            lines: dict[int, list[SaleLine]] = defaultdict(list)
            for line in SaleLine.objects.filter(sale__in=[sale.pk for sale in chunk]).order_by("sale", "position"):
                lines[line.sale_id].append(line)
            for sale in chunk:
                yield from self._sale(sale, lines[sale.pk])

    def _sale(self, sale: Sale, lines: list[SaleLine]) -> Rows:
        for line, amount in zip(lines, self._in_money(sale, lines), strict=True):
            # a return that gave back points alone is told by its quantity
            is_hidden_return = line.amount < 0 <= amount
            yield (
                sale.code,
                sale.client.code if sale.client else "",
                self.masters[line.master_id] if line.master_id else "",
                sale.on,
                self.services[line.service_id] if line.service_id else self.products[line.product_id],
                _number(-abs(line.quantity) if is_hidden_return else line.quantity),
                self.place.money(amount),
                f"{sale.sold_at.astimezone(self.place.zone):%H:%M}" if sale.sold_at else "",
                self.place.money(line.tax) if line.tax else "",
                self.place.money(line.amount) if line.amount != amount else "",
                self.place.money(line.full_amount) if line.full_amount != line.amount else "",
                line.discount_kind,
                line.discount_label,
                sale.appointment.code if sale.appointment else "",
                sale.refund_of.code if sale.refund_of else "",
            )

    def _in_money(self, sale: Sale, lines: list[SaleLine]) -> list[Decimal]:
        """What was paid for each line in money: points are none (rules.md, Reports)."""
        if sale.paid == sale.total or not sale.total:
            return [line.amount for line in lines]
        shares = [round_money(line.amount * sale.paid / sale.total, self.branch.currency) for line in lines]
        shares[-1] += sale.paid - sum(shares)
        return shares

    def notes(self) -> Rows:
        for model, kind_of in (
            (Note, lambda note: note.kind),
            (HealthNote, lambda _note: "health"),
        ):
            notes = model.objects.filter(client__branch=self.branch).select_related("client", "author").order_by("pk")
            for note in notes.iterator(chunk_size=CHUNK):
                author = note.author_name or (str(note.author) if note.author else "")
                yield (
                    note.client.code,
                    kind_of(note),
                    note.text,
                    note.written_on,
                    getattr(note, "ask_again_on", None),
                    "yes" if getattr(note, "is_pinned", False) else "",
                    author,
                    getattr(note, "asked_on", None),
                    "" if getattr(note, "is_current", True) else "yes",
                )

    def points(self) -> Rows:
        entries = (
            LedgerEntry.objects.filter(account__client__branch=self.branch)
            # from one account of hers to another: where the files go, she has one
            .exclude(kind=LedgerEntry.Kind.MERGED)
            .select_related("account__client", "lot")
            .order_by("pk")
        )
        for chunk in chunked(entries.iterator(chunk_size=CHUNK), CHUNK):
            receipts = self._receipts(chunk)
            for entry in chunk:
                lot = getattr(entry, "lot", None)
                yield (
                    entry.account.client.code,
                    entry.points,
                    entry.kind,
                    entry.on,
                    entry.reason,
                    lot.expires_on if lot else None,
                    receipts.get(entry.source, ""),
                )

    def _receipts(self, entries: list[LedgerEntry]) -> dict[str, str]:
        """Receipts by the source of the entries that came of them."""
        named = {entry.source.removeprefix("sale ") for entry in entries if entry.source.startswith("sale ")}
        found = Sale.objects.filter(branch=self.branch, pk__in=[pk for pk in named if pk.isdecimal()])
        return {f"sale {pk}": code for pk, code in found.values_list("pk", "code")}

    def points_owed(self) -> Rows:
        """What is owed now: earlier debts are paid."""
        rows = PointsBalance.objects.filter(account__client__branch=self.branch, owed__gt=0).order_by("pk")
        for client, points in rows.values_list("account__client__code", "owed"):
            yield client, points, ""

    def messages(self) -> Rows:
        messages = (
            Message.objects.filter(client__branch=self.branch, state__in=Message.GONE)
            # what answered a letter has no occasion that could come again
            .exclude(kind__in=SAID_BACK)
            # an order, a help and a complaint are numbered anew elsewhere, where their steps are not told again
            .exclude(kind__in=NUMBERED)
            .select_related("client")
            .order_by("pk")
        )
        numbers = {str(pk): seed for pk, seed in Campaign.objects.values_list("pk", "seed")}
        for message in messages.iterator(chunk_size=CHUNK):
            # the day or the start; the number of an event or a campaign means nothing elsewhere
            occasion, _mark, number = message.occasion.partition("/")
            yield (
                message.client.code,
                message.kind,
                occasion,
                self.place.moment(message.sent_at or message.send_at),
                message.channel,
                numbers.get(number) if message.kind in OF_MAILINGS else None,
            )

    def complaints(self) -> Rows:
        complaints = Complaint.objects.filter(branch=self.branch).select_related("client", "cause").order_by("pk")
        for complaint in complaints.iterator(chunk_size=CHUNK):
            yield (
                complaint.client.code,
                self.place.moment(complaint.opened_at),
                complaint.words,
                self.place.moment(complaint.resolved_at),
                complaint.outcome,
                complaint.cause.name if complaint.cause else complaint.category,
                "yes" if complaint.is_urgent else "",
                complaint.resolution,
                complaint.number,
            )

    def feedback(self) -> Rows:
        answers = Feedback.objects.filter(branch=self.branch).select_related("client__merged_into").order_by("pk")
        for answer in answers.iterator(chunk_size=CHUNK):
            yield (
                (answer.client.merged_into or answer.client).code,
                answer.visit_on,
                answer.score,
                self.place.moment(answer.answered_at),
                answer.pleased,
                answer.displeased,
                self.place.moment(answer.quote_agreed_at),
            )


def _number(value: Decimal) -> str:
    return f"{value.normalize():f}"
