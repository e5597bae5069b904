"""News of the demo from which some were held back by chance, and what it brought: an effect to read (P40)."""

from datetime import date, datetime, timedelta
from decimal import Decimal

from django.conf import settings

from crm.booking.models import Visit
from crm.catalogue.models import Product
from crm.office.demo.tongues import tell
from crm.people.models import Client
from crm.sales.models import Payment
from crm.sales.services import LineFact, PaymentFact, complete_sale
from crm.team.models import Branch, User
from crm.team.selectors import zone
from reminders.campaigns.models import Addressed, Campaign, CampaignText
from reminders.campaigns.selectors.audience import reachable
from reminders.consent.models import Purpose
from reminders.effect.comparing import ENOUGH
from reminders.effect.selectors.observing import WINDOW
from reminders.journeys.drawing import Control
from reminders.messages.models import Message

# its thirty days are over, and its sales lie before the days whose figures are frozen
AGO, BOUGHT_WITHIN = timedelta(days=88), 12
SHARE = 45
# one of so many came for it
OF_THOSE_SENT, OF_THE_OTHERS = 2, 12
SEEDS = range(11, 70)
SET = ("Autumn hand set", "Осенний набор для рук", "Jesenji set za ruke", "مجموعة الخريف لليدين")
PRICE, COST = Decimal(24), Decimal(9)

CARE = {
    "en": ("Hands in autumn", "The air grows dry. We have set aside a cream that we like ourselves: come by and try it.", "Choose a time", "{hello} A cream for dry days, to try with us. {link} {salon}"),
    "ru": ("Руки осенью", "Воздух становится сухим. Мы отложили крем, который любим сами: его можно попробовать у нас.", "Выбрать время", "{hello} Крем для сухих дней можно попробовать у нас. {link} {salon}"),
    "bs": ("Ruke u jesen", "Zrak postaje suh. Odvojili smo kremu koju i sami volimo: može se probati kod nas.", "Izbor termina", "{hello} Krema za suhe dane, može se probati kod nas. {link} {salon}"),
    "ar": ("اليدان في الخريف", "الهواء يجف. خصصنا كريمًا نحبه نحن أيضًا، ويمكن تجربته عندنا.", "اختيار موعد", "{hello} كريم للأيام الجافة، للتجربة عندنا. {link} {salon}"),
}  # fmt: skip


def hold_some_back(branch: Branch, *, owner: User, today: date, now: datetime, language: str) -> None:
    """News about a cream to those who seldom came then; more of those who were written to took one home."""
    on = today - AGO
    seldom = _who_seldom_came(branch, on, now)
    control = next((each for each in map(_control, SEEDS) if _are_enough(each[1], seldom)), _control(SEEDS[0]))
    seed, draws = control
    campaign = _campaign(branch, owner, on, seed, now)
    Addressed.objects.bulk_create(Addressed(campaign=campaign, client=client) for client in seldom)
    at = datetime.combine(on, campaign.hour, zone(branch))
    # drawn by its own key, as the product does: the demo's key is not known before
    held = {client.pk for client in seldom if draws.holds_back(client.code)}
    Message.objects.bulk_create(_message(campaign, client, branch, at, is_held=client.pk in held) for client in seldom)
    # of one autumn: not counted on the shelf, and no longer sold
    cream = Product.objects.create(
        branch=branch, code="autumn-set", name=tell(SET, language), price=PRICE, cost=COST, is_active=False
    )
    sent, others = ([each for each in seldom if (each.pk in held) == is_held] for is_held in (False, True))
    for clients, one_of in ((sent, OF_THOSE_SENT), (others, OF_THE_OTHERS)):
        for number, client in enumerate(clients[::one_of]):
            bought_at = at + timedelta(days=1 + number % (BOUGHT_WITHIN - 1), hours=number % 5)
            _buys(client, cream, branch, bought_at)


def _who_seldom_came(branch: Branch, on: date, now: datetime) -> list[Client]:
    came = Visit.objects.filter(on__gte=on, on__lt=on + WINDOW).values("client")
    clients = reachable(Client.objects.filter(branch=branch, time_zone="", since__lt=on), now=now)
    return list(clients.exclude(email="").exclude(pk__in=came).order_by("pk"))


def _control(seed: int) -> tuple[int, Control]:
    return seed, Control(f"demo {seed}", SHARE)


def _are_enough(control: Control, clients: list[Client]) -> bool:
    held = sum(control.holds_back(client.code) for client in clients)
    return min(held, len(clients) - held) >= ENOUGH


def _campaign(branch: Branch, owner: User, on: date, seed: int, now: datetime) -> Campaign:
    begun = now - AGO - timedelta(days=2)
    campaign = Campaign.objects.create(
        kind=Campaign.Kind.NEWS,
        title=CARE.get(settings.DEFAULT_LANGUAGE, CARE["en"])[0],
        branch=branch,
        goes_on=on,
        rules={"states": ["late", "lapsed", "lost"]},
        control_percent=SHARE,
        seed=seed,
        fixed_costs=Decimal(20),
        state=Campaign.State.FINISHED,
        created_at=begun,
        created_by=owner,
        released_at=begun,
        released_by=owner,
        ended_at=now - AGO + timedelta(days=4),
    )
    CampaignText.objects.bulk_create(
        CampaignText(campaign=campaign, language=language, subject=subject, body=body, button=button, sms=sms)
        for language, (subject, body, button, sms) in CARE.items()
    )
    return campaign


def _message(campaign: Campaign, client: Client, branch: Branch, at: datetime, *, is_held: bool) -> Message:
    gone = {"sent_at": at, "sent_on": campaign.goes_on, "provider": "demo", "address": client.email}
    return Message(
        client=client,
        branch=branch,
        kind=campaign.kind,
        purpose=Purpose.MARKETING,
        occasion=campaign.key,
        reason=campaign.kind,
        state=Message.State.CONTROL if is_held else Message.State.SENT,
        state_reason="held_back" if is_held else "",
        send_at=at,
        not_after=at + timedelta(days=3),
        planned_at=at,
        channel="email",
        language=client.language or settings.DEFAULT_LANGUAGE,
        **({} if is_held else gone),
    )


def _buys(client: Client, product: Product, branch: Branch, at: datetime) -> None:
    complete_sale(
        branch=branch,
        client=client,
        lines=[LineFact(full_amount=PRICE, product=product)],
        payments=[PaymentFact(Payment.Method.CASH, PRICE)],
        now=at,
    )
