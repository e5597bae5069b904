"""Reads of clients."""

from crm.people.selectors.contacts import the_one_called, whose_contact
from crm.people.selectors.doubles import Double, doubles_of, likely_doubles, why_alike
from crm.people.selectors.former import codes_put_aside, former_codes, keys_by_code, people_by_code, person_of
from crm.people.selectors.notes import CardNotes, may_read_health, notes_of, stories_to_ask
from crm.people.selectors.search import beginning, find_clients

__all__ = [
    "CardNotes",
    "Double",
    "beginning",
    "codes_put_aside",
    "doubles_of",
    "find_clients",
    "former_codes",
    "keys_by_code",
    "likely_doubles",
    "may_read_health",
    "notes_of",
    "people_by_code",
    "person_of",
    "stories_to_ask",
    "the_one_called",
    "whose_contact",
    "why_alike",
]
