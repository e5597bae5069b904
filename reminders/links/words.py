"""What the client pages show, put into her language: facts of an appointment, slots for the fragments."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils.http import urlencode
from django.utils.translation import gettext as _

from crm.booking.models import Accommodation, Appointment, WaitingEntry
from crm.booking.selectors import accommodations_of
from crm.booking.services import Slot
from crm.booking.services.waiting import services_waited
from crm.booking.stretches import plan_of, told_minutes
from crm.catalogue.models import Service
from crm.team.models import Branch, Master
from crm.team.selectors import branch_day, salon_settings, zone
from crm.team.wording import (
    date_words,
    day_words,
    length_words,
    money_words,
    percent_words,
    short_day_words,
    weekday_words,
)
from loyalty.checkout.offers import CheckoutLine, voucher_offer
from loyalty.vouchers.models import Voucher
from loyalty.vouchers.selectors import hours_of
from reminders.links.doors import Reader
from reminders.links.selectors.bookable import must_follow, planned_minutes
from reminders.links.selectors.times import Chooser
from reminders.messages.booked import appointment_values
from reminders.messages.selectors import words_of_services
from reminders.messages.speech import Speech, clean, hour_in, moment
from reminders.messages.tokens import Door, open_url, slot_code

# any Monday, to name the days of a week from
MONDAY = date(2018, 1, 1)


def appointment_facts(appointment: Appointment, reader: Reader) -> dict[str, Any]:
    """When, what, with whom, where, how long and for how much; on her own page by the service's own name."""
    values = appointment_values(appointment, reader.client, reader.speech, with_price=True)
    services = [line.service for line in appointment.lines.select_related("service").order_by("position")]
    return {
        **values,
        "what": reader.speech.listed(*service_names(services, reader.language)),
        "is_ahead": appointment.starts_at is not None and reader.now < appointment.starts_at,
    }


def service_names(services: list[Service], language: str) -> list[str]:
    """Each service as it is called in this language."""
    known = words_of_services(services, language)
    return [(known[each.pk].name if each.pk in known else "") or each.name for each in services]


def service_cards(services: list[Service], reader: Reader, branch: Branch) -> list[dict[str, Any]]:
    """Each service with its name, how long it is told to take, what it begins at, and what it is done only after.

    In her own minutes and at her own price where they were agreed. Five queries at most.
    """
    names = service_names(services, reader.language)
    agreed = agreed_with(reader, services)
    minutes = planned_minutes(services) | {key: each.minutes for key, each in agreed.items() if each.minutes}
    prices = prices_for(services, agreed)
    after = after_words(services, reader)
    return [
        {
            "service": service,
            "name": name,
            "after": after.get(service.pk, ""),
            **told(minutes[service.pk], price, reader, branch),
        }
        for service, name, price in zip(services, names, prices, strict=True)
    ]


def after_words(services: list[Service], reader: Reader) -> dict[int, str]:
    """Of these services (their keys) those done only after others, and after which; two queries at most."""
    after = must_follow(services)
    before = list(dict.fromkeys(each for those in after.values() for each in those))
    called = dict(zip(before, service_names(before, reader.language), strict=True)) if before else {}
    return {key: reader.speech.listed(*(called[each] for each in those)) for key, those in after.items()}


def told(minutes: int, price: Decimal | None, reader: Reader, branch: Branch) -> dict[str, str]:
    """The planned time with its margin, and the planned price, or that it costs nothing (rules.md, Booking)."""
    return {
        "duration": length_words(told_minutes(minutes, salon_settings().margin_percent), reader.language),
        "price": money_words(price, branch.currency, reader.language) if price else "",
        "free": _("free") if price == 0 else "",
    }


def offer_facts(services: list[Service], reader: Reader, branch: Branch) -> dict[str, str]:
    """What she is about to book: its names, how long she should take for it, from what price; her own where agreed."""
    agreed = agreed_with(reader, services)
    plan = plan_of(services, own_minutes={key: each.minutes for key, each in agreed.items() if each.minutes})
    return {
        "what": reader.speech.listed(*service_names(services, reader.language)),
        **told(plan.minutes, summed(prices_for(services, agreed)), reader, branch),
    }


def agreed_with(reader: Reader, services: Sequence[Service]) -> dict[int, Accommodation]:
    """Her own minutes and prices, by service (its key); a stranger has none."""
    return accommodations_of(reader.client, services) if reader.client.pk else {}


def prices_for(services: Sequence[Service], agreed: Mapping[int, Accommodation]) -> list[Decimal | None]:
    """Each planned price: the one that was agreed with her where there is one, else the list's."""
    own = {key: each.price for key, each in agreed.items() if each.price is not None}
    return [own.get(service.pk, service.price) for service in services]


def summed(prices: Sequence[Decimal | None]) -> Decimal | None:
    """None where one of them is not known."""
    return None if None in prices else sum(filter(None, prices), Decimal(0))


@dataclass(frozen=True, slots=True)
class Price:
    """What a visit costs by its planned prices, and what is left to pay with her voucher on a day on which it holds."""

    full: Decimal | None
    reduced: Decimal | None = None
    voucher: Voucher | None = None
    # at which hours of the branch's clock the voucher holds; none: at any
    hours: Callable[[datetime], bool] | None = None

    def facts(self, on: date, reader: Reader, branch: Branch, *, at: datetime | None = None) -> dict[str, str]:
        """For that day: `price`, `pays` (the same, or less) and `reduced` ("with your 50%: BAM 30.00"); or nothing.

        `at` is the hour of the visit by the branch's clock, where one was chosen.
        """
        if self.full is None:
            return {}
        price = self._said(self.full, reader, branch)
        if self.reduced is None or self.voucher is None or not self._holds(self.voucher, on, at):
            return {"price": price, "pays": price, "reduced": ""}
        pays = self._said(self.reduced, reader, branch)
        if self.voucher.percent:
            percent = percent_words(self.voucher.percent, reader.language)
            reduced = _("with your %(percent)s: %(sum)s") % {"percent": percent, "sum": pays}
        else:
            reduced = _("with your voucher: %(sum)s") % {"sum": pays}
        return {"price": price, "pays": pays, "reduced": reduced}

    def _holds(self, voucher: Voucher, on: date, at: datetime | None) -> bool:
        return on <= voucher.valid_until and (at is None or self.hours is None or self.hours(at))

    @staticmethod
    def _said(amount: Decimal, reader: Reader, branch: Branch) -> str:
        return money_words(amount, branch.currency, reader.language) if amount else _("free")


def price_of(services: Sequence[Service], voucher: Voucher | None, reader: Reader, branch: Branch) -> Price:
    """As the checkout takes it off: half up to the smallest unit, and only from what the voucher covers."""
    prices = prices_for(services, agreed_with(reader, services))
    full = summed(prices) if services else None
    if full is None or voucher is None:
        return Price(full)
    lines = [
        CheckoutLine(price=price or Decimal(0), service=each) for each, price in zip(services, prices, strict=True)
    ]
    saves = voucher_offer(voucher, lines, branch.currency).saves
    hours = hours_of(voucher, branch.pk, booked_on=branch_day(branch, reader.now))
    return Price(full, full - saves, voucher, hours) if saves else Price(full)


def visit_facts(
    services: list[Service],
    masters: Sequence[Master],
    starts_at: datetime,
    reader: Reader,
    branch: Branch,
    voucher: Voucher | None = None,
) -> dict[str, str]:
    """One free time before it is booked: when, what, with whom, where, how long, from what price, and with the voucher."""
    on = branch_day(branch, starts_at)
    at = starts_at.astimezone(zone(branch))
    price = price_of(services, voucher, reader, branch).facts(on, reader, branch, at=at) if voucher else {}
    return {
        **offer_facts(services, reader, branch),
        "reduced": price.get("reduced", ""),
        "when": moment(starts_at, branch, reader.client, reader.speech),
        "master": clean(reader.speech.listed(*(each.name for each in masters))),
        "address": clean(branch.address),
    }


def policies(services: list[Service], reader: Reader) -> list[str]:
    """When she cannot come: the salon's words for these services, else the standing ones; each once."""
    own = words_of_services(services, reader.language)
    standing = standing_policy(reader.speech)
    said = [(own[each.pk].policy if each.pk in own else "") or standing for each in services]
    return list(dict.fromkeys(words.strip() for words in said if words))


def standing_policy(speech: Speech) -> str:
    """What is said of every service for which the owner has written nothing; empty where nothing counts as late."""
    hours = salon_settings().late_cancel_hours
    return speech.say("policy", {"duration": length_words(hours * 60, speech.language)}) if hours else ""


def slots_for(
    slots: Iterable[Slot], reader: Reader, *, with_day: bool = True, with_whom: bool = True
) -> list[dict[str, Any]]:
    """For components/slots.html. A slot shared by several masters says so in any case."""
    return [
        {
            "value": slot_code(slot.starts_at, slot.master.pk),
            "day": short_day_words(slot.on, reader.language) if with_day else "",
            "hour": hour_in(slot.starts_local, slot.branch, reader.client, reader.speech),
            "who": clean(reader.speech.listed(*(each.name for each in slot.team)))
            if with_whom or len(slot.team) > 1
            else "",
        }
        for slot in slots
    ]


def priced_slots(
    slots: Sequence[Slot],
    price: Price,
    reader: Reader,
    branch: Branch,
    *,
    tiles: Sequence[dict[str, Any]] = (),
) -> list[dict[str, Any]]:
    """Slots that say what she would pay then, and beside it the price without her voucher; `tiles`, if there are any."""
    return [
        {**tile, **price.facts(slot.on, reader, branch, at=slot.starts_local)}
        for tile, slot in zip(tiles or slots_for(slots, reader), slots, strict=True)
    ]


def chooser_context(found: Chooser, reader: Reader, fixed: Sequence[tuple[str, Any]] = ()) -> dict[str, Any]:
    """Links for days, masters and fortnights beside the slots of the day that is open; each keeps what is `fixed`."""

    def address(**changes: Any) -> str:
        chosen = {"master": found.master.pk if found.master else "", "page": found.page or "", **changes}
        return "?" + urlencode([*fixed, *((name, value) for name, value in chosen.items() if value not in ("", None))])

    return {
        "days": [
            {
                "label": short_day_words(day, reader.language),
                "url": address(day=day.isoformat()),
                "is_open": day == found.day,
            }
            for day in found.days
        ],
        "day_words": day_words(found.day, reader.language) if found.day else "",
        "masters": [
            {"label": _("anyone"), "url": address(master=""), "is_open": found.master is None},
            *(
                {"label": clean(each.name), "url": address(master=each.pk), "is_open": each == found.master}
                for each in found.masters
            ),
        ],
        # who it is need not be said thirty times where only one can be meant
        "slots": slots_for(
            found.slots, reader, with_day=False, with_whom=found.master is None and len(found.masters) > 1
        ),
        "earlier_url": address(page=found.earlier) if found.earlier is not None else "",
        "later_url": address(page=found.later) if found.later is not None else "",
    }


def wish_facts(entry: WaitingEntry, reader: Reader) -> dict[str, str]:
    """What she waits for, in her language: what, on which days, at which hours, with whom; hours are the branch's."""
    language = reader.language
    first, last = short_day_words(entry.from_day, language), short_day_words(entry.to_day, language)
    begins, ends = (f"{at:%H:%M}" if at else "" for at in (entry.from_time, entry.to_time))
    if begins and ends:
        hours = f"{begins}–{ends}"
    elif begins:
        hours = _("from %(hour)s") % {"hour": begins}
    else:
        hours = _("before %(hour)s") % {"hour": ends} if ends else ""
    weekdays = [weekday_words(MONDAY + timedelta(days=number), language) for number in entry.weekdays]
    return {
        "what": reader.speech.listed(*service_names(services_waited(entry), language)),
        "days": first if first == last else f"{first} – {last}",
        "hours": hours,
        "weekdays": reader.speech.listed(*weekdays),
        "master": clean(entry.master.name) if entry.master else "",
    }


def listed_url(entry: WaitingEntry, *, today: date) -> str:
    """The link to her place on the waiting list; it opens until 30 days after the last day she waits for."""
    return open_url(
        door=Door.LISTED,
        client_id=entry.client_id,
        subject=entry.pk,
        today=today,
        until=max(today, entry.to_day) + timedelta(days=30),
    )


def voucher_words(voucher: Voucher | None, reader: Reader, *, names: Mapping[int, str] | None = None) -> str:
    """What the voucher gives and until when, in one sentence; empty without one.

    `names` of its services, where they were read with those of others.
    """
    if voucher is None:
        return ""
    until = date_words(voucher.valid_until, reader.language)
    if voucher.benefit == Voucher.Benefit.PERCENT:
        percent = percent_words(voucher.percent or 0, reader.language)
        return reader.speech.say("purse_percent", {"percent": percent, "until": until})
    if voucher.benefit == Voucher.Benefit.AMOUNT and voucher.amount is not None:
        amount = money_words(voucher.amount, voucher.branch.currency, reader.language)
        return reader.speech.say("purse_amount", {"amount": amount, "until": until})
    services = list(voucher.services.all())
    called = [names[each.pk] for each in services] if names is not None else service_names(services, reader.language)
    return _("On us, for a visit up to %(until)s: %(what)s.") % {
        "until": until,
        "what": " / ".join(called) or _("one service"),
    }
