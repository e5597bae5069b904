"""Reads of messages: what was said to a client, and what a message speaks of."""

from datetime import date

from django.db.models import QuerySet, Sum

from crm.booking.models import VisitItem
from crm.catalogue.models import Service, ServiceWords
from crm.people.models import Client
from loyalty.points.models import PointsLot
from loyalty.vouchers.models import Voucher
from loyalty.vouchers.selectors import voucher_by_key
from reminders.messages.models import Kind, Message


def messages_of(client: Client) -> QuerySet[Message]:
    """What was and will be said to her, the newest first."""
    return Message.objects.filter(client=client).order_by("-send_at", "-pk")


def voucher_key(kind: str, client_id: int, occasion: str) -> str:
    """One fact gives one voucher: the second win-back speaks of the first one's."""
    named = Kind.WIN_BACK if kind == Kind.SECOND_WIN_BACK else kind
    return f"{named} {client_id} {occasion}"


def voucher_of(message: Message) -> Voucher | None:
    """The voucher that a message speaks of; none where it was used or taken back."""
    if message.kind not in (Kind.WIN_BACK, Kind.SECOND_WIN_BACK, Kind.BIRTHDAY):
        return None
    voucher = voucher_by_key(voucher_key(message.kind, message.client_id, message.occasion))
    if voucher is None or voucher.redeemed_at is not None or voucher.voided_at is not None:
        return None
    return voucher


def services_of_visit(client: Client, on: date | None) -> list[Service]:
    """What was done on a visit day, each once, in the order in which it was written down."""
    if on is None:
        return []
    items = VisitItem.objects.filter(visit__client=client, visit__on=on, service__isnull=False)
    found = [item.service for item in items.select_related("service").order_by("pk") if item.service is not None]
    return list({service.pk: service for service in found}.values())


def master_of_visit(client: Client, on: date | None) -> str:
    """Who served her on that day; nobody's name where it were several or is unknown."""
    if on is None:
        return ""
    names = VisitItem.objects.filter(visit__client=client, visit__on=on, master__isnull=False)
    found = set(names.values_list("master__name", flat=True))
    return found.pop() if len(found) == 1 else ""


def words_of_services(services: list[Service], language: str) -> dict[int, ServiceWords]:
    """The salon's words for these services in a language, by service."""
    rows = ServiceWords.objects.filter(service__in=services, language=language)
    return {row.service_id: row for row in rows}


def expiring_points(client: Client, on: date) -> int:
    """Her points that expire on that day."""
    lots = PointsLot.objects.filter(account__client=client, expires_on=on, remaining__gt=0)
    return lots.aggregate(points=Sum("remaining"))["points"] or 0


def asked_about(services: list[Service]) -> Service | None:
    """Of what was done, the service whose question is asked: the one asked about last."""
    asked = [service for service in services if service.ask_after_days and not service.is_one_off]
    return max(asked, key=lambda service: service.ask_after_days or 0) if asked else None
