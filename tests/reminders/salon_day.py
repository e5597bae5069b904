"""A small salon whose journeys are on, for the tests of planning and sending."""

from datetime import date, datetime, timedelta

from crm.booking.services import refresh_pulses
from crm.people.models import Client
from crm.sales.models import Sale, SaleLine
from crm.team.models import Branch
from reminders.consent.models import ContactPermission
from reminders.messages.models import Kind, Message
from tests.factories import TODAY, local, make_branch, make_client, make_master, make_service, make_visit

# every day of these tests is this one, a Wednesday in Sarajevo (UTC+2)
ELEVEN = local(TODAY, 11)
NOON = local(TODAY, 12)


def days(number: int) -> timedelta:
    return timedelta(days=number)


def make_regular(
    branch: Branch, last: date, *, every: int = 30, times: int = 4, service=None, master=None, **fields
) -> Client:
    """Came `times` times, every so many days, the last time on `last`; e-mail is allowed for everything."""
    fields.setdefault("email", f"client{Client.objects.count()}@example.test")
    fields.setdefault("phone", "")
    client = make_client(branch=branch, **fields)
    service = service or make_service(branch=branch)
    master = master or make_master(branch=branch, hours=None)
    for number in reversed(range(times)):
        make_visit(client, last - days(every * number), services=[service], master=master)
    allow(client)
    return client


def allow(client: Client, **what: bool) -> None:
    """Marketing by e-mail, or what is said."""
    ContactPermission.objects.update_or_create(client=client, defaults=what or {"marketing_email": True})


def make_lapsed(branch: Branch, **fields) -> Client:
    """Of the rhythm 30; this is the first day on which her silence exceeds the end of late (75)."""
    return make_regular(branch, TODAY - days(76), **fields)


def make_due(branch: Branch, **fields) -> Client:
    """Of the rhythm 30, silent for 25 days today; feedback and lashes are long over."""
    return make_regular(branch, TODAY - days(25), **fields)


def known(*clients: Client, now: datetime) -> None:
    """Their facts are taken up as after an import."""
    refresh_pulses(client_ids=[client.pk for client in clients], now=now)


def make_sale(client: Client, at: datetime, *, service=None, total: int = 50, on: date = TODAY) -> Sale:
    sale = Sale.objects.create(
        branch=client.branch, client=client, code=f"r{Sale.objects.count()}", on=on, sold_at=at, total=total
    )
    SaleLine.objects.create(sale=sale, service=service, full_amount=total, amount=total, position=0)
    return sale


def message_of(client: Client, kind: str) -> Message:
    return Message.objects.get(client=client, kind=kind)


def states_of(client: Client) -> dict[str, tuple[str, str]]:
    return {row.kind: (row.state, row.state_reason) for row in Message.objects.filter(client=client)}


MARKETING_KINDS = [Kind.DUE_SOON, Kind.WIN_BACK, Kind.SECOND_WIN_BACK, Kind.BIRTHDAY]
__all__ = ["make_branch"]
