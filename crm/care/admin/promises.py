"""The office: promises, and their way from hand to hand."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from crm.care.admin.opening import OpenFilter
from crm.care.models import (
    Promise,
    PromiseEvent,
)
from crm.team.admin_base import (
    ReadOnlyModelAdmin,
    ReadOnlyTabular,
    Toned,
    toned,
)


class OpenPromises(OpenFilter):
    field = "closed_at"


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
