"""What one checkout is about, and what is proposed with it: the next visit and a gift."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.functional import cached_property

from crm.booking.models import Appointment, AppointmentService
from crm.booking.services import propose_next
from crm.catalogue.models import Product, Service
from crm.catalogue.selectors import recommended_for
from crm.desk.checkout.forms import Draft, numbers_of, read_money
from crm.desk.checkout.words import slot_choices
from crm.orders.models import Order
from crm.orders.selectors import ready_for
from crm.people.models import Client
from crm.team.models import Branch, Master
from crm.team.selectors import branch_day, zone
from loyalty.gifts.selectors import Proposal, propose_gift
from loyalty.points.selectors import loyalty_settings


@dataclass
class Till:
    """What one checkout is about: where, whose, by whom, for which appointment."""

    branch: Branch
    client: Client | None
    appointment: Appointment | None
    master: Master | None
    services: dict[int, Service] = field(default_factory=dict)
    products: dict[int, Product] = field(default_factory=dict)
    slots: list[dict[str, object]] | None = None
    # what she has booked already for a later day
    upcoming: dict[str, Any] | None = None
    # what is proposed to be given as she leaves; asked of whole pages only
    gift: Proposal | None = None
    # the next visit would be beside another one of hers
    asks_for_both: bool = False
    # what was got for her and is handed over with this receipt
    order: Order | None = None
    # what else lies here for her
    ready: list[Order] = field(default_factory=list)

    def fill(self) -> None:
        """What can be sold here."""
        self.services = {each.pk: each for each in Service.objects.filter(branch=self.branch).order_by("name")}
        self.products = {each.pk: each for each in Product.objects.filter(branch=self.branch).order_by("name")}

    def fill_with(self, items: list[str]) -> None:
        """Of it only what stands on the receipt: nothing else is needed to complete it."""
        services, products = numbers_of(items, "service"), numbers_of(items, "product")
        self.services = Service.objects.filter(branch=self.branch).in_bulk(services) if services else {}
        self.products = Product.objects.filter(branch=self.branch).in_bulk(products) if products else {}

    @cached_property
    def booked(self) -> list[AppointmentService]:
        """What was agreed, in order."""
        lines = AppointmentService.objects.filter(appointment=self.appointment)
        return list(lines.select_related("service").order_by("position")) if self.appointment else []

    def hands(self, draft: Draft) -> dict[int, Master]:
        """Those of this branch, by key, who did a part that is not the master's."""
        keys = {row.hand for row in draft.rows if row.hand}
        return Master.objects.filter(branch=self.branch).in_bulk(keys) if keys else {}

    def lowered(self, draft: Draft) -> dict[int, Decimal]:
        """What the rows (by their place) cost usually for which less is asked: what was agreed, else the list's price.

        Only where one is below the list is it asked what was agreed.
        """
        below = {}
        for place, row in enumerate(draft.rows):
            thing, price = row.service or row.product, read_money(row.price, self.branch.currency)
            if self.order is not None and row.product == self.order.product and price == self.order.price:
                # agreed when she ordered it
                continue
            if thing is not None and thing.price is not None and price is not None and price < thing.price:
                below[place] = thing.price
        if not below:
            return {}
        agreed = {line.service_id: line.price for line in self.booked if line.price is not None}
        usual = {}
        for place, listed in below.items():
            row = draft.rows[place]
            price = read_money(row.price, self.branch.currency)
            rate = min(listed, agreed.get(row.service.pk, listed)) if row.service else listed
            if price is not None and price < rate:
                usual[place] = rate
        return usual

    def recommended(self, draft: Draft) -> list[Product]:
        """What the owner recommends with what is done, as far as it is not on the receipt."""
        services = [row.service.pk for row in draft.rows if row.service is not None]
        there = {row.product.pk for row in draft.rows if row.product is not None}
        return [product for product in recommended_for(services) if product.pk not in there] if services else []

    def services_for_next(self, draft: Draft) -> list[Service]:
        """The next visit repeats what is done today, but for what is done once only."""
        chosen = [row.service for row in draft.rows if row.service is not None and not row.service.is_one_off]
        return chosen or [line.service for line in self.booked if not line.service.is_one_off]


def propose(till: Till, draft: Draft) -> None:
    """Three real free slots around her rhythm (rules.md, Booking), and what she has booked already."""
    now = timezone.now()
    if till.client is None:
        till.slots = []
        return
    till.upcoming = next_booked(till.client, after=branch_day(till.branch, now))
    services = till.services_for_next(draft)
    if not services:
        till.slots = []
        return
    slots = propose_next(client=till.client, services=services, branch=till.branch, now=now, master=till.master)
    till.slots = slot_choices(slots)


def next_booked(client: Client, *, after: date) -> dict[str, Any] | None:
    """Her next appointment after a day: when by that branch's clock, and with whom."""
    found = (
        Appointment.objects.filter(client=client, status__in=Appointment.OPEN, on__gt=after)
        .select_related("master", "branch")
        .order_by("starts_at")
        .first()
    )
    if found is None or found.starts_at is None:
        return None
    return {"starts": found.starts_at.astimezone(zone(found.branch)), "master": found.master.name, "pk": found.pk}


def propose_present(till: Till) -> None:
    """What she could be given as she leaves (practices.md, P10), and what was got for her and lies here."""
    if till.client is not None:
        till.ready = [order for order in ready_for(till.client, till.branch) if order != till.order]
        today = branch_day(till.branch, timezone.now())
        till.gift = propose_gift(client=till.client, branch=till.branch, today=today, rules=loyalty_settings())
