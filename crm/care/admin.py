"""The office: complaints, feedback, answers after a visit, calls. They are dealt with at the desk."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from crm.care.models import AfterAnswer, Call, Complaint, ComplaintEvent, Feedback
from crm.team.admin_base import (
    ReadOnlyModelAdmin,
    ReadOnlyTabular,
    Toned,
    toned,
)


class OpenFilter(admin.SimpleListFilter):
    """What is still to be done, without a choice of dates."""

    title = _("state")
    parameter_name = "open"
    field = ""

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [("1", _("open")), ("0", _("done"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() is None:
            return queryset
        return queryset.filter(**{f"{self.field}__isnull": self.value() == "1"})


class OpenComplaints(OpenFilter):
    field = "resolved_at"


class OpenCalls(OpenFilter):
    field = "done_at"


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


@admin.register(Feedback)
class FeedbackAdmin(ReadOnlyModelAdmin):
    list_display = ["answered_at", "client", "shown_score", "pleased", "displeased", "visit_on", "branch"]
    list_filter = ["score", "branch"]
    list_select_related = ["client", "branch"]
    search_fields = ["client__name", "client__code", "pleased", "displeased"]
    ordering = ["-answered_at"]
    date_hierarchy = "answered_at"

    @display(description=_("score"), label={"low": "danger", "middle": "warning", "high": "success"}, ordering="score")
    def shown_score(self, feedback: Feedback) -> Toned:
        return toned("high" if feedback.score >= 9 else "middle" if feedback.score >= 7 else "low", feedback.score)


@admin.register(AfterAnswer)
class AfterAnswerAdmin(ReadOnlyModelAdmin):
    list_display = ["answered_at", "client", "service", "shown_answer", "visit_on", "branch"]
    list_filter = ["answer", "branch", "service"]
    list_select_related = ["client", "branch", "service"]
    search_fields = ["client__name", "client__code"]
    ordering = ["-answered_at"]
    date_hierarchy = "answered_at"

    @display(
        description=_("answer"), label={"good": "success", "mend": "warning", "alarm": "danger"}, ordering="answer"
    )
    def shown_answer(self, answer: AfterAnswer) -> Toned:
        return toned(answer.answer, answer.get_answer_display())


@admin.register(Call)
class CallAdmin(ReadOnlyModelAdmin):
    list_display = ["due_at", "client", "kind", "assignee", "done_at", "outcome", "remark"]
    list_filter = [OpenCalls, "outcome", "branch"]
    list_select_related = ["client", "assignee", "branch"]
    search_fields = ["client__name", "client__code", "kind", "remark"]
    ordering = ["-due_at"]
    date_hierarchy = "due_at"
