"""A message as it goes out: the words filled, the letter dressed, the headers and the calendar file beside it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext

from crm.booking.models import Appointment
from crm.people.models import Client
from crm.team.models import Branch
from crm.team.selectors import branch_day, salon_settings
from crm.team.wording import direction, number_words
from reminders.consent.models import Channel, Purpose
from reminders.messages.booked import appointment_values, told_with
from reminders.messages.calendar_file import calendar_file
from reminders.messages.complained import ABOUT_COMPLAINT
from reminders.messages.defaults import Words
from reminders.messages.destinations import appointment_url
from reminders.messages.dressing import Letter, dressed
from reminders.messages.filling import Filling, filling_of
from reminders.messages.invited import event_file, event_of_message
from reminders.messages.models import Kind, Message
from reminders.messages.speech import Speech, clean, number_of, speech_of, standing_values
from reminders.messages.syntax import fill, fill_blocks, parse
from reminders.messages.texts import ON_SCREEN, words_of, words_of_message
from reminders.messages.tokens import Door, open_url, stop_subject, stop_url
from reminders.transports.outgoing import Attachment, Outgoing

# an invitation to keep, and a seat that became hers
WITH_EVENT_FILE = {Kind.EVENT, Kind.EVENT_PLACE}
# what she ordered, or wanted to know
ASKED_FOR = {Kind.ORDER_STAGE, Kind.ORDER_LATE, Kind.OTHER_PLACES, Kind.BACK_IN_STOCK}
PLACE = {kind: place for place, kind in enumerate(Kind.values)}
METHODS = {
    Kind.CONFIRMATION: "REQUEST",
    Kind.CHANGE: "REQUEST",
    Kind.MASTER_LATE: "REQUEST",
    Kind.CANCELLATION: "CANCEL",
    Kind.MASTER_ILL: "CANCEL",
}


@dataclass(frozen=True, slots=True)
class Part:
    """One kind's words with what stands in them; joined care is several parts of one letter."""

    words: Words
    filling: Filling


def render(message: Message, *, now: datetime) -> Outgoing:
    """What goes to the transport; the message knows its channel and language by now.

    Care that goes together (`carries`) is one letter with its parts in the order in which
    each would have gone by itself.
    """
    speech = speech_of(message.client, message.language)
    if message.kind == Kind.ANSWER:
        return answer_of(message, speech, now=now)
    parts = [
        Part(words_of_message(each, speech.language), filling_of(each, speech=speech, now=now))
        for each in in_order(message)
    ]
    if message.kind == Kind.OPT_OUT and message.appointment is not None:
        ask_whether_meant(parts[0].filling, message.appointment, message, speech, now=now)
    key = f"message-{message.pk}"
    if message.channel == Channel.SMS:
        return Outgoing(
            channel=Channel.SMS,
            to=message.client.phone,
            text=sms_of(parts, speech),
            language=speech.language,
            idempotency_key=key,
        )
    today = branch_day(message.branch, now)
    if message.channel == Channel.CHAT:
        return chat_of(message, sms_of(parts, speech), speech, key=key, today=today)
    leaving = {
        "preferences_url": open_url(door=Door.PREFERENCES, client_id=message.client_id, today=today),
        "complain_url": open_url(door=Door.COMPLAIN, client_id=message.client_id, today=today),
        "footer_note": speech.say(why_of(message.kind, message.purpose)),
    }
    if message.purpose == Purpose.SERVICE:
        # what she has with us, quietly: the one button stays the letter's own
        leaving["home_url"] = open_url(door=Door.HOME, client_id=message.client_id, today=today)
    headers = thread_of(message)
    if message.purpose != Purpose.SERVICE:
        subject = stop_subject(message.purpose, Channel.EMAIL)
        leaving["unsubscribe_url"] = open_url(
            door=Door.UNSUBSCRIBE, client_id=message.client_id, subject=subject, today=today
        )
        # RFC 8058: the mail program stops it with one POST, without cookie and without a page
        headers["List-Unsubscribe"] = f"<{stop_url(client_id=message.client_id, subject=subject, today=today)}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    letter = letter_of(parts, speech, branch=message.branch, leaving=leaving)
    return Outgoing(
        channel=Channel.EMAIL,
        to=message.client.email,
        subject=letter.subject,
        text=letter.text,
        html=letter.html,
        language=speech.language,
        sender_name=clean(salon_settings().salon_name),
        headers=headers,
        attachments=attachments_of(message, speech, now=now),
        idempotency_key=key,
    )


def chat_of(message: Message, text: str, speech: Speech, *, key: str, today: date) -> Outgoing:
    """The words of an SMS. No answer comes back by a messenger, so what she may stop has a link for it."""
    if message.purpose != Purpose.SERVICE:
        subject = stop_subject(message.purpose, Channel.CHAT)
        url = open_url(door=Door.UNSUBSCRIBE, client_id=message.client_id, subject=subject, today=today)
        text += f"\n\n{gettext('No more of these, please')}: {url}"
    return Outgoing(
        channel=Channel.CHAT,
        to=message.client.messenger,
        text=text,
        language=speech.language,
        idempotency_key=key,
    )


def answer_of(message: Message, speech: Speech, *, now: datetime) -> Outgoing:
    """What somebody at the desk wrote to her, as it was written; a mail stands in the thread of hers."""
    key = f"message-{message.pk}"
    if message.channel == Channel.SMS:
        return Outgoing(
            channel=Channel.SMS,
            to=message.client.phone,
            text=message.body,
            language=speech.language,
            idempotency_key=key,
        )
    salon, branch = salon_settings(), message.branch
    today = branch_day(branch, now)
    letter = dressed(
        {
            "salon": {"salon_name": clean(salon.salon_name), "accent": salon.accent},
            "branch": foot_of(branch, speech.language),
            "subject": clean(message.subject),
            "paragraphs": [part.strip() for part in message.body.split("\n\n") if part.strip()],
            "language": speech.language,
            "direction": direction(speech.language),
            "footer_note": speech.say("why_answer"),
            "preferences_url": open_url(door=Door.PREFERENCES, client_id=message.client_id, today=today),
            "complain_url": open_url(door=Door.COMPLAIN, client_id=message.client_id, today=today),
        }
    )
    return Outgoing(
        channel=Channel.EMAIL,
        to=message.client.email,
        subject=letter.subject,
        text=letter.text,
        html=letter.html,
        language=speech.language,
        sender_name=clean(salon.salon_name),
        # a person wrote it
        headers={**thread_of(message), "Auto-Submitted": "no"},
        idempotency_key=key,
    )


def ask_whether_meant(
    filling: Filling, appointment: Appointment, message: Message, speech: Speech, *, now: datetime
) -> None:
    """She said stop soon after a message about an appointment: perhaps she meant that (rules.md, Opt-out)."""
    values = appointment_values(appointment, message.client, speech)
    url = appointment_url(appointment, today=branch_day(message.branch, now))
    filling.values["offer"] = speech.say("meant_appointment", values)
    if message.channel == Channel.SMS:
        filling.values["offer"] += f" {url}"
    else:
        filling.offers = [(values["when"], url)]


def thread_of(message: Message) -> dict[str, str]:
    """The headers by which her mail program puts it under what she wrote."""
    if not message.in_reply_to:
        return {}
    return {"In-Reply-To": message.in_reply_to, "References": message.in_reply_to}


def words_for_a_call(message: Message, *, now: datetime) -> str:
    """What a colleague says on the phone: the letter's words without its links."""
    speech = speech_of(message.client, message.language)
    said: list[str] = []
    for each in in_order(message):
        filling = filling_of(each, speech=speech, now=now)
        # on the phone and on paper there is nothing to press
        for name in ("link", *ON_SCREEN):
            filling.values.pop(name, None)
        said += paragraphs_of(Part(words_of_message(each, speech.language), filling), speech)
    return "\n\n".join(said)


def words_on_paper(message: Message, *, now: datetime) -> str:
    """The letter as it is printed: greeting, the kinds' words without their links, closing."""
    speech = speech_of(message.client, message.language)
    values = standing_values(message.client, speech)
    said = [values["greeting"], words_for_a_call(message, now=now), speech.say("closing", values)]
    return "\n\n".join(part for part in said if part)


def words_of_card(client: Client) -> str:
    """What stands on a thank-you card before anybody at the desk has changed it."""
    speech = speech_of(client)
    values = standing_values(client, speech)
    thanks = paragraphs_of(Part(words_of(Kind.THANKS, speech.language), Filling(values, "")), speech)
    return "\n\n".join([values["greeting"], *thanks, speech.say("closing", values)])


def in_order(message: Message) -> list[Message]:
    """The message and what it carries, as each would have gone by itself; ties as in the table."""
    carried = message.carries.all() if message.pk else []
    return sorted([message, *carried], key=lambda each: (each.send_at, PLACE[each.kind]))


def paragraphs_of(part: Part, speech: Speech) -> list[str]:
    return fill_blocks(part.words.body, part.filling.values, form=speech.form, gender=speech.gender, between="\n\n")


def line_of(text: str, part: Part, speech: Speech) -> str:
    """A subject or the words of a button; what they name is always there."""
    return " ".join((fill(parse(text), part.filling.values, form=speech.form, gender=speech.gender) or "").split())


def letter_of(parts: Sequence[Part], speech: Speech, *, branch: Branch, leaving: dict[str, str]) -> Letter:
    """Greeting, the parts in their order, one button for the first and quiet links for the rest.

    Free times stand under the words that announce them; the button to all others comes last, and what asks something
    else before them.
    """
    first, *rest = parts
    salon = salon_settings()
    asked = [(line_of(part.words.button, part, speech), part.filling.url) for part in rest]
    offers = [offer for part in parts for offer in part.filling.offers]
    values = first.filling.values
    said = [values["greeting"], *(each for part in parts for each in paragraphs_of(part, speech))]
    announced = next((place for place, words in enumerate(said) if _announces(words, parts)), len(said))
    subject = line_of(first.words.subject, first, speech)
    context = {
        "salon": {"salon_name": values["salon"], "accent": salon.accent},
        "branch": foot_of(branch, speech.language),
        "subject": subject,
        "preheader": glance_of(subject, said[1:]),
        "paragraphs": said[:announced],
        "offer": "".join(said[announced : announced + 1]),
        "offers": [{"label": label, "url": url} for label, url in offers],
        "scores": [{"label": label, "url": url} for part in parts for label, url in part.filling.scores],
        "further": said[announced + 1 :],
        "asks_first": not first.filling.leads_to_times,
        "button_label": line_of(first.words.button, first, speech),
        "button_url": first.filling.url if first.words.button else "",
        "choices": [{"label": label, "url": url} for label, url in asked],
        "closing": speech.say("closing", values),
        "language": speech.language,
        "direction": direction(speech.language),
        **leaving,
    }
    return dressed(context)


def foot_of(branch: Branch, language: str) -> dict[str, str]:
    """Where the salon is found, under every letter."""
    return {"phone": number_of(branch, language), "dialled": clean(branch.phone), "address": clean(branch.address)}


def why_of(kind: str, purpose: str) -> str:
    """The phrase that says why she gets it: what she wrote or asked for herself before what she agreed to."""
    if kind in ABOUT_COMPLAINT:
        return "why_answer"
    return "why_asked" if kind in ASKED_FOR else f"why_{purpose}"


def glance_of(subject: str, said: Sequence[str]) -> str:
    """What her mail program shows beside the subject: the first words that do not say it again."""
    return next((" ".join(words.split()) for words in said if words != subject), "")


def _announces(words: str, parts: Sequence[Part]) -> bool:
    """Whether this paragraph is the one that says `offer`."""
    return any(offer in words for part in parts if (offer := part.filling.values.get("offer")))


def render_code(*, channel: str, to: str, code: str, minutes: int, language: str, branch: Branch, key: str) -> Outgoing:
    """The code of the booking page, to somebody of whom nothing is known but number or address."""
    salon = salon_settings()
    speech = Speech(language, salon.address_form, gender="")
    values = {"salon": clean(salon.salon_name), "code": code, "minutes": number_words(minutes, language)}
    if channel == Channel.SMS:
        return Outgoing(
            channel=channel, to=to, text=speech.say("code_sms", values), language=language, idempotency_key=key
        )
    letter = dressed(
        {
            "salon": {"salon_name": values["salon"], "accent": salon.accent},
            "branch": foot_of(branch, speech.language),
            "subject": " ".join(speech.say("code_subject", values).split()),
            "paragraphs": speech.say("code", values).split("\n\n"),
            "language": language,
            "direction": direction(language),
            "footer_note": speech.say("why_code"),
        }
    )
    return Outgoing(
        channel=channel,
        to=to,
        subject=letter.subject,
        text=letter.text,
        html=letter.html,
        language=language,
        sender_name=values["salon"],
        idempotency_key=key,
    )


def sms_of(parts: Sequence[Part], speech: Speech) -> str:
    """The parts one after the other, greeted once and signed once."""
    lines: list[str] = []
    for place, part in enumerate(parts, start=1):
        text = part.words.sms if place == 1 else part.words.sms.replace("{hello}", "")
        if place < len(parts):
            text = text.rstrip().removesuffix("{salon}")
        # what stands one below the other in a letter
        values = {name: "; ".join(value.splitlines()) for name, value in part.filling.values.items()}
        lines += fill_blocks(text, values, form=speech.form, gender=speech.gender, between="\n")
    return " ".join(" ".join(lines).split())


def attachments_of(message: Message, speech: Speech, *, now: datetime) -> tuple[Attachment, ...]:
    """The calendar file of a confirmation, change or cancellation; one for each date of a series it tells of.

    An invitation is about one UID (RFC 5546), so the dates do not share a file.
    """
    if message.kind in WITH_EVENT_FILE and (event := event_of_message(message)) is not None:
        content = event_file(event, message.client, event.campaign.branch or message.branch, speech, now=now)
        parameters = {"method": "PUBLISH"}
        return (Attachment(name="event.ics", content=content, content_type="text/calendar", parameters=parameters),)
    appointment = message.appointment
    if message.kind not in METHODS or appointment is None or appointment.starts_at is None:
        return ()
    method = METHODS[Kind(message.kind)]
    return tuple(
        Attachment(
            name="appointment.ics" if number == 1 else f"appointment-{number}.ics",
            content=invitation_of(each, message, speech, method=method, now=now),
            content_type="text/calendar",
            parameters={"method": method},
        )
        for number, each in enumerate([appointment, *told_with(message)], start=1)
    )


def invitation_of(appointment: Appointment, message: Message, speech: Speech, *, method: str, now: datetime) -> bytes:
    values = {**standing_values(message.client, speech), **appointment_values(appointment, message.client, speech)}
    return calendar_file(
        appointment,
        summary=f"{values['salon']}: {values['service']}",
        description=f"{values['details']}\n{appointment_url(appointment, today=branch_day(message.branch, now))}",
        salon=values["salon"],
        now=now,
        method=method,
        attendee=message.client.email,
    )
