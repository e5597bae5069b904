"""The office: the list of touchpoints, and what a mystery visitor felt there (practices.md, P42)."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import Model, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.decorators import action, display

from crm.care.models import FeltAt, Touchpoint, TouchpointAudit
from crm.care.services import leave_out_audit, take_ready_touchpoints
from crm.team.admin_base import ReadOnlyModelAdmin, ReadWriteModelAdmin, WithNearDays, ask
from crm.team.days import come_day


@admin.register(Touchpoint)
class TouchpointAdmin(ReadWriteModelAdmin):
    list_display = ["text", "position", "wanted", "passing", "is_active"]
    list_filter = ["is_active"]
    search_fields = ["text_en", "text_ru", "text_bs", "text_ar"]
    ordering = ["position", "pk"]
    fields = ["text_en", "text_ru", "text_bs", "text_ar", ("wanted", "passing"), ("position", "is_active")]
    actions_list = ["ready"]

    @action(description=_("Take the ready-made list"), url_path="ready", permissions=["office"], icon="library_add")
    def ready(self, request: HttpRequest) -> HttpResponse:
        if request.method != "POST":
            return ask(
                self,
                request,
                title=_("Take the ready-made list"),
                description=_("From the advertisement to the care at home, in four languages. What is there stays."),
                submit=_("Take it"),
            )
        taken = take_ready_touchpoints()
        messages.success(request, ngettext("%(count)d line taken.", "%(count)d lines taken.", taken) % {"count": taken})
        return HttpResponseRedirect(reverse("admin:crm_touchpoint_changelist"))


@admin.register(TouchpointAudit)
class TouchpointAuditAdmin(WithNearDays, ReadWriteModelAdmin):
    """Added, and never changed: what she felt that day is what she felt."""

    list_display = ["on", "touchpoint", "score", "visitor", "words", "left_out_at"]
    list_filter = ["touchpoint"]
    list_select_related = ["touchpoint"]
    search_fields = ["visitor", "words"]
    ordering = ["-on", "-pk"]
    date_hierarchy = "on"
    fields = ["touchpoint", "on", "score", "visitor", "words"]
    near_days = ("on",)
    actions = ["leave_out"]

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and db_field.name == "on":
            field.validators = [*field.validators, come_day]
        return field

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {"on": timezone.localdate(), **super().get_changeform_initial_data(request)}

    def save_model(self, request: HttpRequest, obj: TouchpointAudit, form: ModelForm, change: bool) -> None:
        obj.added_at, obj.user = timezone.now(), request.user
        super().save_model(request, obj, form, change)

    @action(description=_("Leave out of the figures"), permissions=["office"])
    def leave_out(self, request: HttpRequest, queryset: QuerySet[TouchpointAudit]) -> None:
        now = timezone.now()
        left = sum(leave_out_audit(audit=audit, now=now) for audit in queryset)
        messages.success(
            request, ngettext("%(count)d audit left out.", "%(count)d audits left out.", left) % {"count": left}
        )


@admin.register(FeltAt)
class FeltAtAdmin(ReadOnlyModelAdmin):
    """What clients said, where the desk put it."""

    list_display = ["feedback", "shown_client", "touchpoint", "at", "user"]
    list_filter = ["touchpoint"]
    list_select_related = ["feedback__client", "touchpoint", "user"]
    search_fields = ["feedback__client__name", "feedback__pleased", "feedback__displeased"]
    ordering = ["-at", "-pk"]

    @display(description=_("client"))
    def shown_client(self, felt: FeltAt) -> str:
        return felt.feedback.client.shown_name
