"""The office: what clients take home."""

from django.contrib import admin

from crm.care.models import (
    ResultCard,
)
from crm.team.admin_base import (
    ReadOnlyModelAdmin,
)


@admin.register(ResultCard)
class ResultCardAdmin(ReadOnlyModelAdmin):
    list_display = ["visit_on", "client", "formula", "written_by", "branch"]
    list_filter = ["branch"]
    list_select_related = ["client", "branch", "written_by"]
    search_fields = ["client__name", "client__code", "formula"]
    ordering = ["-written_at"]
    date_hierarchy = "visit_on"
