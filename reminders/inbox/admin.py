"""The office: what clients wrote, to be looked at."""

from django.contrib import admin

from crm.team.admin_base import ReadOnlyModelAdmin
from reminders.inbox.models import Conversation, Letter


@admin.register(Conversation)
class ConversationAdmin(ReadOnlyModelAdmin):
    list_display = ["last_at", "client", "sender", "channel", "branch", "waiting_since", "taken_by", "done_at"]
    list_filter = ["channel", ("done_at", admin.EmptyFieldListFilter), "branch"]
    list_select_related = ["client", "branch", "taken_by"]
    search_fields = ["client__name", "client__code", "sender"]
    ordering = ["-last_at"]


@admin.register(Letter)
class LetterAdmin(ReadOnlyModelAdmin):
    list_display = ["at", "conversation", "sender", "channel", "subject", "meaning"]
    list_filter = ["channel", "meaning"]
    list_select_related = ["conversation"]
    search_fields = ["sender", "subject", "text"]
    ordering = ["-at"]
    date_hierarchy = "at"
