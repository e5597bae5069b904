"""Where a run of the import stands: the branch, the clock, the catalogue by code, and what was there before it began."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from crm.booking.models import Appointment
from crm.catalogue.models import Product, Service, ServiceStretch
from crm.office.importing.bulk import highest_id
from crm.office.importing.outcome import Outcome
from crm.people.models import Client
from crm.people.selectors import keys_by_code
from crm.sales.models import Sale, SaleLine
from crm.team.models import Branch, Master


@dataclass(frozen=True, slots=True)
class KnownService:
    """A service of the branch; `parts` are its work and processing, empty where it is work throughout."""

    pk: int
    minutes: int
    price: Decimal | None
    buffer: int = 0
    parts: tuple[tuple[str, int], ...] = ()


@dataclass(slots=True)
class Catalogue:
    """The branch's services, products and masters by code: few, so they are kept at hand."""

    services: dict[str, KnownService] = field(default_factory=dict)
    products: dict[str, int] = field(default_factory=dict)
    masters: dict[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, branch: Branch) -> "Catalogue":
        parts: dict[int, list[tuple[str, int]]] = defaultdict(list)
        for pk, kind, minutes in (
            ServiceStretch.objects.filter(service__branch=branch)
            .order_by("service", "position")
            .values_list("service_id", "kind", "minutes")
        ):
            parts[pk].append((kind, minutes))
        return cls(
            services={
                code: KnownService(pk, minutes, price, buffer, tuple(parts[pk]))
                for code, pk, minutes, price, buffer in Service.objects.filter(branch=branch).values_list(
                    "code", "pk", "minutes", "price", "buffer_minutes"
                )
            },
            products=dict(Product.objects.filter(branch=branch).values_list("code", "pk")),
            masters=dict(Master.objects.filter(branch=branch).values_list("code", "pk")),
        )


class Seen:
    """Which rows of the database this run has met already: one bit each, so it stays small."""

    def __init__(self, highest: int) -> None:
        self.highest = highest
        self._bits = bytearray(highest // 8 + 1)

    def before(self, pk: int) -> bool:
        """The row stood there before this run."""
        return pk <= self.highest

    def meet(self, pk: int) -> bool:
        """True the first time that this run meets a row that stood there before."""
        byte, bit = pk // 8, 1 << pk % 8
        if self._bits[byte] & bit:
            return False
        self._bits[byte] |= bit
        return True


class Run:
    """One run of the import. `now` is its instant (UTC); nothing below reads the clock."""

    def __init__(self, *, branch: Branch, is_new: bool, now: datetime, outcome: Outcome) -> None:
        self.branch, self.is_new = branch, is_new
        self.zone = ZoneInfo(branch.time_zone)
        self.currency = branch.currency
        self.now = now
        self.today = now.astimezone(self.zone).date()
        self.outcome = outcome
        self.catalogue = Catalogue.of(branch)
        self.clients_before = highest_id(Client)
        self.appointments_before = highest_id(Appointment)
        self.sales_before = highest_id(Sale)
        self.lines_before = highest_id(SaleLine)
        # clients whose facts changed besides appointments and sales
        self.touched: set[int] = set()
        # the evidence of what clients consented to is among the files
        self.brings_consents = False
        # a rule by which everybody's rhythm is worked out has changed
        self.everybody = False

    def clients(self, codes: set[str]) -> dict[str, int]:
        """Primary keys by code, of those that there are; the code of a card put aside means the one that stayed."""
        return keys_by_code(codes)
