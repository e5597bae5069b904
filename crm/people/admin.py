"""The office: what is remembered about clients, and who has read the health notes."""

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from crm.people.models import HealthNoteReading, Note, Tag
from crm.team.admin_base import (
    ReadOnlyModelAdmin,
    ReadWriteModelAdmin,
    ReadWriteTabular,
    WithHistory,
    WithNearDays,
    is_owner,
)


class NoteInline(WithNearDays, ReadWriteTabular):
    model = Note
    near_days = ("ask_again_on",)
    fields = ["kind", "text", "written_on", "ask_again_on", "is_pinned"]
    ordering = ["-written_on"]
    tab = True
    verbose_name_plural = _("Notes")


@admin.register(Note)
class NoteAdmin(WithNearDays, WithHistory, ReadWriteModelAdmin):
    near_days = ("ask_again_on",)
    list_display = ["shown_text", "client", "kind", "written_on", "ask_again_on", "is_pinned", "shown_author"]
    list_filter = ["kind", "is_pinned", "client__branch"]
    list_select_related = ["client", "author"]
    search_fields = ["text", "client__name", "client__code"]
    ordering = ["-written_on", "-pk"]
    date_hierarchy = "written_on"
    autocomplete_fields = ["client"]
    fields = ["client", "kind", "text", "written_on", "ask_again_on", "is_pinned"]

    @display(description=_("note"))
    def shown_text(self, note: Note) -> str:
        return note.text if len(note.text) <= 80 else note.text[:79] + "…"

    @display(description=_("author"))
    def shown_author(self, note: Note) -> str:
        return str(note.author or note.author_name)


@admin.register(Tag)
class TagAdmin(ReadWriteModelAdmin):
    """Words of the salon's own; a tag that nobody needs any more may go."""

    list_display = ["name"]
    search_fields = ["name"]
    ordering = ["name"]

    def has_delete_permission(self, request: HttpRequest, obj: Tag | None = None) -> bool:
        return is_owner(request)


@admin.register(HealthNoteReading)
class HealthNoteReadingAdmin(ReadOnlyModelAdmin):
    """Every reading of a health note is recorded; the notes themselves are read at the desk only."""

    list_display = ["read_at", "user", "client", "where"]
    list_filter = ["user", "where"]
    list_select_related = ["user", "client"]
    search_fields = ["client__name", "client__code", "user__username"]
    ordering = ["-read_at"]
    date_hierarchy = "read_at"
