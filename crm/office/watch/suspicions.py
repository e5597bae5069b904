"""What looks wrong in any room of the programme, in one list; a person looks at it, nothing is refused because of it."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from django.db.models import Count, Exists, F, Max, OuterRef, Q, Sum
from django.utils.translation import gettext as _

from crm.booking.models import Appointment
from crm.people.models import Client
from crm.sales.models import Sale
from crm.sales.selectors import lowered_by_user
from crm.team.models import User
from loyalty.cards.models import Card
from loyalty.cards.selectors import card_suspicions
from loyalty.partners.selectors import partner_suspicions
from loyalty.points.models import LedgerEntry, LoyaltySettings, PendingGrant, RefusedBenefit
from loyalty.points.selectors import hand_suspicions
from loyalty.referrals.models import ReferralClaim
from loyalty.referrals.selectors import referral_suspicions
from loyalty.vouchers.models import VoucherEvent
from loyalty.vouchers.selectors import guess_suspicions

# once is life; so often by one client is a habit
LOOPS, VANISHED, GIVEN_BACK = 3, 3, 5
# a friend of the house now and then is life; so many receipts, and so many of all hers, is a habit
LOWERED, LOWERED_SHARE = 5, 0.2


@dataclass(frozen=True, slots=True)
class Suspicion:
    """What it is, about whom, how often or how many, and the latest day; `client_id` leads to her record."""

    kind: str
    who: str
    count: int
    on: date
    client_id: int | None = None


def words_of(kind: str) -> str:
    """What a kind of suspicion means, said to the owner."""
    return {
        "guess": _("Wrong codes, one after the other"),
        "buy_refund": _("Bought and returned again and again"),
        "book_cancel": _("Booked for the points and did not come"),
        "referral_held": _("Friend with the same or a known phone or e-mail"),
        "referral_taken_back": _("First visit of a friend, paid and returned"),
        "referral_cheap": _("First visit of a friend, cheaper than the points for it"),
        "referral_many": _("Brings very many friends"),
        "referral_refused": _("Wanted to be brought by herself, or in a ring"),
        "birthday": _("Birthday moved, or a second one in a year"),
        "reward_loop": _("Takes rewards and gives them back, again and again"),
        "card_lent": _("Showed a card that is in another client's name"),
        "card": _("A lent card that serves more people than come by in a family"),
        "hand_team_card": _("Points by hand onto a colleague's own card"),
        "hand_often": _("Points by hand from one login to one client, often"),
        "hand_prices": _("Asks less than the usual price, often"),
        "hand_refused": _("Wanted to give points to herself, or to decide her own request"),
        "partner_rate": _("Partner confirms nearly every code"),
        "partner_at_once": _("Partner confirms codes within minutes"),
        "partner_known": _("Partner's codes used by clients of ours"),
    }[kind]


def suspicions(since: date, rules: LoyaltySettings) -> list[Suspicion]:
    """Of every room since a day, the latest first."""
    found = [
        *_loops(since),
        *_vanished(since),
        *_refusals(since),
        *_guesses(since),
        *_lowered(since),
        *_given_back(since),
        *(Suspicion("card", str(each.card.client), each.times, each.on, each.card.client_id) for each in card_suspicions(since)),
        *(Suspicion(f"referral_{each.kind}", str(each.client), each.count, each.on, each.client.pk) for each in referral_suspicions(since, rules)),
        *(Suspicion(f"partner_{each.kind}", str(each.partner), each.count, each.on) for each in partner_suspicions(since)),
        *(
            Suspicion(f"hand_{each.reason}", _("%(user)s to %(client)s") % {"user": each.user or "–", "client": each.client}, each.points, each.last_on, each.client.pk)
            for each in hand_suspicions(since)
        ),
    ]  # fmt: skip
    return sorted(found, key=lambda each: (each.on, each.kind, each.who), reverse=True)


def midnight(day: date) -> datetime:
    """Near enough for a look back."""
    return datetime.combine(day, time(), UTC)


def _loops(since: date) -> list[Suspicion]:
    """Clients whose receipts came back whole, several of them. Two queries."""
    back = (
        Sale.objects.filter(refund_of__isnull=False, on__gte=since, client__isnull=False)
        .values("client", "refund_of")
        .annotate(back=Sum("total"), bought=Max("refund_of__total"), last=Max("on"))
        .filter(back__lte=-F("bought"))
        .order_by("client")
    )
    by_client: dict[int, list[date]] = {}
    for row in back:
        by_client.setdefault(row["client"], []).append(row["last"])
    many = {client: days for client, days in by_client.items() if len(days) >= LOOPS}
    clients = Client.everyone.in_bulk(many)
    return [Suspicion("buy_refund", str(clients[key]), len(days), max(days), key) for key, days in many.items()]


def _vanished(since: date) -> list[Suspicion]:
    """Who was promised points for rebooking, and then cancels or misses such visits, several times. Two queries."""
    status = Appointment.Status
    missed = Q(status=status.NO_SHOW, on__gte=since)
    cancelled = Q(status=status.CANCELLED, cancelled_by=Appointment.By.CLIENT, cancelled_at__gte=midnight(since))
    promised = PendingGrant.objects.filter(account__client=OuterRef("client"), kind=LedgerEntry.Kind.REBOOKING)
    rows = list(
        Appointment.objects.filter(missed | cancelled, Exists(promised), rebooked_on_spot=True)
        .values("client")
        .annotate(times=Count("pk"), missed_on=Max("on", filter=missed), cancelled_at=Max("cancelled_at"))
        .filter(times__gte=VANISHED)
        .order_by("client")
    )
    clients = Client.everyone.in_bulk([row["client"] for row in rows])
    return [
        Suspicion(
            "book_cancel",
            str(clients[row["client"]]),
            row["times"],
            max(
                day for day in (row["missed_on"], row["cancelled_at"] and row["cancelled_at"].date()) if day is not None
            ),
            row["client"],
        )
        for row in rows
    ]


def _refusals(since: date) -> list[Suspicion]:
    """Refusals that nobody runs into by chance: a moved birthday, herself as a friend, points to herself, another's card. Three queries."""
    kind = RefusedBenefit.Kind
    rows = list(
        RefusedBenefit.objects.filter(
            Q(kind=kind.BIRTHDAY)
            | Q(kind=kind.REFERRAL, reason__in=[ReferralClaim.Refusal.ONESELF, ReferralClaim.Refusal.RING])
            | Q(kind=kind.GESTURE, user__isnull=False)
            | Q(kind=kind.CARD, reason=Card.Refusal.LENT),
            at__date__gte=since,
        )
        .values("kind", "client", "user")
        .annotate(times=Count("pk"), last=Max("at"))
        .order_by("kind", "client", "user")
    )
    names = {
        kind.BIRTHDAY: "birthday",
        kind.REFERRAL: "referral_refused",
        kind.GESTURE: "hand_refused",
        kind.CARD: "card_lent",
    }
    clients = Client.everyone.in_bulk([row["client"] for row in rows if row["client"]])
    users = User.objects.in_bulk([row["user"] for row in rows if row["user"]])
    found = []
    for row in rows:
        client, user = clients.get(row["client"]), users.get(row["user"])
        who = client if row["kind"] != kind.GESTURE else user
        found.append(
            Suspicion(
                names[row["kind"]], str(who or "–"), row["times"], row["last"].date(), client.pk if client else None
            )
        )
    return found


def _lowered(since: date) -> list[Suspicion]:
    """Logins that ask less than usual on many receipts. Three queries."""
    return [
        Suspicion("hand_prices", str(each.user), each.receipts, each.last_on)
        for each in lowered_by_user(since, date.max)
        if each.receipts >= max(LOWERED, LOWERED_SHARE * each.of_receipts)
    ]


def _given_back(since: date) -> list[Suspicion]:
    """Clients who give rewards back again and again; by themselves they come back too, and that counts for nothing. Two queries."""
    by_hand = VoucherEvent.objects.filter(kind=VoucherEvent.Kind.RETURNED, at__gte=midnight(since))
    rows = list(
        by_hand.filter(at__date__lte=F("voucher__valid_until"))
        .values("voucher__client")
        .annotate(times=Count("pk"), last=Max("at"))
        .filter(times__gte=GIVEN_BACK)
        .order_by("voucher__client")
    )
    clients = Client.everyone.in_bulk([row["voucher__client"] for row in rows])
    return [
        Suspicion(
            "reward_loop",
            str(clients[row["voucher__client"]]),
            row["times"],
            row["last"].date(),
            row["voucher__client"],
        )
        for row in rows
    ]


def _guesses(since: date) -> list[Suspicion]:
    """Who typed wrong codes: a login, a client, or a connection without a name. Three queries."""
    rows = guess_suspicions(midnight(since))
    clients = Client.everyone.in_bulk([row.client_id for row in rows if row.client_id])
    users = User.objects.in_bulk([row.user_id for row in rows if row.user_id])
    return [
        Suspicion(
            "guess",
            str(users.get(row.user_id) or clients.get(row.client_id) or _("a stranger")),
            row.times,
            row.last_at.date(),
            row.client_id,
        )
        for row in rows
    ]
