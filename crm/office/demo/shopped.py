"""The shop of the demo: an order in every stage, one of them late, places that have it, a supplier's list on its way."""

from datetime import datetime, timedelta
from decimal import Decimal

from crm.booking.models import Visit
from crm.catalogue.models import Product, Recommendation
from crm.catalogue.services import Moved, correct_stock, move_stock
from crm.office.demo.offer import PRODUCTS
from crm.office.demo.said import remember_orders
from crm.office.demo.tongues import tell
from crm.orders.models import Order, Place
from crm.orders.services import (
    PlaceFact,
    accept_order,
    advance,
    call_off,
    help_elsewhere,
    order_from_supplier,
    promise_anew,
)
from crm.people.models import Client
from crm.team.models import Branch, User
from crm.team.selectors import branch_day
from loyalty.checkout.offers import CheckoutLine
from loyalty.checkout.services import complete_checkout, prepay_order
from loyalty.points.models import LoyaltySettings

Stage = Order.Stage
SHADE = (
    "The supplier sent the wrong shade.",
    "Поставщик прислал не тот оттенок.",
    "Dobavljač je poslao pogrešnu nijansu.",
    "أرسل المورّد درجة لون خاطئة.",
)
FOUND_IT = (
    "She found it on her journey.",
    "Нашла сама в поездке.",
    "Našla ga je na putu.",
    "وجدته في سفرها.",
)
BROKEN = ("Fell down and broke", "Упало и разбилось", "Palo i razbilo se", "سقط وانكسر")
SHELVES = {
    "lash": ("Lashes and brows", "Ресницы и брови", "Trepavice i obrve", "الرموش والحواجب"),
    "brow": ("Lashes and brows", "Ресницы и брови", "Trepavice i obrve", "الرموش والحواجب"),
    "hair": ("Hair", "Волосы", "Kosa", "الشعر"),
    "hand": ("Hands", "Руки", "Ruke", "اليدان"),
}
SHELF_OF = {"shampoo": "hair", "mask": "hair", "cuticle-oil": "hand", "hand-cream": "hand"}
SUPPLIERS = {"hair": "Colour House d.o.o.", "hand": "Petal Supplies", "lash": "Lash Trade", "brow": "Lash Trade"}
PLACES = (("Petal", "Primjerna 14"), ("Camellia", "Primjerna 30"), ("Iris", "https://iris.example.test"))
# the last stage, days since it was accepted, days until it is promised
ORDERS = (
    ("mask", Stage.ACCEPTED, 1, 9),
    ("lash-serum", Stage.ORDERED, 4, 6),
    ("brow-oil", Stage.ON_THE_WAY, 8, 3),
    ("shampoo", Stage.ARRIVED, 10, 0),
    ("hand-cream", Stage.HANDED_OVER, 12, 0),
    ("cuticle-oil", Stage.CALLED_OFF, 9, 5),
)
# what goes well with which kind of service
WITH_SERVICES = {"lashes": ("lash-serum", "lash-brush"), "brows": ("brow-oil",), "hair": ("shampoo", "mask"),
                 "nails": ("cuticle-oil", "hand-cream")}  # fmt: skip


def keep_shop(
    branch: Branch,
    kinds: dict[int, str],
    *,
    desk: User,
    rules: LoyaltySettings,
    now: datetime,
    language: str,
) -> None:
    """Orders of people who were here lately; every stage has been told."""
    wanted = Product.objects.filter(branch=branch, code__in=[code for code, *_rest in PRODUCTS])
    products = {product.code: product for product in wanted}
    _lay_out(branch, products, kinds, desk=desk, now=now, language=language)
    been = Visit.objects.filter(branch=branch).order_by("-on", "-pk").values_list("client_id", flat=True)
    people = Client.objects.filter(pk__in=list(been[:160]), status=Client.Status.ACTIVE, complaints__isnull=True)
    buyers = list(people.exclude(email="").order_by("-code")[: len(ORDERS) + 2])
    today = branch_day(branch, now)
    made = []
    for client, (code, stage, days, ahead) in zip(buyers, ORDERS, strict=False):
        begun = now - timedelta(days=days)
        product = products[code]
        order = accept_order(
            client=client,
            product=product,
            branch=branch,
            quantity=1,
            price=product.price or Decimal(10),
            promised_on=today + timedelta(days=ahead),
            now=begun,
            user=desk,
            key=f"demo order {code}",
        )
        _play(order, stage, begun=begun, desk=desk, rules=rules, now=now, language=language)
        made.append(order)
    remember_orders(made)
    helped, waits = buyers[-2:] if len(buyers) > len(ORDERS) else (buyers[0], buyers[0])
    mask = products["mask"]
    places = [PlaceFact(name, address, Decimal(25)) for name, address in PLACES]
    for client, told in ((helped, places), (waits, [])):
        help_elsewhere(
            client=client,
            product=mask,
            branch=branch,
            places=told,
            wants_word=True,
            now=now - timedelta(hours=1),
            user=desk,
            key=f"demo help {client.pk}",
        )
    order_from_supplier(
        branch=branch,
        supplier=SUPPLIERS["hair"],
        quantities={mask.pk: 8, products["shampoo"].pk: 6},
        now=now - timedelta(days=2),
        user=desk,
        key="demo supply",
    )


def _play(
    order: Order, stage: str, *, begun: datetime, desk: User, rules: LoyaltySettings, now: datetime, language: str
) -> None:
    """Day by day up to its stage; what is on the way has slipped once."""
    day = timedelta(days=1)
    if stage == Stage.CALLED_OFF:
        call_off(order=order, reason=tell(FOUND_IT, language), now=begun + 2 * day, user=desk)
        return
    if stage == Stage.HANDED_OVER:
        prepay_order(
            order=order, amount=Decimal(5), method="cash", key="demo prepaid", now=begun, rules=rules, user=desk
        )
    for number, each in enumerate(Order.WAY[1 : Order.WAY.index(Stage(stage)) + 1], start=1):
        if each == Stage.HANDED_OVER:
            order.refresh_from_db()
            complete_checkout(
                branch=order.branch,
                client=order.client,
                lines=[CheckoutLine(price=order.price, product=order.product)],
                key="demo hand-over",
                now=now - timedelta(minutes=20),
                user=desk,
                certificates=[order.prepaid_code],
                order=order,
            )
            return
        advance(order=order, stage=each, now=begun + number * 2 * day, user=desk)
    if stage == Stage.ON_THE_WAY:
        promise_anew(
            order=order,
            promised_on=order.promised_on + 5 * day,
            reason=tell(SHADE, language),
            now=begun + 5 * day,
            user=desk,
        )


def _lay_out(
    branch: Branch,
    products: dict[str, Product],
    kinds: dict[int, str],
    *,
    desk: User,
    now: datetime,
    language: str,
) -> None:
    """Shelves with names, suppliers, what goes well with what; something broke, and the masks have run out."""
    for code, product in products.items():
        shelf = SHELF_OF.get(code, code.partition("-")[0])
        product.category, product.supplier = tell(SHELVES[shelf], language), SUPPLIERS[shelf]
    Product.objects.bulk_update(products.values(), ["category", "supplier"])
    Place.objects.bulk_create(Place(branch=branch, name=name, address=address) for name, address in PLACES)
    Recommendation.objects.bulk_create(
        Recommendation(service_id=service, product=products[code], position=place)
        for service, kind in kinds.items()
        for place, code in enumerate(WITH_SERVICES[kind])
    )
    correct_stock(
        product=products["hand-cream"],
        quantity=1,
        kind="written_off",
        reason=tell(BROKEN, language),
        now=now - timedelta(hours=20),
        user=desk,
    )
    mask = products["mask"]
    moved = [Moved(mask, -(mask.stock or 0), "correction")]
    move_stock(moves=moved, now=now - timedelta(hours=19), user=desk, reason=tell(BROKEN, language))
