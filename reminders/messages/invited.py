"""What a message about an event says: day, hour, place, what it is called; and its calendar file."""

from datetime import datetime

from crm.people.models import Client
from crm.team.models import Branch
from crm.team.selectors import salon_settings, zone
from crm.team.wording import day_words
from reminders.campaigns.models import Event
from reminders.campaigns.selectors.campaigns import (
    campaign_key,
    event_of,
    guest_of,
    language_for,
    place_of,
    texts_of,
)
from reminders.messages.calendar_file import event_calendar
from reminders.messages.models import Kind, Message
from reminders.messages.speech import Speech, clean, hour_in, local, number_of, standing_values
from reminders.messages.syntax import fill, parse

ABOUT_EVENT = {Kind.EVENT, Kind.EVENT_PLACE, Kind.EVENT_REMINDER, Kind.EVENT_OFF}


def event_of_message(message: Message) -> Event | None:
    """The event that a message is about."""
    return event_of(campaign_key(message.occasion)) if message.kind in ABOUT_EVENT else None


def about_event(event: Event, message: Message, speech: Speech) -> dict[str, str]:
    """When and where, by the clock of where it is, and whether she brings somebody."""
    values = event_values(event, message.client, event.campaign.branch or message.branch, speech)
    guest = guest_of(event, message.client) if message.kind != Kind.EVENT else None
    if guest is not None and guest.seats > 1:
        values["friend"] = speech.say("with_friend")
    return values


def event_values(event: Event, client: Client, branch: Branch, speech: Speech) -> dict[str, str]:
    """Day, hour and place of an event in her language, by the clock of where it is; it is called what the invitation is headed."""
    starts, texts = local(event.starts_at, zone(branch)), texts_of(event.campaign_id)
    place = clean(place_of(event, branch))
    values = {
        "day": day_words(starts.date(), speech.language),
        "hour": hour_in(starts, branch, client, speech),
        "place": place,
        "phone": number_of(branch, speech.language),
    }
    when = speech.listed(values["day"], values["hour"])
    values["when"] = when[:1].upper() + when[1:]
    values["details"] = "\n".join(line for line in (values["when"], place) if line)
    text = texts.get(speech.language) or texts.get(language_for(set(texts), speech.language))
    headed = {**values, "salon": clean(salon_settings().salon_name)}
    said = fill(parse(text.subject), headed, form=speech.form, gender=speech.gender) if text else ""
    values["event"] = " ".join((said or event.campaign.title).split())
    return values


def event_file(event: Event, client: Client, branch: Branch, speech: Speech, *, now: datetime) -> bytes:
    """The event for her calendar; a calendar is seen by more eyes than hers."""
    values = event_values(event, client, branch, speech)
    salon = standing_values(client, speech)["salon"]
    return event_calendar(
        uid=f"event-{event.campaign_id}",
        starts_at=event.starts_at,
        ends_at=event.ends_at,
        here=zone(branch),
        summary=f"{salon}: {values['event']}",
        description=values["details"],
        place=clean(place_of(event, branch)),
        now=now,
    )
