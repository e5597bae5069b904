"""Gifts and extras of the demo: a shelf, a pot that has been filling for a month, and what was given from it."""

from datetime import date, datetime, timedelta
from decimal import Decimal

from crm.booking.models import Appointment
from crm.office.demo.tongues import tell
from crm.sales.models import Sale
from crm.team.models import Branch
from loyalty.gifts.models import Gift, GiftGiven, PotEntry
from loyalty.gifts.selectors import pot_of
from loyalty.gifts.services import give_extra, rebuild_pots, settle_gift, share_of
from loyalty.points.models import LoyaltySettings

# name in four languages, cost, on the shelf
THINGS = (
    (("Hand cream, 30 ml", "Крем для рук, 30 мл", "Krema za ruke, 30 ml", "كريم لليدين، 30 مل"), "2.50", 14),
    (("Lash brush in a case", "Щёточка для ресниц", "Četkica za trepavice", "فرشاة رموش في علبة"), "1.20", 22),
    (("Silk eye mask", "Шёлковая маска для сна", "Svilena maska za oči", "قناع حرير للعينين"), "6.00", 5),
)
EXTRAS = (
    (("Hand massage", "Массаж рук", "Masaža ruku", "تدليك اليدين"), "4.00"),
    (("Brow tint on top", "Окрашивание бровей в подарок", "Bojenje obrva na poklon", "صبغة حواجب هدية"), "5.50"),
)
DAYS, GIVEN = timedelta(days=30), 4


def presents(branch: Branch, *, rules: LoyaltySettings, today: date, now: datetime, language: str) -> None:
    """The shelf, the month's shares of receipts, some gifts of the last days and an extra of today's morning."""
    things = [
        Gift.objects.create(branch=branch, name=tell(name, language), cost=Decimal(cost), stock=stock)
        for name, cost, stock in THINGS
    ]
    extras = [
        Gift.objects.create(branch=branch, kind=Gift.Kind.EXTRA, name=tell(name, language), cost=Decimal(cost))
        for name, cost in EXTRAS
    ]
    sales = list(
        Sale.objects.filter(branch=branch, on__gte=today - DAYS, on__lt=today, paid__gt=0, refund_of=None).order_by(
            "pk"
        )
    )
    latest = [sale for sale in reversed(sales) if sale.client_id is not None][:GIVEN]
    chosen = {sale.pk for sale in latest}
    PotEntry.objects.bulk_create(
        PotEntry(
            branch=branch, kind=PotEntry.Kind.FED, amount=share_of(sale.paid, rules), key=f"fed sale {sale.pk}",
            sale=sale, at=sale.sold_at or now, on=sale.on,
        )
        for sale in sales
        if sale.pk not in chosen
    )  # fmt: skip
    rebuild_pots()
    for number, sale in enumerate(latest):
        gift = things[number % 2]
        covered = pot_of(branch) + share_of(sale.paid, rules) >= gift.cost
        settle_gift(sale=sale, gift=gift if covered else None, now=sale.sold_at or now, rules=rules)
    visit = (
        Appointment.objects.filter(branch=branch, on=today, status__in=Appointment.OPEN)
        .select_related("client", "branch", "master__user")
        .order_by("starts_at")
        .first()
    )
    if visit is not None and not GiftGiven.objects.filter(appointment=visit).exists():
        give_extra(appointment=visit, gift=extras[0], now=now, user=visit.master.user, rules=rules)
