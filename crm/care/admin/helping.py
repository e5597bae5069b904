"""The office: with what the salon helps out, and the moments of care (practices.md, P33)."""

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.decorators import action

from crm.care.models import HelpGiven, HelpKind
from crm.care.services import take_ready_helps
from crm.team.admin_base import ReadOnlyModelAdmin, ReadWriteModelAdmin, ask


@admin.register(HelpKind)
class HelpKindAdmin(ReadWriteModelAdmin):
    list_display = ["text", "position", "is_active"]
    list_filter = ["is_active"]
    search_fields = ["text_en", "text_ru", "text_bs", "text_ar"]
    ordering = ["position", "pk"]
    fields = ["text_en", "text_ru", "text_bs", "text_ar", ("position", "is_active")]
    actions_list = ["ready"]

    @action(description=_("Take the ready-made list"), url_path="ready", permissions=["office"], icon="library_add")
    def ready(self, request: HttpRequest) -> HttpResponse:
        if request.method != "POST":
            return ask(
                self,
                request,
                title=_("Take the ready-made list"),
                description=_("Umbrella, charger, taxi and the like, in four languages. What is there stays."),
                submit=_("Take it"),
            )
        taken = take_ready_helps()
        messages.success(request, ngettext("%(count)d line taken.", "%(count)d lines taken.", taken) % {"count": taken})
        return HttpResponseRedirect(reverse("admin:crm_helpkind_changelist"))


@admin.register(HelpGiven)
class HelpGivenAdmin(ReadOnlyModelAdmin):
    list_display = ["at", "kind", "client", "words", "user", "branch"]
    list_filter = ["kind", "branch", "user"]
    list_select_related = ["kind", "client", "user", "branch"]
    search_fields = ["words", "client__name", "client__code"]
    ordering = ["-at"]
    date_hierarchy = "at"
