"""A client's page agrees with the letter that led to it: familiar or formal, to a woman or a man (practices.md, P58).

The letter has a wording for each form of address; the page is worded so that it fits all of them.
"""

import re
from pathlib import Path

import pytest

from crm.booking.services import CannotDoService, InThePast, SlotTaken, WrongMoment
from crm.booking.services.refusals import RoomTaken
from crm.booking.services.waiting import DaysAreOver
from crm.office import texts

ROOT = Path(__file__).parents[3]
PAGES = ("templates/links/", "templates/book/", "templates/complain/", "reminders/links/")
# written for the desk, which is spoken to formally
FOR_THE_DESK = "reminders/links/services/recognising.py"
REFUSALS = {str(each.words) for each in (CannotDoService, DaysAreOver, InThePast, RoomTaken, SlotTaken, WrongMoment)}
# “you” in either form, and verbs that end as only one of them does
SPOKEN_TO = {
    "ru": r"\b(вы|вас|вам|вами|ваш\w*|ты|тебя|тебе|тобой|тво[йяёеию]\w*)\b|\b\w+(ите|ете|ёте|ьте|йте|шь)(сь|ся)?\b",
    "bs": r"\b(vi|vas|vam|vama|vaš\w*|ste|biste|ti|tebe|tebi|tvoj\w*)\b|\b\w+(ite|jte|ete|ate)\b",
    "ar": r"\b\w+(كم|تم|وا)\b|\bت\w+ون\b",
}
# what only looks like one
NOUNS = {"ru": {"визите", "расчёте", "счёте"}, "bs": {"posjete"}, "ar": {"تم"}}


@pytest.mark.parametrize("language", SPOKEN_TO)
def test_no_word_of_a_clients_page_holds_to_one_form_of_address(language):
    catalogue = texts.read_catalogue(
        ROOT / "config" / "locale" / language / "LC_MESSAGES" / "django.po", language=language
    )
    shown = [
        message
        for message in catalogue
        if message.id in REFUSALS
        or any(place.startswith(PAGES) and place != FOR_THE_DESK for place, _line in message.locations)
    ]
    found = []
    for message in shown:
        for words in message.string if isinstance(message.string, tuple | list) else [message.string]:
            spoken = [each.group().lower() for each in re.finditer(SPOKEN_TO[language], words, re.IGNORECASE)]
            if set(spoken) - NOUNS[language]:
                found.append((message.id, words))

    assert len(shown) > 150
    assert found == []
