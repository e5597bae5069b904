"""What a message of the shop says: the product, where the order stands, the promised day, other places."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal

from crm.catalogue.models import Product
from crm.orders.models import Order, OrderEvent, OtherPlace, StockHelp
from crm.sales.models import SaleLine
from crm.team.models import Branch
from crm.team.wording import day_words, money_words
from reminders.consent.models import Channel
from reminders.messages.models import Kind, Message
from reminders.messages.speech import Speech, clean

ABOUT_ORDER = {Kind.ORDER_STAGE, Kind.ORDER_LATE}
HELPED = {Kind.OTHER_PLACES, Kind.BACK_IN_STOCK}
# a line of a receipt: its key, the day, how many (below zero: back), and the line that it takes back
Bought = tuple[int, date, Decimal, int | None]


def about_shop(message: Message, speech: Speech) -> dict[str, str]:
    """Nothing where the message is about something else, or what it was about is gone."""
    if message.kind in ABOUT_ORDER:
        event = _step_of(message)
        return {} if event is None else _about_order(event, speech)
    if message.kind in HELPED:
        given = _help_of(message)
        return {} if given is None else _about_help(given, message, speech)
    if message.kind == Kind.USED_UP:
        names = [clean(product.name) for product in used_up_on(message)]
        return {"products": speech.listed(*names), "phone": clean(message.branch.phone)}
    return {}


def _step_of(message: Message) -> OrderEvent | None:
    """The step of her order that a message tells of; its key stands in the occasion."""
    key = message.occasion.rpartition("/")[2]
    if not key.isdecimal():
        return None
    steps = OrderEvent.objects.select_related("order__product", "order__branch")
    return steps.filter(pk=int(key), order__client=message.client_id).first()


def _help_of(message: Message) -> StockHelp | None:
    if not message.occasion.isdecimal():
        return None
    given = StockHelp.objects.select_related("product", "branch")
    return given.filter(pk=int(message.occasion), client=message.client_id).first()


def _about_order(event: OrderEvent, speech: Speech) -> dict[str, str]:
    order = event.order
    values = {
        "product": product_words(order),
        "stage": stage_words(event.kind, speech),
        "reason": clean(event.reason),
        "promised": "",
        **_place(order.branch),
    }
    if event.kind == OrderEvent.Kind.LATE:
        values["promised"] = day_words(event.promised_after or order.promised_on, speech.language)
        values["before"] = day_words(event.promised_before or order.first_promised_on, speech.language)
    elif event.kind in Order.COMING:
        values["promised"] = day_words(order.promised_on, speech.language)
    if event.kind != OrderEvent.Kind.ARRIVED:
        # where to fetch it is said when there is something to fetch
        values["address"] = ""
    return values


def stage_words(kind: str, speech: Speech) -> str:
    """What this stage means for her, as a sentence."""
    return speech.say(f"order_{kind}") if kind in Order.Stage.values else ""


def product_words(order: Order) -> str:
    """“Lash serum”, “2 × Lash serum”."""
    name = clean(order.product.name)
    return name if order.quantity == 1 else f"{order.quantity} × {name}"


def _about_help(given: StockHelp, message: Message, speech: Speech) -> dict[str, str]:
    values = {"product": clean(given.product.name), **_place(given.branch)}
    if message.kind == Kind.OTHER_PLACES:
        between = "; " if message.channel == Channel.SMS else "\n"
        places = given.places.order_by("position")
        values["places"] = between.join(place_words(place, given.branch, speech) for place in places)
    return values


def place_words(place: OtherPlace, branch: Branch, speech: Speech) -> str:
    """“Petal, Example Street 2, 19.00”."""
    price = "" if place.price is None else money_words(place.price, branch.currency, speech.language)
    return speech.listed(clean(place.name), clean(place.address), price)


def used_up_on(message: Message) -> list[Product]:
    """What she bought that its own days say is used up on the day of this message."""
    lines = SaleLine.objects.filter(
        sale__client=message.client_id, product__lasts_days__gt=0, product__is_active=True
    ).select_related("product", "sale")
    bought: dict[Product, list[Bought]] = defaultdict(list)
    for line in lines.order_by("sale__on", "pk"):
        if line.product is not None:
            bought[line.product].append((line.pk, line.sale.on, line.quantity, line.returns_line_id))
    found = [
        product
        for product, hers in bought.items()
        if (on := last_kept(hers)) is not None
        and (on + timedelta(days=product.lasts_days or 0)).isoformat() == message.occasion
    ]
    return sorted(found, key=lambda product: product.name)


def last_kept(lines: Iterable[Bought]) -> date | None:
    """The day on which she last bought a product and kept it, of her lines of it by time; none if all came back.

    What comes back without saying of which purchase, as in imported sales, is of the last one.
    """
    kept: dict[int, tuple[date, Decimal]] = {}
    for pk, on, quantity, returns in lines:
        if quantity > 0:
            kept[pk] = (on, quantity)
        elif (of := returns if returns in kept else next(reversed(kept), None)) is not None:
            day, number = kept[of]
            kept[of] = (day, number + quantity)
            if number + quantity <= 0:
                del kept[of]
    return max((day for day, _number in kept.values()), default=None)


def _place(branch: Branch) -> dict[str, str]:
    return {"address": clean(branch.address), "phone": clean(branch.phone)}
