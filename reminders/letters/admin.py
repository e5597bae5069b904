"""The office: what went out on paper, to be looked at."""

from django.contrib import admin

from crm.team.admin_base import ReadOnlyModelAdmin
from reminders.letters.models import PaperLetter


@admin.register(PaperLetter)
class PaperLetterAdmin(ReadOnlyModelAdmin):
    list_display = ["written_at", "client", "form", "kind", "branch", "printed_at", "outcome", "done_by"]
    list_filter = ["form", "kind", "outcome", "branch"]
    list_select_related = ["client", "branch", "done_by"]
    search_fields = ["client__name", "client__code"]
    ordering = ["-written_at"]
    date_hierarchy = "written_at"
