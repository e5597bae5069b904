"""The office: complaints. They are dealt with at the desk."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from crm.care.admin.opening import OpenFilter
from crm.care.models import (
    Complaint,
    ComplaintEvent,
)
from crm.team.admin_base import (
    ReadOnlyModelAdmin,
    ReadOnlyTabular,
    Toned,
    toned,
)


class OpenComplaints(OpenFilter):
    field = "resolved_at"


class ComplaintEventInline(ReadOnlyTabular):
    model = ComplaintEvent
    fields = ["at", "kind", "user", "text"]
    ordering = ["at"]
    verbose_name_plural = _("What happened")


@admin.register(Complaint)
class ComplaintAdmin(ReadOnlyModelAdmin):
    list_display = ["opened_at", "client", "shown_text", "category", "source", "owner", "shown_state", "resolved_at"]
    list_filter = [OpenComplaints, "is_urgent", "branch", "outcome", "source"]
    list_select_related = ["client", "owner", "branch"]
    search_fields = ["text", "client__name", "client__code", "category"]
    ordering = ["-opened_at"]
    date_hierarchy = "opened_at"
    inlines = [ComplaintEventInline]
    fieldsets = [
        (None, {"fields": ["client", "branch", "opened_at", "source", "category", "is_urgent", "owner"]}),
        (_("What happened"), {"fields": ["text", "appointment"]}),
        (_("How it ended"), {"fields": ["shown_state", "outcome", "resolved_at", "resolution"]}),
    ]

    @display(description=_("what happened"))
    def shown_text(self, complaint: Complaint) -> str:
        return complaint.words if len(complaint.words) <= 70 else complaint.words[:69] + "…"

    @display(description=_("state"), label={"open": "danger", "done": "success"}, ordering="resolved_at")
    def shown_state(self, complaint: Complaint) -> Toned:
        return toned("done", complaint.get_outcome_display()) if complaint.resolved_at else toned("open", _("open"))
