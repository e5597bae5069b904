"""The verbs about clients and what is remembered of them."""

from crm.people.services.changes import note_change
from crm.people.services.clients import (
    PhoneNotUnderstood,
    create_client,
    note_referrer,
    set_client_status,
    tidy_phone,
    update_client,
)
from crm.people.services.finding import rebuild_search, write_search, write_tokens
from crm.people.services.notes import (
    add_health_note,
    add_note,
    pin_note,
    read_health_notes,
    remove_note,
    restore_note,
    retire_health_note,
    tick_asked,
    untick_asked,
    update_note,
)
from crm.people.services.tags import set_tags, tag_called

__all__ = [
    "PhoneNotUnderstood",
    "add_health_note",
    "add_note",
    "create_client",
    "note_change",
    "note_referrer",
    "pin_note",
    "read_health_notes",
    "rebuild_search",
    "remove_note",
    "restore_note",
    "retire_health_note",
    "set_client_status",
    "set_tags",
    "tag_called",
    "tick_asked",
    "tidy_phone",
    "untick_asked",
    "update_client",
    "update_note",
    "write_search",
    "write_tokens",
]
