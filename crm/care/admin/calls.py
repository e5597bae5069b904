"""The office: calls to make."""

from django.contrib import admin

from crm.care.admin.opening import OpenFilter
from crm.care.models import (
    Call,
)
from crm.team.admin_base import (
    ReadOnlyModelAdmin,
)


class OpenCalls(OpenFilter):
    field = "done_at"


@admin.register(Call)
class CallAdmin(ReadOnlyModelAdmin):
    list_display = ["due_at", "client", "kind", "assignee", "done_at", "outcome", "remark"]
    list_filter = [OpenCalls, "outcome", "branch"]
    list_select_related = ["client", "assignee", "branch"]
    search_fields = ["client__name", "client__code", "kind", "remark"]
    ordering = ["-due_at"]
    date_hierarchy = "due_at"
