"""The office: complaints. They are dealt with at the desk."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from crm.care.admin.opening import OpenFilter
from crm.care.models import (
    CauseWords,
    Complaint,
    ComplaintCause,
    ComplaintEvent,
    ComplaintOption,
    Redo,
    StepWords,
)
from crm.team.admin_base import (
    ReadOnlyModelAdmin,
    ReadOnlyTabular,
    ReadWriteModelAdmin,
    ReadWriteTabular,
    Toned,
    shown_money,
    toned,
)


class OpenComplaints(OpenFilter):
    field = "resolved_at"


class ComplaintEventInline(ReadOnlyTabular):
    model = ComplaintEvent
    fields = ["at", "kind", "user", "text"]
    ordering = ["at"]
    verbose_name_plural = _("What happened")


class ComplaintOptionInline(ReadOnlyTabular):
    model = ComplaintOption
    fields = ["kind", "text", "percent", "points", "cost", "state", "offered_by", "decided_by"]
    ordering = ["pk"]
    verbose_name_plural = _("Solutions")


@admin.register(Complaint)
class ComplaintAdmin(ReadOnlyModelAdmin):
    list_display = [
        "opened_at",
        "number",
        "client",
        "shown_text",
        "cause",
        "source",
        "owner",
        "shown_state",
        "resolved_at",
    ]
    list_filter = [OpenComplaints, "is_urgent", "branch", "cause", "outcome", "source"]
    list_select_related = ["client", "owner", "branch", "cause"]
    search_fields = ["number", "text", "client__name", "client__code", "category"]
    ordering = ["-opened_at"]
    date_hierarchy = "opened_at"
    inlines = [ComplaintOptionInline, ComplaintEventInline]
    fieldsets = [
        (None, {"fields": ["number", "client", "branch", "opened_at", "source", "is_urgent", "owner"]}),
        (_("Deadlines"), {"fields": [("answer_due_at", "answered_at"), "solve_due_at"]}),
        (_("What happened"), {"fields": ["text", "appointment"]}),
        (_("How it ended"), {"fields": ["shown_state", "outcome", ("cause", "category"), "resolved_at", "resolution"]}),
    ]

    @display(description=_("what happened"))
    def shown_text(self, complaint: Complaint) -> str:
        return complaint.words if len(complaint.words) <= 70 else complaint.words[:69] + "…"

    @display(description=_("state"), label={"open": "danger", "done": "success"}, ordering="resolved_at")
    def shown_state(self, complaint: Complaint) -> Toned:
        return toned("done", complaint.get_outcome_display()) if complaint.resolved_at else toned("open", _("open"))


class CauseWordsInline(ReadWriteTabular):
    model = CauseWords
    fields = ["language", "name"]
    max_num = 4
    ordering = ["language"]
    hide_title = False
    verbose_name_plural = _("In other languages")


@admin.register(ComplaintCause)
class ComplaintCauseAdmin(ReadWriteModelAdmin):
    list_display = ["name", "position", "is_active"]
    search_fields = ["name"]
    ordering = ["position", "name"]
    inlines = [CauseWordsInline]


@admin.register(StepWords)
class StepWordsAdmin(ReadWriteModelAdmin):
    list_display = ["step", "language", "text"]
    list_filter = ["step", "language"]
    ordering = ["step", "language"]


@admin.register(Redo)
class RedoAdmin(ReadOnlyModelAdmin):
    list_display = [
        "agreed_on",
        "client",
        "master",
        "shown_figure",
        "reported_by_master_at",
        "complaint",
        "appointment",
    ]
    list_filter = ["branch", "master"]
    list_select_related = ["client", "branch", "master", "complaint", "appointment"]
    search_fields = ["client__name", "client__code", "note"]
    ordering = ["-agreed_at"]
    date_hierarchy = "agreed_on"

    @display(description=_("her figure"), ordering="figure")
    def shown_figure(self, redo: Redo) -> str:
        return shown_money(redo.figure, redo.branch.currency)
