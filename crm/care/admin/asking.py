"""The office: feedback, quotes and answers after a visit."""

from urllib.parse import urlencode

from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display

from crm.booking.models import VisitItem
from crm.care.models import (
    AfterAnswer,
    Feedback,
    Quote,
)
from crm.team.admin_base import (
    ReadOnlyModelAdmin,
    ReadWriteModelAdmin,
    Toned,
    is_owner,
    toned,
)


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
        return toned("high" if feedback.score >= 9 else "middle" if feedback.score >= 7 else "low", str(feedback.score))


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
