"""Who brought whom, partners nearby and the club of the demo (practices.md, P27 to P29)."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random

from django.contrib.auth.hashers import make_password

from crm.booking.models import Visit
from crm.catalogue.models import Service
from crm.office.demo import SEED
from crm.office.demo.people import make_clients
from crm.office.demo.tongues import Four, tell
from crm.people.models import Client
from crm.sales.models import Payment
from crm.sales.services import LineFact, PaymentFact, complete_sale
from crm.team.fields import round_money
from crm.team.models import Branch, User
from crm.team.selectors import branch_day
from loyalty.checkout.offers import PARTNER
from loyalty.clubs.models import Club
from loyalty.clubs.services import keep_clubs
from loyalty.partners.models import Partner, PartnerCode
from loyalty.partners.services import confirm_code, make_batch, note_partner_use, settle_month, take_code
from loyalty.referrals.models import ReferralClaim
from loyalty.referrals.services import claim_referral, ensure_code

# the demo's own: everybody may try the partner's page
PIN = "12345678"
# slug, name, what it is, what our clients get there, percent here
PARTNERS: tuple[tuple[str, Four, Four, Four, int], ...] = (
    (
        "petal",
        ("Flower shop Petal (made up)", "Цветы «Лепесток» (вымысел)", "Cvjećara Latica (izmišljena)", "زهور بتلة (متجر وهمي)"),
        ("flower shop", "цветы", "cvjećara", "متجر زهور"),
        ("10 % off every bouquet", "скидка 10 % на букеты", "10 % na svaki buket", "خصم 10٪ على كل باقة"),
        10,
    ),
    (
        "linden",
        ("Café Linden (made up)", "Кафе «Липа» (вымысел)", "Kafe Lipa (izmišljen)", "مقهى الزيزفون (وهمي)"),
        ("café", "кафе", "kafe", "مقهى"),
        ("a cake with the coffee", "пирожное к кофе", "kolač uz kafu", "كعكة مع القهوة"),
        5,
    ),
)  # fmt: skip
CLUB: Four = ("Magnolia Circle", "Круг «Магнолия»", "Krug Magnolija", "دائرة ماغنوليا")
LOOKED_BACK = 75
TAKEN, CONFIRMED_IN_TEN = 34, 6
# of the clients who were brought and have not been here yet
NEW = (951, 952)


def gather_round(
    branch: Branch, people: Sequence[Client], services: Sequence[Service], *, owner: User, now: datetime, language: str
) -> None:
    """All of it, as if it had been going on for some weeks; what stands already is left alone."""
    if Partner.objects.exists() or Club.objects.exists():
        return
    _partners(branch, people, owner=owner, now=now, language=language)
    _sent_by_a_partner(branch, services, owner=owner, now=now)
    _club(branch, services, now=now, language=language)
    _friends(branch, people, owner=owner, now=now)


def _partners(branch: Branch, people: Sequence[Client], *, owner: User, now: datetime, language: str) -> None:
    rng, today = Random(f"{SEED} partners"), branch_day(branch, now)
    for slug, name, kind, gives, percent in PARTNERS:
        partner = Partner.objects.create(
            branch=branch,
            slug=slug,
            name=tell(name, language),
            kind=tell(kind, language),
            contact="+38761100997",
            gives_there=tell(gives, language),
            percent_here=percent,
            pin=make_password(PIN),
            from_on=today - timedelta(days=LOOKED_BACK + 5),
        )
        make_batch(partner=partner, count=30, valid_until=today + timedelta(days=60), now=now, user=owner)
        for client in rng.sample(list(people), min(TAKEN, len(people))):
            taken_at = now - timedelta(days=rng.randint(1, LOOKED_BACK), hours=rng.randint(0, 5))
            code = take_code(client=client, partner=partner, now=taken_at)
            if rng.randint(1, 10) <= CONFIRMED_IN_TEN:
                shown_at = min(now, taken_at + timedelta(days=rng.randint(0, 6), minutes=rng.randint(20, 300)))
                confirm_code(partner=partner, typed=code.code, now=shown_at)
        last_month = (today.replace(day=1) - timedelta(days=1)).replace(day=1)
        settle_month(partner=partner, month=(last_month - timedelta(days=1)).replace(day=1), user=owner, now=now)


def _sent_by_a_partner(branch: Branch, services: Sequence[Service], *, owner: User, now: datetime) -> None:
    """Three days ago somebody came with a code of the first partner; she left no name."""
    code = PartnerCode.objects.filter(partner__branch=branch, side=PartnerCode.Side.HERE).order_by("pk").first()
    service = next((each for each in services if each.price), None)
    if code is None or service is None or service.price is None:
        return
    partner, at = code.partner, now - timedelta(days=3)
    saved = round_money(service.price * partner.percent_here / 100, branch.currency)
    sale = complete_sale(
        branch=branch,
        client=None,
        lines=[
            LineFact(
                full_amount=service.price,
                service=service,
                discount_kind=PARTNER,
                discount_label=f"{partner.name} {partner.percent_here} %",
                discount_amount=saved,
            )
        ],
        payments=[PaymentFact(Payment.Method.CASH, service.price - saved)],
        now=at,
        user=owner,
    )
    note_partner_use(code=code, sale=sale, saved=saved, now=at)


def _club(branch: Branch, services: Sequence[Service], *, now: datetime, language: str) -> None:
    """The first fifth by revenue: a tenth off one service, and a week more to book in."""
    club = Club.objects.create(branch=branch, name=tell(CLUB, language), percent=10, extra_days=7)
    club.services.set(list(services)[:1])
    keep_clubs(now=now)


def _friends(branch: Branch, people: Sequence[Client], *, owner: User, now: datetime) -> None:
    """One is awaited, one is held: mother and daughter with one address. The first-comers' are paid at the till."""
    came = set(Visit.objects.filter(client__in=people).values_list("client", flat=True))
    bringers = [client for client in people if client.email and client.pk in came][:2]
    today = branch_day(branch, now)
    friends = make_clients(branch, numbers=NEW, today=today, rng=Random(f"{SEED} friends"), since_days=2)
    for friend, bringer in zip(friends, bringers, strict=True):
        ensure_code(client=bringer, now=now)
        friend.referred_by = None
        if friend is friends[-1]:
            friend.email = bringer.email
        friend.save(update_fields=["referred_by", "email"])
        claim_referral(
            friend=friend, bringer=bringer, via=ReferralClaim.Via.DESK, now=now - timedelta(days=1), user=owner
        )
