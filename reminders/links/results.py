"""The result card in her words: what was done, how to keep it, what to do if, when she comes again (practices.md, P8)."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from crm.care.models import ResultCard, WorkPhotograph
from crm.care.selectors import photographs_of_day
from crm.team.wording import date_words
from reminders.links.selectors.hers import booked_ahead
from reminders.links.words import service_names
from reminders.messages.booked import appointment_values
from reminders.messages.selectors import items_of_visit, master_among, services_among, words_of_services
from reminders.messages.speech import Speech
from reminders.messages.tokens import Door, open_url

# of a visit, on her card
PHOTOGRAPHS = 6


def result_facts(
    card: ResultCard, speech: Speech, *, now: datetime, picture_url: Callable[[WorkPhotograph], str]
) -> dict[str, Any]:
    """Everything the card says, in this language; the next visit and the photographs as they stand now.

    `picture_url`: where whoever looks at it gets a photograph from.
    """
    items = items_of_visit(card.client, card.visit_on)
    services = services_among(items)
    known = [
        words for words in (words_of_services(services, speech.language).get(each.pk) for each in services) if words
    ]
    upcoming = booked_ahead(card.client, now)
    return {
        "name": card.client.called or card.client.name,
        "day": date_words(card.visit_on, speech.language),
        "what": speech.listed(*service_names(services, speech.language)),
        "master": master_among(items),
        "formula": card.formula,
        "advice": card.advice,
        "guides": list(dict.fromkeys(words.care_guide for words in known if words.care_guide)),
        "safety": list(dict.fromkeys(words.safety_text for words in known if words.safety_text)),
        "next": appointment_values(upcoming, card.client, speech) if upcoming else None,
        "branch": card.branch,
        "photographs": [
            {"url": picture_url(each), "moment": each.get_moment_display()}
            for each in photographs_of_day(card.client, card.branch, card.visit_on)[:PHOTOGRAPHS]
        ],
    }


def result_url(card: ResultCard, *, today: date) -> str:
    """The link to her card."""
    return open_url(door=Door.RESULT, client_id=card.client_id, subject=card.pk, today=today)
