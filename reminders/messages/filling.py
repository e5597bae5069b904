"""What stands for the placeholders of one message."""

from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from crm.booking.models import VisitItem
from crm.booking.services import Slot, offered_instead, propose_next, times_for_many
from crm.care.models import Quote
from crm.care.selectors import quotes_about
from crm.catalogue.models import Service
from crm.people.models import Client
from crm.team.models import Branch
from crm.team.selectors import branch_day, zone
from crm.team.wording import date_words, money_words, number_words, percent_words, quoted
from loyalty.cards.selectors import card_of, falls_on, paid_in_period
from loyalty.points.selectors import loyalty_settings
from loyalty.vouchers.models import Voucher
from reminders.consent.models import Channel, Purpose
from reminders.consent.selectors import is_in_force, permission_of
from reminders.messages.booked import about_appointment, about_offer
from reminders.messages.complained import about_complaint
from reminders.messages.destinations import ABOUT_APPOINTMENT, leads_to_times, link_of
from reminders.messages.invited import about_event, event_of_message
from reminders.messages.models import Kind, Message
from reminders.messages.selectors import (
    WITH_VOUCHER,
    asked_about,
    expiring_points,
    items_of_visit,
    master_among,
    named_hours,
    offer_of,
    services_among,
    services_of_visit,
    voucher_of,
    words_of_services,
)
from reminders.messages.shopped import about_shop
from reminders.messages.speech import Speech, clean, moment, standing_values
from reminders.messages.tokens import Door, open_url, slot_code

WITH_SLOTS = {Kind.MASTER_ILL, Kind.DUE_SOON, Kind.WIN_BACK, Kind.SECOND_WIN_BACK, Kind.LASHES}
# why thanks go out, as the journeys write it
CAUSES = {"referral": "cause_friend", "tenth_visit": "cause_tenth", "complaint_resolved": "cause_complaint"}
# what others say, in one letter
QUOTES = 2


@dataclass(slots=True)
class Filling:
    """`values` by placeholder; `url` where the button leads, `leads_to_times` if to all free times; `offers` are
    (label, url) of a few of them.
    """

    values: dict[str, str]
    url: str
    offers: list[tuple[str, str]] = field(default_factory=list)
    leads_to_times: bool = False
    # (number, url) of each score, where one is asked for
    scores: list[tuple[str, str]] = field(default_factory=list)


def filling_of(message: Message, *, speech: Speech, now: datetime) -> Filling:
    """Everything that this message may say."""
    today = branch_day(message.branch, now)
    values = standing_values(message.client, speech)
    filling = Filling(values, link_of(message, today=today), leads_to_times=leads_to_times(message.kind))
    values["link"] = filling.url
    items: list[VisitItem] = []
    if message.kind in ABOUT_APPOINTMENT and message.appointment is not None:
        values.update(about_appointment(message, message.appointment, speech))
    elif (offer := offer_of(message)) is not None:
        values.update(about_offer(offer, speech))
    else:
        items = items_of_visit(message.client, message.visit_on)
        values.update(about_visit(message, items, speech))
    if message.kind in WITH_VOUCHER:
        values.update(about_voucher(voucher_of(message), speech))
    if (event := event_of_message(message)) is not None:
        values.update(about_event(event, message, speech))
    values.update(about_complaint(message, speech, now))
    values.update(about_shop(message, speech))
    if message.kind == Kind.BIRTHDAY:
        values["wishes"] = speech.say("wishes_on" if is_her_day(message, now) else "wishes_before")
    if message.kind == Kind.POINTS_EXPIRING:
        values.update(about_points(message, speech))
    if message.kind == Kind.CARD_REVIEW:
        values.update(about_card(message, speech, today))
    if message.kind == Kind.THANKS:
        cause = CAUSES.get(message.reason)
        values["cause"] = speech.say(cause) if cause else ""
    if message.kind == Kind.FEEDBACK:
        filling.scores = scores_of(speech, filling.url)
    if message.kind in WITH_SLOTS and may_offer(message, now):
        filling.offers = offers_of(message, services_among(items), speech=speech, today=today, now=now)
        if filling.offers:
            values["offer"] = speech.say("instead" if message.kind == Kind.MASTER_ILL else "slots")
    return filling


def scores_of(speech: Speech, url: str) -> list[tuple[str, str]]:
    """0 to 10, to be tapped in the letter itself."""
    return [(number_words(score, speech.language), f"{url}?n={score}") for score in range(11)]


def about_visit(message: Message, items: list[VisitItem], speech: Speech) -> dict[str, str]:
    """The visit that a message follows, and the salon's words for what was done."""
    on, language = message.visit_on, speech.language
    services = services_among(items)
    known = words_of_services(services, language)
    asked = asked_about(services)
    guides = [known[each.pk].care_guide for each in services if each.pk in known and known[each.pk].care_guide]
    neutral = [known[each.pk].neutral_name for each in services if each.pk in known and known[each.pk].neutral_name]
    own = known.get(asked.pk) if asked else None
    is_reassurance = message.kind == Kind.REASSURANCE
    said = quotes_about(services, language, beside=message.client, count=QUOTES) if is_reassurance else []
    return {
        "visit_day": date_words(on, language) if on else "",
        "master": clean(master_among(items)),
        "service": clean(speech.listed(*dict.fromkeys(neutral))),
        "care_guide": "\n".join(dict.fromkeys(guide.strip() for guide in guides)),
        "quotes": "\n".join(quote_words(quote, language) for quote in said),
        "question": clean(own.question) if own and own.question else speech.say("question"),
    }


def quote_words(quote: Quote, language: str) -> str:
    """“I wake up and I am ready.” Amra"""
    return " ".join(part for part in (quoted(clean(quote.text), language), clean(quote.said_by)) if part)


def about_voucher(voucher: Voucher | None, speech: Speech) -> dict[str, str]:
    if voucher is None:
        return {}
    language = speech.language
    values = {"code": voucher.code, "valid_until": date_words(voucher.valid_until, language)}
    values["by_itself"] = speech.say("by_itself")
    if voucher.percent:
        values["percent"] = percent_words(voucher.percent, language)
    if voucher.amount:
        values["amount"] = money_words(voucher.amount, voucher.branch.currency, language)
    # a prolonged voucher may be booked as long as it is valid
    values["book_until"] = date_words(voucher.book_until or voucher.valid_until, language)
    services = list(voucher.services.all())
    known = words_of_services(services, language)
    named = " / ".join(clean((known[each.pk].name if each.pk in known else "") or each.name) for each in services)
    if voucher.benefit == Voucher.Benefit.FREE_SERVICE:
        values["gift"] = named
    values["for_what"] = speech.say("for_services", {"services": named}) if named else speech.say("any_service")
    if voucher.quiet_only:
        values["limits"] = speech.say("quiet_hours")
    return values


def about_points(message: Message, speech: Speech) -> dict[str, str]:
    expires_on = date.fromisoformat(message.occasion)
    points = expiring_points(message.client, expires_on)
    worth = points * loyalty_settings().point_value
    return {
        "points": number_words(points, speech.language),
        "expires": date_words(expires_on, speech.language),
        "worth": money_words(worth, message.branch.currency, speech.language),
    }


def about_card(message: Message, speech: Speech, today: date) -> dict[str, str]:
    """Her level, until when it is sure, and what would keep it."""
    rules, language = loyalty_settings(), speech.language
    card = card_of(message.client)
    if card is None:
        return {}
    review_on = date.fromisoformat(message.occasion)
    missing = card.level.from_paid - paid_in_period(message.client, review_on, rules)
    return {
        "level": str(card.level),
        "discount": percent_words(card.level.percent, language),
        "until": date_words(falls_on(review_on, told_on=today, rules=rules), language),
        "missing": money_words(missing, message.branch.currency, language),
    }


def is_her_day(message: Message, now: datetime) -> bool:
    """On her own calendar; the occasion is her birthday's date in that year."""
    here = ZoneInfo(message.client.time_zone) if message.client.time_zone else zone(message.branch)
    return message.occasion == now.astimezone(here).date().isoformat()


def may_offer(message: Message, now: datetime) -> bool:
    """Without consent to marketing by this channel a question carries no offer (rules.md, Wording)."""
    if message.channel not in (Channel.EMAIL, Channel.SMS, Channel.CHAT):
        return False
    # what takes the place of an appointment is no offer
    return (
        message.kind == Kind.MASTER_ILL
        or message.purpose == Purpose.MARKETING
        or is_in_force(permission_of(message.client), Purpose.MARKETING, message.channel, now)
    )


def offers_of(
    message: Message, services: list[Service], *, speech: Speech, today: date, now: datetime
) -> list[tuple[str, str]]:
    """Up to three free slots of a letter, each with the link that takes her to it."""
    if message.channel != Channel.EMAIL:
        return []
    url = open_url(door=Door.OFFER, client_id=message.client_id, subject=message.pk, today=today)
    return [
        (slot_words(slot, message.client, speech), f"{url}?s={slot_code(slot.starts_at, slot.master.pk)}")
        for slot in sorted(slots_of(message, services, now=now), key=lambda slot: slot.starts_at)
    ]


def slots_of(message: Message, services: list[Service], *, now: datetime) -> list[Slot]:
    """Slots for what she had last time, proposed by her rhythm; none where nothing of it is offered any more."""
    if message.kind == Kind.MASTER_ILL and message.event is not None:
        return offered_instead(event=message.event, now=now)
    wanted = still_offered(services, message.branch)
    if not wanted:
        return []
    return propose_next(
        client=message.client,
        services=wanted,
        branch=message.branch,
        now=now,
        after_day=message.visit_on,
        fits=named_hours(message, now),
        times=times_for_many(message.branch, now.replace(second=0, microsecond=0)),
    )


def repeatable(client: Client, on: date | None, branch: Branch) -> list[Service]:
    """Services of a visit that this branch still offers and that are no one-off."""
    return still_offered(services_of_visit(client, on), branch)


def still_offered(services: list[Service], branch: Branch) -> list[Service]:
    """Those that this branch still offers and that are no one-off."""
    return [
        service
        for service in services
        if service.is_active and not service.is_one_off and service.branch_id == branch.pk
    ]


def slot_words(slot: Slot, client: Client, speech: Speech) -> str:
    return speech.listed(moment(slot.starts_at, slot.branch, client, speech), clean(slot.master.name))
