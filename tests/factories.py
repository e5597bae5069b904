"""Plain functions that put rows down, and the cast that most tests play with.

Everybody here is made up: numbers +38761100xxx, addresses at example.test. The rows are
written as they are, without the salon's verbs, so that a test of a verb begins from facts.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import cache
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.auth.hashers import make_password
from django.core.files.base import ContentFile

from crm.booking.models import (
    Accommodation,
    Appointment,
    AppointmentService,
    FreedTime,
    Stretch,
    Visit,
    VisitItem,
    WaitingEntry,
    WaitingService,
)
from crm.care.models import Complaint, PhotographConsent, Standard, StandardStep, WorkPhotograph
from crm.care.services import publish_standard
from crm.catalogue.models import FollowRule, Product, Room, Service, ServiceRoom, ServiceStretch, Skill
from crm.catalogue.services import open_stock
from crm.people.models import Client, ClientToken, HealthNote, NameToken, Note
from crm.people.searching import is_name, skeleton
from crm.people.services import write_search
from crm.team.models import Branch, Closure, Master, SpecialHours, TimeOff, User, WorkingHours

# a Wednesday in Sarajevo, 11:00 there (UTC+2)
NOW = datetime(2026, 6, 10, 9, 0, tzinfo=ZoneInfo("UTC"))
TODAY = date(2026, 6, 10)
SARAJEVO = ZoneInfo("Europe/Sarajevo")
PASSWORD = "a-long-made-up-password"
NEXT = count(1)


def local(on: date, hour: int, minute: int = 0, zone: str = "Europe/Sarajevo") -> datetime:
    """An instant by the wall clock of a branch."""
    return datetime.combine(on, time(hour, minute), tzinfo=ZoneInfo(zone)).astimezone(ZoneInfo("UTC"))


def make_branch(name: str = "", *, time_zone: str = "Europe/Sarajevo", currency: str = "BAM", **fields: Any) -> Branch:
    return Branch.objects.create(name=name or f"Branch {next(NEXT)}", time_zone=time_zone, currency=currency, **fields)


def make_user(role: str = User.Role.MASTER, *, branch: Branch | None = None, username: str = "", **fields: Any) -> User:
    """Somebody who logs in with PASSWORD. Only an owner may do without a branch."""
    if branch is None and role != User.Role.OWNER:
        branch = make_branch()
    user = new_user(role, branch=branch, username=username or f"{role}{next(NEXT)}", **fields)
    user.save()
    return user


def new_user(role: str, *, branch: Branch | None, username: str, **fields: Any) -> User:
    """Not saved yet, as with the others of this kind below."""
    fields.setdefault("email", f"{username}@example.test")
    if role == User.Role.OWNER:
        fields.setdefault("is_staff", True)
        fields.setdefault("is_superuser", True)
    return User(username=username, password=hashed(PASSWORD), role=role, branch=branch, **fields)


@cache
def hashed(password: str) -> str:
    return make_password(password)


def make_master(
    *,
    branch: Branch,
    name: str = "",
    user: User | None = None,
    hours: tuple[time, time] | None = (time(9), time(18)),
    weekdays: Iterable[int] = range(6),
    **fields: Any,
) -> Master:
    """A master who works Monday to Saturday 9-18 unless told otherwise; `hours=None` writes none."""
    master = new_master(branch=branch, name=name, user=user, **fields)
    master.save()
    if hours is not None:
        make_hours(master, *hours, weekdays=weekdays)
    return master


def new_master(*, branch: Branch, name: str, user: User | None, **fields: Any) -> Master:
    number = next(NEXT)
    fields.setdefault("code", f"m{number}")
    return Master(branch=branch, name=name or f"Master {number}", user=user, **fields)


def make_hours(master: Master, starts: time, ends: time, *, weekdays: Iterable[int] = range(6)) -> None:
    """One stretch of work on each of these weekdays; call it twice to leave a break between."""
    WorkingHours.objects.bulk_create(new_hours(master, starts, ends, weekdays))


def new_hours(master: Master, starts: time, ends: time, weekdays: Iterable[int]) -> list[WorkingHours]:
    return [WorkingHours(master=master, weekday=weekday, starts=starts, ends=ends) for weekday in weekdays]


def make_time_off(master: Master, starts_at: datetime, ends_at: datetime, reason: str = "") -> TimeOff:
    return TimeOff.objects.create(master=master, starts_at=starts_at, ends_at=ends_at, reason=reason)


def make_hours_on(master: Master, on: date, starts: time | None = None, ends: time | None = None) -> SpecialHours:
    """Her hours on one date; without times a free day."""
    return SpecialHours.objects.create(master=master, on=on, starts=starts, ends=ends)


def make_closure(branch: Branch, first_on: date, last_on: date | None = None, name: str = "Refit") -> Closure:
    return Closure.objects.create(branch=branch, first_on=first_on, last_on=last_on or first_on, name=name)


def make_service(*, branch: Branch, stretches: Sequence[tuple[str, int]] = (), **fields: Any) -> Service:
    """A service; `stretches` like `[("work", 30), ("processing", 30), ("work", 30)]` where it has any."""
    service = new_service(branch=branch, **fields)
    service.save()
    make_stretches(service, *stretches)
    return service


def new_service(
    *, branch: Branch, name: str = "", minutes: int = 60, price: Decimal | int | str | None = 50, **fields: Any
) -> Service:
    number = next(NEXT)
    fields.setdefault("code", f"s{number}")
    return Service(
        branch=branch,
        name=name or f"Service {number}",
        minutes=minutes,
        price=None if price is None else Decimal(str(price)),
        **fields,
    )


def make_stretches(service: Service, *stretches: tuple[str, int]) -> None:
    ServiceStretch.objects.bulk_create(
        ServiceStretch(service=service, position=position, kind=kind, minutes=length)
        for position, (kind, length) in enumerate(stretches)
    )


def make_product(*, branch: Branch, name: str = "", price: Decimal | int | str | None = 20, **fields: Any) -> Product:
    number = next(NEXT)
    fields.setdefault("code", f"p{number}")
    product = Product.objects.create(
        branch=branch,
        name=name or f"Product {number}",
        price=None if price is None else Decimal(str(price)),
        **fields,
    )
    open_stock(products=[product], now=datetime(2026, 1, 1, tzinfo=UTC))
    return product


def make_room(*services: Service, branch: Branch | None = None, name: str = "", **fields: Any) -> Room:
    """A room or chair in which these services are done."""
    room = Room.objects.create(branch=branch or services[0].branch, name=name or f"Room {next(NEXT)}", **fields)
    ServiceRoom.objects.bulk_create(ServiceRoom(service=service, room=room) for service in services)
    return room


def make_follow_rule(service: Service, after: Service, within_days: int) -> FollowRule:
    return FollowRule.objects.create(service=service, after=after, within_days=within_days)


def make_agreement(
    client: Client, service: Service, *, minutes: int | None = None, price: Decimal | int | None = None
) -> Accommodation:
    return Accommodation.objects.create(
        client=client, service=service, minutes=minutes, price=None if price is None else Decimal(price)
    )


def make_skill(master: Master, service: Service) -> Skill:
    return Skill.objects.create(master=master, service=service)


def make_client(*, branch: Branch, name: str = "", **fields: Any) -> Client:
    """A client with a number of her own and no e-mail, findable by search."""
    client = new_client(branch=branch, name=name, **fields)
    client.save()
    put_words([client])
    return client


def new_client(*, branch: Branch, name: str, **fields: Any) -> Client:
    number = next(NEXT)
    fields.setdefault("code", f"c{number}")
    fields.setdefault("phone", f"+387611{number:05d}")
    client = Client(branch=branch, name=name or f"Client {number}", **fields)
    write_search(client)
    return client


def put_words(clients: Sequence[Client]) -> None:
    """What search reads of these saved clients, as a fact: every other test begins with some."""
    words = {client.pk: client.search_text.split() for client in clients}
    tokens = {
        word: NameToken(text=word, skeleton=skeleton(word) if is_name(word) else "", is_name=is_name(word))
        for word in sorted({word for own in words.values() for word in own})
    }
    # others may have the word already; in this way its key comes back all the same
    NameToken.objects.bulk_create(
        tokens.values(), update_conflicts=True, unique_fields=["text"], update_fields=["text"]
    )
    ClientToken.objects.bulk_create(
        ClientToken(client_id=pk, token=tokens[word]) for pk, own in words.items() for word in own
    )


def make_note(client: Client, text: str = "Her daughter has an exam", *, on: date = TODAY, **fields: Any) -> Note:
    return Note.objects.create(client=client, text=text, written_on=on, **fields)


def make_health_note(client: Client, text: str = "Allergic to latex", *, branch: Branch | None = None) -> HealthNote:
    return HealthNote.objects.create(client=client, branch=branch or client.branch, text=text, written_on=TODAY)


def make_appointment(
    *,
    client: Client,
    master: Master,
    starts_at: datetime,
    services: Sequence[Service] = (),
    minutes: int | None = None,
    status: str = Appointment.Status.BOOKED,
    branch: Branch | None = None,
    **fields: Any,
) -> Appointment:
    """An appointment as a fact, with its lines and one stretch from start to end (holding while it is open)."""
    branch = branch or master.branch
    services = list(services) or [make_service(branch=branch)]
    minutes = minutes or sum(service.minutes for service in services)
    ends_at = starts_at + timedelta(minutes=minutes)
    fields.setdefault("code", f"a{next(NEXT)}")
    fields.setdefault("price", sum((service.price or Decimal(0) for service in services), Decimal(0)))
    appointment = Appointment.objects.create(
        branch=branch,
        client=client,
        master=master,
        status=status,
        starts_at=starts_at,
        ends_at=ends_at,
        on=starts_at.astimezone(ZoneInfo(branch.time_zone)).date(),
        minutes=minutes,
        **fields,
    )
    AppointmentService.objects.bulk_create(
        AppointmentService(
            appointment=appointment,
            service=service,
            position=position,
            minutes=service.minutes,
            price=service.price,
        )
        for position, service in enumerate(services)
    )
    Stretch.objects.create(
        appointment=appointment,
        master=master,
        starts_at=starts_at,
        ends_at=ends_at,
        holds=status in Appointment.OPEN,
    )
    return appointment


def make_visit(
    client: Client,
    on: date,
    *,
    services: Sequence[Service] = (),
    master: Master | None = None,
    branch: Branch | None = None,
    is_paid: bool = True,
    source: str = "",
) -> Visit:
    """A visit day with its items. It does not refresh the pulse: call `refresh_pulses` where that matters."""
    visit = Visit.objects.create(
        client=client,
        branch=branch or client.branch,
        on=on,
        has_service=bool(services),
        counts=any(not service.is_one_off for service in services),
        is_paid=is_paid,
    )
    VisitItem.objects.bulk_create(
        VisitItem(visit=visit, source=source or f"test {visit.pk}", service=service, master=master)
        for service in services
    )
    return visit


def make_waiting(
    client: Client, *, services: Sequence[Service], since: datetime = NOW, days: int = 14, **fields: Any
) -> WaitingEntry:
    """She waits from the day of `since` on for so many days, in her own branch unless told otherwise."""
    branch = fields.pop("branch", client.branch)
    today = since.astimezone(ZoneInfo(branch.time_zone)).date()
    fields.setdefault("from_day", today)
    fields.setdefault("to_day", fields["from_day"] + timedelta(days=days))
    entry = WaitingEntry.objects.create(client=client, branch=branch, created_at=since, **fields)
    WaitingService.objects.bulk_create(
        WaitingService(entry=entry, service=service, position=position) for position, service in enumerate(services)
    )
    return entry


def make_freed(
    master: Master, starts_at: datetime, *, minutes: int = 90, ready_at: datetime = NOW, **fields: Any
) -> FreedTime:
    """Time of a master that nobody has looked at yet."""
    fields.setdefault("branch", master.branch)
    ends_at = starts_at + timedelta(minutes=minutes)
    return FreedTime.objects.create(master=master, starts_at=starts_at, ends_at=ends_at, ready_at=ready_at, **fields)


def make_complaint(
    client: Client, text: str = "The colour came out wrong", *, opened_at: datetime = NOW, **fields: Any
):
    branch = fields.pop("branch", client.branch)
    fields.setdefault("opened_on", opened_at.astimezone(ZoneInfo(branch.time_zone)).date())
    return Complaint.objects.create(client=client, branch=branch, text=text, opened_at=opened_at, **fields)


def make_standard(
    *steps: str, branch: Branch, service: Service | None = None, at: datetime = NOW, optional: Iterable[str] = ()
) -> Standard:
    """A published standard of these required steps, then of the optional ones; without a service for every visit."""
    optional = list(optional)
    standard = Standard.objects.create(branch=branch, service=service, lesson_en="Why we do it so.")
    StandardStep.objects.bulk_create(
        StandardStep(standard=standard, position=place, text_en=text, is_required=text not in optional)
        for place, text in enumerate([*steps, *optional])
    )
    publish_standard(standard=standard, now=at, user=None)
    return standard


@dataclass(frozen=True)
class Cast:
    """The people of most tests; the outsider is a master of another branch, who must see nothing."""

    branch: Branch
    elsewhere: Branch
    owner: User
    receptionist: User
    anna: Master
    boris: Master
    outsider: Master
    vera: Client
    dina: Client
    leila: Client
    lashes: Service
    colour: Service
    removal: Service

    def user_of(self, master: Master) -> User:
        assert master.user is not None
        return master.user


def make_photograph(
    client: Client, *, branch: Branch, on: date, content: bytes = b"no picture, but a file", **fields: Any
) -> WorkPhotograph:
    """A photograph of the work, with her leave; its file holds `content`, the small one too."""
    if not PhotographConsent.objects.filter(client=client, purpose="kept").exists():
        PhotographConsent.objects.create(client=client, purpose="kept", is_given=True, at=NOW, where="desk")
    photograph = WorkPhotograph(
        client=client, branch=branch, on=on, **{"moment": "after", "added_at": NOW, "digest": str(next(NEXT))} | fields
    )
    photograph.image.save("image.jpg", ContentFile(content), save=False)
    photograph.small.save("small.jpg", ContentFile(content), save=False)
    photograph.save()
    return photograph


def make_cast() -> Cast:
    """A third of the tests begin with it: one statement for each table, and no rows of history."""
    harbour, hill = branches = [
        Branch(name=name, time_zone="Europe/Sarajevo", currency="BAM") for name in ("Harbour", "Hill")
    ]
    Branch.objects.bulk_create(branches)
    owner, receptionist, *hands = [
        new_user(User.Role.OWNER, branch=None, username="owner", first_name="Olga"),
        new_user(User.Role.RECEPTIONIST, branch=harbour, username="reception", first_name="Rada"),
        new_user(User.Role.MASTER, branch=harbour, username="anna", first_name="Anna"),
        new_user(User.Role.MASTER, branch=harbour, username="boris", first_name="Boris"),
        new_user(User.Role.MASTER, branch=hill, username="oto", first_name="Oto"),
    ]
    User.objects.bulk_create([owner, receptionist, *hands])
    masters = [new_master(branch=user.branch, name=user.first_name, user=user) for user in hands]
    Master.objects.bulk_create(masters)
    WorkingHours.objects.bulk_create(
        hours for master in masters for hours in new_hours(master, time(9), time(18), range(6))
    )
    clients = [
        new_client(branch=harbour, name="Vera Example", phone="+38761100101", email="vera@example.test"),
        new_client(branch=harbour, name="Dina Example", phone="+38761100102"),
        new_client(branch=harbour, name="Leila Example", phone="+38761100103", language="ar"),
    ]
    Client.objects.bulk_create(clients)
    put_words(clients)
    lashes, colour, removal = services = [
        new_service(branch=harbour, name="Lashes", minutes=90, price=60, ask_after_days=14),
        new_service(branch=harbour, name="Colour", minutes=105, price=120, buffer_minutes=15),
        new_service(branch=harbour, name="Removal", minutes=30, price=15, is_one_off=True),
    ]
    Service.objects.bulk_create(services)
    make_stretches(colour, ("work", 45), ("processing", 30), ("work", 30))
    return Cast(harbour, hill, owner, receptionist, *masters, *clients, lashes, colour, removal)
