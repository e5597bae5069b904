"""How one client is spoken to, and what every message says: names, hours, the salon."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings

from crm.people.models import Client
from crm.people.wording import first_name
from crm.team.models import Branch
from crm.team.selectors import salon_settings, zone
from crm.team.wording import city_words, comma, day_words, direction, hour_words, isolated, phone_words
from reminders.messages.syntax import fill, parse
from reminders.messages.texts import phrase

LONGEST_NAME = 100


@dataclass(frozen=True, slots=True)
class Speech:
    """How one client is spoken to."""

    language: str
    form: str
    gender: str

    def say(self, name: str, values: Mapping[str, str] | None = None) -> str:
        """A standing phrase; empty where it lacks a value."""
        return fill(parse(phrase(name, self.language)), values or {}, form=self.form, gender=self.gender) or ""

    def listed(self, *words: str) -> str:
        """Words one after the other, with the commas of the language; empty ones are left out."""
        return comma(self.language).join(word for word in words if word)


def speech_of(client: Client, language: str = "") -> Speech:
    """Hers where she said so, else the salon's."""
    known = dict(settings.LANGUAGES)
    spoken = next((each for each in (language, client.language) if each in known), settings.DEFAULT_LANGUAGE)
    return Speech(spoken, client.address_form or salon_settings().address_form, client.gender)


def standing_values(client: Client, speech: Speech) -> dict[str, str]:
    """The salon and how she is called: as she likes, else by her first name; nobody is called by a code."""
    called = clean(client.called) or first_name(clean(client.name))
    values = {"salon": clean(salon_settings().salon_name), "name": called}
    suffix = "" if values["name"] else "_nameless"
    values["hello"] = speech.say(f"hello{suffix}", values)
    values["greeting"] = speech.say(f"greeting{suffix}", values)
    return values


def number_of(branch: Branch, language: str) -> str:
    """The branch's telephone in the groups in which it is read; among words from right to left they keep their order."""
    said = phone_words(clean(branch.phone))
    return isolated(said) if said and direction(language) == "rtl" else said


def local(at: datetime | None, here: ZoneInfo) -> datetime:
    if at is None:
        raise ValueError("an appointment whose hour is unknown is in no message")
    return at.astimezone(here)


def moment(at: datetime, branch: Branch, client: Client, speech: Speech) -> str:
    """“Wednesday, 10 June, 14:30”"""
    here = local(at, zone(branch))
    return speech.listed(day_words(here.date(), speech.language), hour_in(here, branch, client, speech))


def hour_in(at: datetime, branch: Branch, client: Client, speech: Speech) -> str:
    """The hour by the salon's clock; who lives by another one is told whose it is."""
    hour = hour_words(at)
    if client.time_zone and at.astimezone(ZoneInfo(client.time_zone)).utcoffset() != at.utcoffset():
        return speech.say("salon_time", {"hour": hour, "city": city_words(zone(branch), speech.language)})
    return hour


def clean(value: str) -> str:
    """One line without letters that cannot be seen: no header, no second line, no turned direction begins in a name."""
    seen = "".join(letter if unicodedata.category(letter) not in ("Cc", "Cf") else " " for letter in value)
    return " ".join(seen.split())[: LONGEST_NAME * 3]
