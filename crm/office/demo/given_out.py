"""A card that a family shares and a campaign of codes in the demo, with what they brought."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from crm.catalogue.models import Product
from crm.people.models import Client
from crm.sales.models import Payment, Sale
from crm.sales.services import LineFact, PaymentFact, complete_sale
from crm.team.fields import round_money
from crm.team.models import Branch
from loyalty.cards.models import Card
from loyalty.cards.services import note_use
from loyalty.vouchers.models import Campaign
from loyalty.vouchers.services import issue_codes, redeem_voucher

CODES, USED = 60, 3
HUNDRED = Decimal(100)


def give_out(branch: Branch, *, today: date, now: datetime) -> None:
    """One card to lend has served four; sixty codes for quiet mornings are out, and three came back."""
    product = Product.objects.filter(branch=branch, price__isnull=False).order_by("pk").first()
    lent = Card.objects.filter(client__branch=branch, is_bearer=True).select_related("level", "client").first()
    if product is None or lent is None:
        return
    latest = Sale.objects.filter(branch=branch, client__isnull=False, on__lt=today).exclude(client=lent.client)
    clients = [sale.client for sale in latest.select_related("client__branch").order_by("-on", "pk")[:60]]
    guests = [client for client in dict.fromkeys(clients) if client is not None]
    for number, client in enumerate(guests[:4]):
        _with_the_card(lent, product, client, branch, at=now - timedelta(days=2 + 5 * number))
    _quiet_mornings(branch, product, guests[4:], today=today, now=now)


def _with_the_card(card: Card, product: Product, client: Client, branch: Branch, *, at: datetime) -> None:
    percent = card.level.percent
    sale, saved = _sale(product, client, branch, percent=percent, kind="card", label=f"{card.level} {percent} %", at=at)
    note_use(card=card, sale=sale, saved=saved)


def _quiet_mornings(branch: Branch, product: Product, guests: Sequence[Client], *, today: date, now: datetime) -> None:
    campaign = Campaign.objects.create(
        name="Quiet mornings",
        branch=branch,
        percent=15,
        valid_from=today - timedelta(days=20),
        valid_until=today + timedelta(days=40),
        weekdays=[0, 1, 2],
        from_time=time(9),
        to_time=time(12),
        minimum=Decimal(20),
    )
    issue_codes(campaign=campaign, count=CODES, expected=0, now=now - timedelta(days=20))
    codes = campaign.vouchers.order_by("pk")[:USED]
    for number, (voucher, client) in enumerate(zip(codes, guests, strict=False)):
        at = now - timedelta(days=3 + 4 * number)
        label = f"{voucher.get_kind_display()} {voucher.code}"
        sale, _saved = _sale(product, client, branch, percent=15, kind="voucher", label=label, at=at)
        redeem_voucher(voucher=voucher, client=client, sale=sale, now=at)


def _sale(
    product: Product, client: Client, branch: Branch, *, percent: int, kind: str, label: str, at: datetime
) -> tuple[Sale, Decimal]:
    """Something taken home, a percentage cheaper, and what that saved."""
    price = product.price or Decimal(0)
    off = round_money(price * percent / HUNDRED, branch.currency)
    line = LineFact(full_amount=price, product=product, discount_kind=kind, discount_label=label, discount_amount=off)
    sale = complete_sale(
        branch=branch,
        client=client,
        lines=[line],
        payments=[PaymentFact(Payment.Method.CASH, price - off)],
        now=at,
    )
    return sale, off
