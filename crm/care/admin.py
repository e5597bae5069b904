"""The office: complaints, feedback, answers after a visit, calls, promises. They are dealt with at the desk."""

from urllib.parse import urlencode

from django.conf import settings
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display

from crm.booking.models import VisitItem
from crm.care.models import (
    AfterAnswer,
    Call,
    Complaint,
    ComplaintEvent,
    Feedback,
    Promise,
    PromiseEvent,
    Quote,
    ResultCard,
)
from crm.team.admin_base import (
    ReadOnlyModelAdmin,
    ReadOnlyTabular,
    ReadWriteModelAdmin,
    Toned,
    is_owner,
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


class OpenPromises(OpenFilter):
    field = "closed_at"


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
    actions_detail = ["quote_her"]

    @action(description=_("Quote her words"), url_path="quote", permissions=["quote"], icon="format_quote")
    def quote_her(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The form of a new quote, filled with what she wrote; the owner shortens it and says of which service."""
        feedback = self.get_object(request, object_id)
        done = VisitItem.objects.filter(visit__client=feedback.client, visit__on=feedback.visit_on)
        values = {
            "feedback": feedback.pk,
            "service": done.filter(service__isnull=False).order_by("pk").values_list("service", flat=True).first()
            or "",
            "language": feedback.client.language or settings.LANGUAGE_CODE,
            "text": feedback.pleased[:300],
            "said_by": (feedback.client.called or feedback.client.name).partition(" ")[0],
        }
        return HttpResponseRedirect(f"{reverse('admin:crm_quote_add')}?{urlencode(values)}")

    def has_quote_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        """Where she agreed, and wrote what pleased her."""
        agreed = Feedback.objects.filter(pk=object_id, quote_agreed_at__isnull=False).exclude(pleased="")
        return is_owner(request) and object_id is not None and agreed.exists()

    @display(description=_("score"), label={"low": "danger", "middle": "warning", "high": "success"}, ordering="score")
    def shown_score(self, feedback: Feedback) -> Toned:
        return toned("high" if feedback.score >= 9 else "middle" if feedback.score >= 7 else "low", feedback.score)


@admin.register(Quote)
class QuoteAdmin(ReadWriteModelAdmin):
    list_display = ["text", "said_by", "service", "language", "is_shown"]
    list_filter = ["is_shown", "language", "service"]
    list_select_related = ["service"]
    search_fields = ["text", "said_by"]
    ordering = ["-pk"]
    fields = ["service", "language", "text", "said_by", "is_shown", "feedback"]
    autocomplete_fields = ["service"]
    raw_id_fields = ["feedback"]


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


@admin.register(ResultCard)
class ResultCardAdmin(ReadOnlyModelAdmin):
    list_display = ["visit_on", "client", "formula", "written_by", "branch"]
    list_filter = ["branch"]
    list_select_related = ["client", "branch", "written_by"]
    search_fields = ["client__name", "client__code", "formula"]
    ordering = ["-written_at"]
    date_hierarchy = "visit_on"


class PromiseEventInline(ReadOnlyTabular):
    model = PromiseEvent
    fields = ["at", "kind", "user", "to", "text"]
    ordering = ["at"]
    verbose_name_plural = _("What happened")


@admin.register(Promise)
class PromiseAdmin(ReadOnlyModelAdmin):
    list_display = ["given_at", "client", "text", "given_by", "holder", "shown_state", "closed_at"]
    list_filter = [OpenPromises, "state", "branch", "holder"]
    list_select_related = ["client", "branch", "given_by", "holder"]
    search_fields = ["text", "client__name", "client__code"]
    ordering = ["-given_at"]
    date_hierarchy = "given_at"
    inlines = [PromiseEventInline]

    @display(
        description=_("state"),
        label={"handed": "warning", "accepted": "info", "kept": "success", "broken": "danger"},
        ordering="state",
    )
    def shown_state(self, promise: Promise) -> Toned:
        return toned(promise.state, promise.get_state_display())
