"""A folder in the interchange format (contracts.md), read into plain dataclasses.

Local times become aware instants in UTC; every ``*_on`` is a day of the branch. Rows that cannot be
used are left out and named in ``Salon.rejected``, as the import does.
"""

import csv
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

ANONYMOUS = ("", "WALK_IN")
OPEN_STATUSES = ("booked", "confirmed", "arrived", "in_progress")


def zone_named(name):
    """The zone of that name, or None if nobody knows it."""
    try:
        return ZoneInfo(name)
    except Exception:  # ZoneInfo raises four unrelated types for four kinds of nonsense
        return None


def instant(day, hour, minute, zone):
    """The UTC instant of a computed local time.

    With fold 0 zoneinfo reads a time in a gap with the offset before it, which moves it forward by
    the gap; of a time that exists twice it takes the first (rules.md, Time).
    """
    local = datetime(day.year, day.month, day.day, hour, minute, tzinfo=zone)
    return local.astimezone(UTC)


def typed_instant(text, zone):
    """The UTC instant of a date-time as typed in a file; a time in a gap is refused."""
    value = datetime.fromisoformat(text.strip())
    if value.tzinfo is not None:
        return value.astimezone(UTC)
    result = value.replace(tzinfo=zone).astimezone(UTC)
    if result.astimezone(zone).replace(tzinfo=None) != value:
        raise ValueError(f"{text} does not exist in {zone.key}")
    return result


@dataclass
class Service:
    code: str
    usual_return_days: int  # 0: none
    ask_after_days: int  # 0: not asked about
    one_off: bool


@dataclass
class Client:
    code: str
    phone: str
    email: str
    birthday: tuple | None  # (month, day)
    language: str
    zone: ZoneInfo
    preferred_channel: str
    care: tuple | None  # None: all channels; (): refused
    marketing: tuple
    status: str  # active, moved, blocked, deceased, break
    break_until: date | None
    referred_by: str
    postal_address: str


@dataclass
class Appointment:
    code: str
    client: str
    master: str
    services: tuple
    starts_at: datetime
    day: date
    status: str
    booked_at: datetime | None


@dataclass
class SaleLine:
    receipt: str
    client: str
    master: str
    day: date
    at: datetime | None  # None: the hour is not known
    item: str
    quantity: Decimal
    amount: Decimal

    @property
    def is_return(self):
        return self.amount < 0 or self.quantity < 0


@dataclass
class Message:
    client: str
    kinds: tuple  # a merged message answers several kinds
    occasion: str
    sent_at: datetime


@dataclass
class Complaint:
    client: str
    opened_on: date
    opened_at: datetime | None  # None: only the day is known
    resolved_on: date | None
    resolved_at: datetime | None


@dataclass
class Points:
    client: str
    points: int
    day: date
    expires_on: date | None


@dataclass
class Salon:
    zone: ZoneInfo
    services: dict = field(default_factory=dict)
    products: dict = field(default_factory=dict)  # code: the days that one lasts, 0 where nobody says
    masters: set = field(default_factory=set)
    clients: dict = field(default_factory=dict)
    appointments: list = field(default_factory=list)
    sales: list = field(default_factory=list)
    messages: list = field(default_factory=list)
    complaints: list = field(default_factory=list)
    points: list = field(default_factory=list)
    narrowed: tuple = ()  # rows of quiet.py
    rejected: list = field(default_factory=list)


def rows(folder, name):
    path = Path(folder) / name
    if not path.exists():
        return
    with path.open(encoding="utf-8-sig", newline="") as stream:
        for line, row in enumerate(csv.DictReader(stream), start=2):
            yield line, {key: (value or "").strip() for key, value in row.items() if key}


def listed(text):
    return tuple(part.strip() for part in text.split(";") if part.strip())


def whole(text):
    return int(text) if text else 0


def day_and_instant(text, zone):
    """A day, with its instant if an hour was written too."""
    if len(text) == 10:
        return date.fromisoformat(text), None
    at = typed_instant(text, zone)
    return at.astimezone(zone).date(), at


def read_birthday(text):
    if not text:
        return None
    month, day = int(text[-5:-3]), int(text[-2:])
    date(2000, month, day)
    return month, day


def read_client(row, branch_zone):
    status, _, until = row.get("status", "").partition(":")
    care = row.get("care", "")
    return Client(
        code=row["code"],
        phone=row.get("phone", ""),
        email=row.get("email", ""),
        birthday=read_birthday(row.get("birthday", "")),
        language=row.get("language", "") or "en",
        # an unknown zone means the branch's
        zone=(zone_named(row["time_zone"]) if row.get("time_zone") else None) or branch_zone,
        preferred_channel=row.get("preferred_channel", ""),
        care=() if care == "none" else (listed(care) or None),
        marketing=listed(row.get("marketing", "")),
        status=status or "active",
        break_until=date.fromisoformat(until) if until else None,
        referred_by=row.get("referred_by", ""),
        postal_address=row.get("postal_address", ""),
    )


def read_salon(folder):
    """The salon of an interchange folder."""
    branch = next(row for _, row in rows(folder, "branch.csv"))
    salon = Salon(zone=ZoneInfo(branch["time_zone"]))

    def service(row):
        salon.services[row["code"]] = Service(
            code=row["code"],
            usual_return_days=whole(row.get("usual_return_days", "")),
            ask_after_days=whole(row.get("ask_after_days", "")),
            one_off=row.get("one_off", "") == "yes",
        )

    def product(row):
        # of what is no longer sold nobody is reminded
        is_sold = row.get("active", "") != "no"
        salon.products[row["code"]] = whole(row.get("lasts_days", "")) if is_sold else 0

    def client(row):
        # the anonymous client is nobody
        if row["code"] not in ANONYMOUS:
            salon.clients[row["code"]] = read_client(row, salon.zone)

    def known_client(row):
        if row["client"] not in salon.clients:
            raise ValueError(f"no client {row['client']!r}")
        return row["client"]

    def appointment(row):
        if row["client"] == "WALK_IN":
            return
        starts_at = typed_instant(row["starts_at"], salon.zone)
        booked_at = row.get("booked_at", "")
        services = listed(row["services"])
        if any(code not in salon.services for code in services):
            raise ValueError("unknown service")
        salon.appointments.append(
            Appointment(
                code=row["code"],
                client=known_client(row),
                master=row["master"],
                services=services,
                starts_at=starts_at,
                day=starts_at.astimezone(salon.zone).date(),
                status=row["status"],
                booked_at=typed_instant(booked_at, salon.zone) if booked_at else None,
            )
        )

    def sale(row):
        if row["item"] not in salon.services and row["item"] not in salon.products:
            raise ValueError("unknown item")
        day = date.fromisoformat(row["date"])
        hour = row.get("time", "")
        salon.sales.append(
            SaleLine(
                receipt=row["code"],
                client="" if row["client"] in ANONYMOUS else known_client(row),
                master=row["master"],
                day=day,
                at=typed_instant(f"{row['date']}T{hour}", salon.zone) if hour else None,
                item=row["item"],
                quantity=Decimal(row["quantity"]),
                amount=Decimal(row["amount"]),
            )
        )

    def message(row):
        salon.messages.append(
            Message(
                client=known_client(row),
                kinds=tuple(row["kind"].split("+")),
                occasion=row["occasion"],
                sent_at=typed_instant(row["sent_at"], salon.zone),
            )
        )

    def complaint(row):
        opened_on, opened_at = day_and_instant(row["opened"], salon.zone)
        resolved = row.get("resolved", "")
        resolved_on, resolved_at = day_and_instant(resolved, salon.zone) if resolved else (None, None)
        salon.complaints.append(Complaint(known_client(row), opened_on, opened_at, resolved_on, resolved_at))

    def points(row):
        day = day_and_instant(row["date"], salon.zone)[0]
        expires = row.get("expires", "")
        amount = int(row["points"])
        expires_on = None
        if amount > 0:  # valid for 365 days from the grant where nothing else is written
            expires_on = date.fromisoformat(expires[:10]) if expires else day + timedelta(days=365)
        salon.points.append(Points(known_client(row), amount, day, expires_on))

    readers = {
        "services.csv": service,
        "products.csv": product,
        "masters.csv": lambda row: salon.masters.add(row["code"]),
        "clients.csv": client,
        "appointments.csv": appointment,
        "sales.csv": sale,
        "messages.csv": message,
        "complaints.csv": complaint,
        "points.csv": points,
    }
    for name, read in readers.items():
        for line, row in rows(folder, name):
            try:
                read(row)
            except (ValueError, ArithmeticError) as reason:
                salon.rejected.append((name, line, str(reason)))
    return salon
