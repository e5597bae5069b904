"""Messages as facts, for tests of what is said and of the links in it."""

from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from itertools import count

from crm.booking.models import AppointmentEvent, FreedTime, WaitingOffer
from crm.care.services import open_complaint, write_to_her
from crm.catalogue.models import ServiceWords
from crm.orders.models import Order, OrderEvent, StockHelp
from crm.orders.services import PlaceFact, accept_order, help_elsewhere, promise_anew
from crm.sales.services import LineFact, PaymentFact, complete_sale
from loyalty.cards.models import Card, CardLevel
from loyalty.cards.selectors import card_of
from loyalty.cards.services import ensure_levels
from loyalty.vouchers.services import issue_voucher
from reminders.campaigns.models import Campaign, CampaignText, Event, Guest
from reminders.journeys.occasions import (
    ABOUT_COMPLAINT,
    occasion_of_complaint,
    occasion_of_offer,
    occasion_of_start,
    purpose_of,
)
from reminders.messages.models import Kind, Message
from reminders.messages.selectors import voucher_key
from tests.factories import NOW, TODAY, make_appointment, make_product, make_visit, make_waiting

NEXT = count(1)
VISIT_ON = TODAY - timedelta(days=15)
ABOUT_APPOINTMENT = (
    Kind.REMINDER_24H,
    Kind.REMINDER_2H,
    Kind.CONFIRMATION,
    Kind.CHANGE,
    Kind.CANCELLATION,
    Kind.MASTER_ILL,
    Kind.MASTER_LATE,
)


def make_message(client, kind, *, now: datetime = NOW, channel="email", **fields) -> Message:
    """A message of this kind, claimed by nobody, that would go now."""
    return Message.objects.create(
        **{
            "client": client,
            "branch": client.branch,
            "kind": kind,
            "purpose": purpose_of(kind),
            "occasion": f"test {next(NEXT)}",
            "channel": channel,
            "language": client.language or "en",
            "send_at": now,
            "planned_at": now,
            "not_after": now + timedelta(days=1),
            **fields,
        }
    )


def make_told(cast, client, kind, *, channel="email", now: datetime = NOW, **fields) -> Message:
    """A message of this kind with everything that it speaks of: a visit, an appointment, a voucher."""
    if kind in ABOUT_APPOINTMENT:
        appointment = fields.pop("appointment", None) or make_appointment(
            client=client,
            master=cast.anna,
            starts_at=now + timedelta(hours=24),
            services=[cast.lashes],
            told_minutes=105,
        )
        event = AppointmentEvent.objects.create(
            appointment=appointment,
            kind=AppointmentEvent.Kind.MOVED,
            at=now,
            via=AppointmentEvent.Via.DESK,
            starts_before=now + timedelta(hours=30),
        )
        fields = {
            "appointment": appointment,
            "event": event,
            "occasion": occasion_of_start(appointment.starts_at),
        } | fields
    elif kind == Kind.CARD_REVIEW:
        card = card_of(client) or make_card(client, review_on=TODAY + timedelta(days=30))
        fields = {"occasion": card.review_on.isoformat()} | fields
    elif kind in (Kind.WAITING_OFFER, Kind.WAITING_TAKEN):
        offer = make_offer(cast, client, now=now, is_lost=kind == Kind.WAITING_TAKEN)
        fields = {"occasion": occasion_of_offer(offer.starts_at, offer.pk)} | fields
    elif kind in (Kind.EVENT_PLACE, Kind.EVENT_REMINDER, Kind.EVENT_OFF):
        campaign = make_event(now=now, guests={client: 2})
        fields = {"occasion": campaign.key} | fields
    elif kind in ABOUT_COMPLAINT:
        complaint = open_complaint(
            client=client, branch=client.branch, text="The glue itches", now=now, source="public"
        )
        if kind == Kind.COMPLAINT_ANSWER:
            write_to_her(complaint=complaint, text="We are so sorry.", now=now, user=cast.receptionist)
        fields = {"occasion": occasion_of_complaint(complaint.pk, now)} | fields
    elif kind in (Kind.ORDER_STAGE, Kind.ORDER_LATE):
        order, step = make_order(cast, client, now=now, is_late=kind == Kind.ORDER_LATE)
        fields = {"occasion": f"{order.pk}/{step.pk}"} | fields
    elif kind in (Kind.OTHER_PLACES, Kind.BACK_IN_STOCK):
        fields = {"occasion": str(make_stock_help(cast, client, now=now).pk)} | fields
    elif kind == Kind.USED_UP:
        oil = make_product(branch=client.branch, name="Oil", price=20, lasts_days=60)
        sold = complete_sale(
            branch=client.branch,
            client=client,
            lines=[LineFact(full_amount=Decimal(20), product=oil)],
            payments=[PaymentFact("cash", Decimal(20))],
            now=now,
        )
        fields = {"occasion": (sold.on + timedelta(days=60)).isoformat()} | fields
    elif kind in (Kind.BIRTHDAY, Kind.POINTS_EXPIRING):
        fields = {"occasion": (TODAY + timedelta(days=7)).isoformat()} | fields
    else:
        if not client.visits.filter(on=VISIT_ON).exists():
            make_visit(client, VISIT_ON, services=[cast.lashes], master=cast.anna)
        fields = {"visit_on": VISIT_ON, "occasion": VISIT_ON.isoformat()} | fields
    return make_message(client, kind, channel=channel, now=now, **fields)


def make_order(cast, client, *, now: datetime = NOW, is_late: bool = False) -> tuple[Order, OrderEvent]:
    """An order for a week ahead and its acceptance; or the slip of its day by another week."""
    order = accept_order(
        client=client,
        product=make_product(branch=client.branch, name="Serum", price=20),
        branch=client.branch,
        quantity=1,
        price=Decimal(20),
        promised_on=TODAY + timedelta(days=7),
        now=now,
        user=cast.receptionist,
    )
    if not is_late:
        return order, order.events.get()
    promised_on = TODAY + timedelta(days=14)
    return order, promise_anew(order=order, promised_on=promised_on, reason="Wrong shade.", now=now, user=None)


def make_stock_help(cast, client, *, now: datetime = NOW) -> StockHelp:
    """Three places that have a serum, and a wish to hear when it is back."""
    return help_elsewhere(
        client=client,
        product=make_product(branch=client.branch, name="Serum", price=20, stock=0),
        branch=client.branch,
        places=[PlaceFact("Petal", "Example Street 2", Decimal(19)), PlaceFact("Old shop"), PlaceFact("Corner")],
        wants_word=True,
        now=now,
        user=cast.receptionist,
    )


def make_campaign(kind=Campaign.Kind.NEWS, *, now: datetime = NOW, languages=("en",), **fields) -> Campaign:
    """A draft with words in these languages that goes today."""
    campaign = Campaign.objects.create(
        **{"kind": kind, "title": "Tea", "goes_on": TODAY, "created_at": now, "seed": 7, **fields}
    )
    for language in languages:
        CampaignText.objects.create(
            campaign=campaign,
            language=language,
            subject=f"Tea {language}",
            body=f"A cup of tea in {language}, {{name}}.\n\nYours: {{percent}} with {{code}}.",
            button="Look",
            sms=f"{{hello}} Tea in {language}: {{link}} {{salon}}",
        )
    return campaign


def make_event(*, now: datetime = NOW, starts_at: datetime | None = None, seats=None, guests=(), **fields) -> Campaign:
    """A released invitation to an event a week away, two hours long; `guests`: seats by client who comes."""
    fields = {"state": "released", "released_at": now} | fields
    campaign = make_campaign(Campaign.Kind.EVENT, now=now, **fields)
    starts_at = starts_at or now + timedelta(days=7)
    event = Event.objects.create(
        campaign=campaign, starts_at=starts_at, ends_at=starts_at + timedelta(hours=2), place="The garden", seats=seats
    )
    for client, wanted in dict(guests).items():
        Guest.objects.create(event=event, client=client, state="coming", seats=wanted, answered_at=now)
    return campaign


def make_card(client, *, level="gold", review_on, is_bearer=False) -> Card:
    """Issued a year before the day on which it is reviewed."""
    ensure_levels()
    issued_on = review_on - timedelta(days=366)
    return Card.objects.create(
        number=f"{client.pk:010d}",
        client=client,
        level=CardLevel.objects.get(code=level),
        is_bearer=is_bearer,
        issued_at=datetime.combine(issued_on, time(), UTC),
        issued_on=issued_on,
        review_on=review_on,
    )


def make_offer(cast, client, *, now: datetime = NOW, is_lost: bool = False, **fields) -> WaitingOffer:
    """Anna's time tomorrow at this hour, offered to a client who waits for lashes."""
    starts_at = fields.pop("starts_at", now + timedelta(hours=24))
    about = {"starts_at": starts_at, "ends_at": starts_at + timedelta(minutes=90)}
    entry = fields.pop("entry", None) or make_waiting(client, services=[cast.lashes])
    freed = FreedTime.objects.create(branch=cast.branch, master=cast.anna, ready_at=now, settled_at=now, **about)
    return WaitingOffer.objects.create(
        **{
            "entry": entry,
            "freed": freed,
            "master": cast.anna,
            "offered_at": now,
            "until": now + timedelta(minutes=30),
            **about,
            **({"state": WaitingOffer.State.LOST, "closed_at": now, "keeps": False} if is_lost else {}),
            **fields,
        }
    )


def give_win_back(cast, message, *, now: datetime = NOW):
    return issue_voucher(
        client=message.client,
        branch=message.branch,
        kind="win_back",
        percent=50,
        services_only=True,
        book_until=TODAY + timedelta(days=30),
        valid_from=TODAY,
        valid_until=TODAY + timedelta(days=60),
        key=voucher_key(message.kind, message.client_id, message.occasion),
        now=now,
    )


def make_words(service, language="en", **fields) -> ServiceWords:
    return ServiceWords.objects.create(
        **{
            "service": service,
            "language": language,
            "name": "Lashes",
            "neutral_name": "your appointment with us",
            "question": "How are your lashes?",
            "answer_good": "Perfect",
            "answer_mend": "Some fell out",
            "answer_alarm": "Itching or swelling",
            "safety_text": "Take nothing off by yourself. We call you.",
            "care_guide": "No oil, ever.",
            **fields,
        }
    )
