"""A kind of message for a chosen client: what it would say to her, when, by what, and what stands against it."""

from dataclasses import dataclass
from datetime import datetime

from crm.booking.models import Appointment
from crm.people.models import Client
from crm.team.selectors import zone
from reminders.consent.models import Channel
from reminders.journeys.occasions import WIN_BACKS, Occasion, purpose_of
from reminders.journeys.playing import Play
from reminders.journeys.selectors.loading import Loader, rules
from reminders.messages.destinations import ABOUT_APPOINTMENT
from reminders.messages.filling import WITH_SLOTS, filling_of
from reminders.messages.models import Kind, Message
from reminders.messages.preview import Preview, sample, sample_offers, shown
from reminders.messages.rendering import Part
from reminders.messages.speech import Speech
from reminders.messages.texts import PLACEHOLDERS, VOUCHER, words_of


@dataclass(frozen=True, slots=True)
class ForHer:
    """The message with her own facts; `made_up` names what she has not and was put in to show it."""

    preview: Preview
    made_up: list[str]
    # when it would go as things stand, nobody doing anything more; none: it would not
    goes_at: datetime | None
    channel: str
    why: str
    hindrance: str


def for_her(*, client: Client, kind: str, language: str, form: str, gender: str, now: datetime) -> ForHer:
    """Writes nothing and gives no voucher: a code in it is made up."""
    facts = Loader(as_of=now, forecasting=True).load([client.pk])[0]
    play = Play(facts, rules(), now)
    coming = sorted((each for each in play.waiting if each.kind == kind), key=lambda each: each.planned)
    occasion = next((each for each in coming if play.next_moment(each)), coming[0] if coming else None)
    speech = Speech(language, form or client.address_form, gender)
    message = _message(client, kind, occasion, language=language, now=now)
    filling = filling_of(message, speech=speech, now=now)
    here = now.astimezone(zone(client.branch))
    values = sample(kind, speech, client.branch, here, with_voucher=True)
    needed = PLACEHOLDERS[kind].sure | (VOUCHER if kind in WIN_BACKS else frozenset())
    made_up = sorted(name for name in needed if not filling.values.get(name) and name in values)
    filling.values |= {name: values[name] for name in made_up}
    if kind in WITH_SLOTS and not filling.offers and not occasion:
        filling.offers, filling.values["offer"] = sample_offers(speech, here), speech.say("slots")
    return ForHer(
        preview=shown(kind, Part(words_of(kind, language), filling), speech, branch=client.branch),
        made_up=made_up,
        goes_at=play.next_moment(occasion) if occasion else None,
        channel=play.reading.channel(kind, now) or "",
        why=occasion.reason if occasion else "",
        hindrance=(play.hinders(occasion, max(occasion.planned, now)) or "") if occasion else "",
    )


def _message(client: Client, kind: str, occasion: Occasion | None, *, language: str, now: datetime) -> Message:
    """A row as the planner would write it, which is never written. Its number is nobody's: its links open nothing."""
    appointment = Appointment.objects.filter(client=client, starts_at__isnull=False).select_related("branch", "master")
    if occasion is not None and occasion.appointment is not None:
        appointment = appointment.filter(pk=occasion.appointment)
    return Message(
        pk=0,
        client=client,
        branch=client.branch,
        kind=kind,
        purpose=purpose_of(kind),
        occasion=occasion.key if occasion else now.date().isoformat(),
        reason=occasion.reason if occasion else "",
        visit_on=occasion.visit_on if occasion else None,
        appointment=appointment.order_by("-starts_at").first() if Kind(kind) in ABOUT_APPOINTMENT else None,
        channel=Channel.EMAIL,
        language=language,
        send_at=now,
        not_after=now,
        planned_at=now,
    )
