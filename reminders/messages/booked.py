"""What a message about an appointment or a freed time says: when, with whom, what, and what it was before."""

from collections.abc import Sequence

from django.db.models import Prefetch, prefetch_related_objects

from crm.booking.models import Appointment, AppointmentService, WaitingOffer
from crm.booking.selectors import events_together, stands_as
from crm.booking.services.waiting import services_waited
from crm.catalogue.models import Service
from crm.people.models import Client
from crm.team.selectors import zone
from crm.team.wording import date_words, day_words, length_words, money_words
from reminders.messages.models import Kind, Message
from reminders.messages.selectors import words_of_services
from reminders.messages.speech import Speech, clean, hour_in, local, moment, number_of

OF_SERIES = {Kind.CONFIRMATION, Kind.CHANGE, Kind.CANCELLATION}
WITH_PRICE = {Kind.CONFIRMATION, Kind.CHANGE}
MOVED = {Kind.CHANGE, Kind.MASTER_LATE}
# what was agreed, in order; no query where it was fetched for many
LINES = Prefetch("lines", AppointmentService.objects.select_related("service").order_by("position"))


def told_with(message: Message) -> list[Appointment]:
    """Other dates of a series of which the same message tells, as far as they still stand so."""
    if message.appointment is None or message.appointment.series_id is None:
        return []
    if message.kind not in OF_SERIES or message.event is None:
        return []
    return [
        event.appointment
        for event in events_together(message.event)
        if event.appointment_id != message.appointment_id and stands_as(event)
    ]


def about_appointment(message: Message, appointment: Appointment, speech: Speech) -> dict[str, str]:
    values = appointment_values(appointment, message.client, speech, with_price=message.kind in WITH_PRICE)
    if message.kind in MOVED and message.event is not None and message.event.starts_before is not None:
        values["before"] = moment(message.event.starts_before, appointment.branch, message.client, speech)
    further = told_with(message)
    if further:
        starts = [local(each.starts_at, zone(each.branch)) for each in further]
        values["series"] = "\n".join(moment(at, appointment.branch, message.client, speech) for at in starts)
        values["dates"] = speech.listed(*(date_words(at.date(), speech.language) for at in starts))
    return values


def appointment_values(
    appointment: Appointment, client: Client, speech: Speech, *, with_price: bool = False
) -> dict[str, str]:
    """Day, hour, master and the rest of an appointment, in her language and by the salon's clock."""
    branch, language = appointment.branch, speech.language
    at = local(appointment.starts_at, zone(branch))
    prefetch_related_objects([appointment], LINES)
    services = [line.service for line in appointment.lines.all()]
    neutral = neutral_names(services, language)
    values = {
        "day": day_words(at.date(), language),
        "hour": hour_in(at, branch, client, speech),
        "master": clean(appointment.master.name),
        "address": clean(branch.address),
        "phone": number_of(branch, language),
        "service": speech.listed(*neutral) or speech.say("visit"),
    }
    values["when"] = speech.listed(values["day"], values["hour"])
    if appointment.told_minutes:
        values["duration"] = length_words(appointment.told_minutes, language)
    if appointment.price is not None:
        values["price"] = money_words(appointment.price, branch.currency, language)
    about = (speech.say("duration", values), values.get("price", "")) if with_price else ()
    lines_of_it = [
        values["when"],
        values["service"] if neutral else "",
        speech.say("with", values),
        speech.listed(*about),
        values["address"],
    ]
    values["details"] = "\n".join(line[:1].upper() + line[1:] for line in lines_of_it if line)
    return values


def about_offer(offer: WaitingOffer, speech: Speech) -> dict[str, str]:
    """The time offered to one who waits, until when it is kept for her, and what it would take the place of."""
    branch, client, language = offer.entry.branch, offer.entry.client, speech.language
    starts = local(offer.starts_at, zone(branch))
    neutral = neutral_names(services_waited(offer.entry), language)
    values = {
        "day": day_words(starts.date(), language),
        "hour": hour_in(starts, branch, client, speech),
        "master": clean(offer.master.name),
        "address": clean(branch.address),
        "phone": number_of(branch, language),
        "service": speech.listed(*neutral) or speech.say("visit"),
    }
    values["when"] = speech.listed(values["day"], values["hour"])
    if offer.keeps:
        values["until"] = until_words(offer, speech)
    old = offer.entry.instead_of
    if old is not None and old.starts_at is not None and old.status in Appointment.OPEN:
        values["before"] = moment(old.starts_at, branch, client, speech)
    values["terms"] = speech.say("waiting_kept" if offer.keeps else "waiting_first", values)
    lines = (
        values["when"],
        values["service"] if neutral else "",
        speech.say("with", values),
        values["address"],
    )
    values["details"] = "\n".join(line[:1].upper() + line[1:] for line in lines if line)
    return values


def until_words(offer: WaitingOffer, speech: Speech) -> str:
    """The hour at which her time to think ends; with its date where that is another day than it began."""
    here = zone(offer.entry.branch)
    ends, began = offer.until.astimezone(here), offer.offered_at.astimezone(here)
    hour = hour_in(ends, offer.entry.branch, offer.entry.client, speech)
    return hour if ends.date() == began.date() else speech.listed(hour, date_words(ends.date(), speech.language))


def neutral_names(services: Sequence[Service], language: str) -> list[str]:
    """What messages call these services, each once; phones are shared."""
    known = words_of_services(list(services), language)
    names = [known[each.pk].neutral_name for each in services if each.pk in known]
    return [clean(name) for name in dict.fromkeys(names) if name]
