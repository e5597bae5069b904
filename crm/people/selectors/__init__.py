"""Reads of clients."""

from crm.people.selectors.contacts import the_one_called, whose_contact
from crm.people.selectors.notes import CardNotes, may_read_health, notes_of, stories_to_ask
from crm.people.selectors.search import beginning, find_clients

__all__ = [
    "CardNotes",
    "beginning",
    "find_clients",
    "may_read_health",
    "notes_of",
    "stories_to_ask",
    "the_one_called",
    "whose_contact",
]
