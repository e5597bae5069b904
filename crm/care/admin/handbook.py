"""The office: the handbook (practices.md, P4)."""

from django.contrib import admin, messages
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.decorators import action, display

from crm.care.models import HandbookEntry, HandbookUse
from crm.care.services import take_ready_handbook
from crm.team.admin_base import ReadOnlyModelAdmin, ReadWriteModelAdmin, ask


@admin.register(HandbookEntry)
class HandbookEntryAdmin(ReadWriteModelAdmin):
    list_display = ["text", "kind", "shown_worked", "shown_failed", "is_active"]
    list_filter = ["kind", "is_active"]
    search_fields = ["text_en", "text_ru", "text_bs", "text_ar", "also"]
    ordering = ["kind", "pk"]
    actions_list = ["ready"]
    fieldsets = [
        (None, {"fields": [("kind", "is_active"), "also"]}),
        (_("What she says"), {"fields": ["text_en", "text_ru", "text_bs", "text_ar"]}),
        (_("What to answer"), {"fields": ["answer_en", "answer_ru", "answer_bs", "answer_ar"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[HandbookEntry]:
        return (
            super()
            .get_queryset(request)
            .annotate(
                worked=Count("uses", filter=Q(uses__worked=True)), failed=Count("uses", filter=Q(uses__worked=False))
            )
        )

    @display(description=_("worked"), ordering="worked")
    def shown_worked(self, entry: HandbookEntry) -> int:
        return entry.worked  # type: ignore[attr-defined]

    @display(description=_("did not"), ordering="failed")
    def shown_failed(self, entry: HandbookEntry) -> int:
        return entry.failed  # type: ignore[attr-defined]

    @action(description=_("Take the ready-made set"), url_path="ready", permissions=["office"], icon="library_add")
    def ready(self, request: HttpRequest) -> HttpResponse:
        if request.method != "POST":
            return ask(
                self,
                request,
                title=_("Take the ready-made handbook"),
                description=_("What clients of every salon say, with answers in four languages. What is there stays."),
                submit=_("Take it"),
            )
        taken = take_ready_handbook()
        messages.success(
            request, ngettext("%(count)d entry taken.", "%(count)d entries taken.", taken) % {"count": taken}
        )
        return HttpResponseRedirect(reverse("admin:crm_handbookentry_changelist"))


@admin.register(HandbookUse)
class HandbookUseAdmin(ReadOnlyModelAdmin):
    list_display = ["at", "entry", "worked", "user"]
    list_filter = ["worked", "entry"]
    list_select_related = ["entry", "user"]
    ordering = ["-at"]
