"""What is typed at the checkout: read, kept as typed, and said back where it cannot be meant."""

import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation

from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from crm.booking.models import AppointmentService
from crm.catalogue.models import Product, Service
from crm.desk.checkout.words import plain
from crm.desk.days import bookable_day, kept_day
from crm.orders.models import Order
from crm.sales.models import Payment, RebookingDecline
from crm.sales.services import PaymentFact
from crm.team.fields import digits
from crm.team.models import Master
from loyalty.checkout.offers import CheckoutLine
from loyalty.checkout.selectors import MOST_CERTIFICATES
from loyalty.vouchers.codes import read_code

MOST_LINES = 40
MOST_MONEY = Decimal(1_000_000)
MOST_OF_ONE = 999
MONEY_METHODS = (Payment.Method.CASH, Payment.Method.CARD, Payment.Method.TRANSFER)
SLOT = re.compile(r"^(\d{4}-\d\d-\d\dT\d\d:\d\d)Z (\d{1,18}(?:,\d{1,18}){0,9})$")
DECLINE = "decline:"


@dataclass(slots=True)
class Row:
    """A line as it stands in the form."""

    item: str
    name: str
    price: str
    quantity: str
    service: Service | None = None
    product: Product | None = None
    # who did this part, where it is somebody else than the receipt's master (a key; 0: nobody else)
    hand: int = 0
    error: str = ""


@dataclass(slots=True)
class Draft:
    """A receipt being written. Texts are as typed; `errors` name the fields that cannot be meant."""

    key: str
    rows: list[Row] = field(default_factory=list)
    choice: str = ""
    code: str = ""
    points: str = ""
    method: str = Payment.Method.CASH
    amounts: dict[str, str] = field(default_factory=dict)
    next: str = ""
    # she has another visit then, and both are agreed
    beside_another: bool = False
    until: str = ""
    text: str = ""
    # why less is asked than usual
    why: str = ""
    expected: str = ""
    # what stood in the field of codes before: a certificate read after a voucher does not push it out
    shown: str = ""
    # codes of the gift certificates that were shown
    certificates: list[str] = field(default_factory=list)
    # the gift that goes with it (a key)
    gift: int = 0
    # fewer stand in the book than are sold, and somebody sees them on the shelf
    short_agreed: bool = False
    # what was got for her and is handed over with it (a key)
    order: int = 0
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def decline_reason(self) -> str:
        """The reason why no next visit is wanted, where one was tapped."""
        reason = self.next.removeprefix(DECLINE)
        return reason if self.next.startswith(DECLINE) and reason in RebookingDecline.Reason.values else ""

    @property
    def slot(self) -> tuple[datetime, list[int]] | None:
        """The slot that was tapped: its instant (UTC) and the master's key, or one for each service."""
        match = SLOT.match(self.next)
        if match is None:
            return None
        try:
            starts_at = datetime.strptime(match[1], "%Y-%m-%dT%H:%M").replace(tzinfo=UTC)
            bookable_day(starts_at.date())
        except (ValueError, ValidationError):
            return None
        return starts_at, [int(key) for key in match[2].split(",")]

    @property
    def until_day(self) -> date | None:
        try:
            day = parse_date(self.until.strip())
            if day is not None:
                kept_day(day)
        except (ValueError, ValidationError):
            return None
        return day

    def lines(
        self,
        master: Master | None,
        currency: str,
        hands: Mapping[int, Master],
        usual: Mapping[int, Decimal] | None = None,
    ) -> list[CheckoutLine]:
        """The lines that can be meant; what is wrong with the others stands beside them.

        `hands` are those, by key, who did a part that is not the `master`'s; `usual` what the rows (by their place)
        cost else for which less is asked.
        """
        lines = []
        usual = usual or {}
        for place, row in enumerate(self.rows):
            price, quantity = read_money(row.price, currency), read_count(row.quantity)
            if price is None:
                row.error = _("Type the price.") if not row.price.strip() else _("This is no price.")
            elif quantity is None or quantity < 1:
                row.error = _("How many?")
            else:
                hand = hands.get(row.hand, master)
                lines.append(
                    CheckoutLine(
                        price=price,
                        service=row.service,
                        product=row.product,
                        master=hand,
                        quantity=quantity,
                        usual=usual.get(place),
                        why=self.why.strip(),
                    )
                )
        return lines

    def points_to_pay(self) -> int:
        """The points typed; nothing typed is none."""
        if not self.points.strip():
            return 0
        points = read_count(self.points)
        if points is None:
            self.errors["points"] = _("Points are whole numbers.")
            return 0
        return points

    def payments(self, currency: str) -> list[PaymentFact]:
        """Several ways of payment, where amounts were typed; else none, and the one method pays all."""
        payments = []
        for method in MONEY_METHODS:
            typed = self.amounts.get(method, "")
            if not typed.strip():
                continue
            amount = read_money(typed, currency)
            if amount is None:
                self.errors["amounts"] = _("This is no sum of money.")
            elif amount:
                payments.append(PaymentFact(method, amount))
        return payments

    @property
    def is_sound(self) -> bool:
        return not self.errors and not any(row.error for row in self.rows)


def new_draft(lines: list[AppointmentService], currency: str) -> Draft:
    """A receipt prefilled from the appointment's services; a price agreed per case is left to type."""
    draft = Draft(key=uuid.uuid4().hex)
    for line in lines:
        price = line.price if line.price is not None else line.service.price
        draft.rows.append(row_of(line.service, None, currency, price=price, hand=line.master_id or 0))
    return draft


def put_order(draft: Draft, order: Order) -> None:
    """What was got for her, at the price agreed, and what she has paid ahead for it."""
    row = row_of(None, order.product, order.branch.currency, price=order.price)
    row.quantity = str(order.quantity)
    draft.rows.append(row)
    draft.order = order.pk
    if order.prepaid_code:
        draft.certificates.append(order.prepaid_code)


def row_of(
    service: Service | None, product: Product | None, currency: str, *, price: Decimal | None, hand: int = 0
) -> Row:
    thing = service or product
    kind = "service" if service else "product"
    return Row(
        item=f"{kind}:{thing.pk}{f':{hand}' if hand else ''}" if thing else "",
        name=str(thing),
        price=plain(price, currency),
        quantity="1",
        service=service,
        product=product,
        hand=hand,
    )


def read_draft(
    post: QueryDict, *, services: Mapping[int, Service], products: Mapping[int, Product], currency: str
) -> Draft:
    """The receipt as it was sent; nothing typed is lost. What is not of this branch's list falls out."""
    draft = Draft(
        key=_key(post.get("key", "")),
        choice=post.get("choice", "")[:20],
        code=post.get("code", "")[:40],
        points=post.get("points", "")[:12],
        method=post.get("method", "") if post.get("method", "") in MONEY_METHODS else Payment.Method.CASH,
        amounts={method: post.get(f"amount-{method}", "")[:20] for method in MONEY_METHODS},
        next=post.get("next", "")[:120],
        beside_another=bool(post.get("beside_another")),
        until=post.get("until", "")[:10],
        text=post.get("text", "")[:4000],
        why=post.get("why", "")[:120],
        expected=post.get("expected", "")[:20],
        shown=post.get("shown", "")[:40],
        certificates=[code for code in _certificates(post) if code != post.get("drop")],
        gift=gift_given(post),
        short_agreed=bool(post.get("short_agreed")),
        order=read_count(post.get("order", "")) or 0,
    )
    sent = zip(post.getlist("item"), post.getlist("price"), post.getlist("quantity"), strict=False)
    for item, price, quantity in list(sent)[:MOST_LINES]:
        service, product = find_item(item, services, products)
        if service or product:
            hand = hand_of(item)
            draft.rows.append(Row(item, str(service or product), price[:20], quantity[:6], service, product, hand))
    removed = read_count(post.get("remove", ""))
    if removed is not None and removed < len(draft.rows):
        del draft.rows[removed]
    # one tap on what goes well with it, or chosen from the list
    if wanted := post.get("recommend") or (post.get("new", "") if post.get("step") == "add" else ""):
        service, product = find_item(wanted, services, products)
        thing = service or product
        if thing is not None and len(draft.rows) < MOST_LINES:
            draft.rows.append(row_of(service, product, currency, price=thing.price))
    return draft


def find_item(
    item: str, services: Mapping[int, Service], products: Mapping[int, Product]
) -> tuple[Service | None, Product | None]:
    kind, _colon, numbers = item.partition(":")
    pk = read_count(numbers.partition(":")[0])
    if pk is None:
        return None, None
    return (services.get(pk), None) if kind == "service" else (None, products.get(pk) if kind == "product" else None)


def hand_of(item: str) -> int:
    """Who did this part, where that stands in it (`service:12:7`), else 0."""
    return read_count(item.partition(":")[2].partition(":")[2]) or 0


def numbers_of(items: list[str], kind: str) -> list[int]:
    """The keys of these items that are of one kind: service or product."""
    found = (item.partition(":") for item in items[:MOST_LINES])
    return [
        pk
        for name, _colon, number in found
        if name == kind and (pk := read_count(number.partition(":")[0])) is not None
    ]


def read_money(typed: str, currency: str) -> Decimal | None:
    """A sum as people type it, with a point or a comma; None if it is none, negative, or finer than the currency."""
    try:
        amount = Decimal(typed.strip().replace("\u00a0", "").replace(" ", "").replace(",", "."))
    except InvalidOperation:
        return None
    if not amount.is_finite() or not 0 <= amount <= MOST_MONEY:
        return None
    exponent = amount.normalize().as_tuple().exponent
    return amount if isinstance(exponent, int) and -exponent <= digits(currency) else None


def read_count(typed: str) -> int | None:
    """A whole number from 0, in whatever digits; None if it is none or absurd."""
    typed = typed.strip()
    return int(typed) if typed.isdecimal() and len(typed) <= 18 else None


def gift_given(post: QueryDict) -> int:
    """The gift with which the payment was taken (its key), 0 for none."""
    return read_count(post.get("give", "")) or 0


def _certificates(post: QueryDict) -> list[str]:
    codes = (read_code(code[:40]) for code in post.getlist("certificate")[:MOST_CERTIFICATES])
    return list(dict.fromkeys(code for code in codes if code is not None))


def _key(typed: str) -> str:
    """The form's own key; one that we did not make is replaced."""
    try:
        return uuid.UUID(hex=typed).hex
    except ValueError:
        return uuid.uuid4().hex
