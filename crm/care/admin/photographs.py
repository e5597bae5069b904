"""The office: photographs of the work, and who has allowed them."""

from django.contrib import admin

from crm.care.models import PhotographConsent, WorkPhotograph
from crm.team.admin_base import ReadOnlyModelAdmin


@admin.register(WorkPhotograph)
class WorkPhotographAdmin(ReadOnlyModelAdmin):
    list_display = ["on", "client", "moment", "master", "added_by", "branch"]
    # the pictures themselves are shown by the desk, which asks who looks
    fields = ["client", "branch", "appointment", "master", "on", "moment", "added_at", "added_by"]
    list_filter = ["branch", "moment", "master"]
    list_select_related = ["client", "branch", "master", "added_by"]
    search_fields = ["client__name", "client__code"]
    ordering = ["-added_at"]
    date_hierarchy = "on"


@admin.register(PhotographConsent)
class PhotographConsentAdmin(ReadOnlyModelAdmin):
    list_display = ["client", "purpose", "is_given", "at", "where", "user_name"]
    list_filter = ["purpose", "is_given", "where"]
    list_select_related = ["client"]
    search_fields = ["client__name", "client__code"]
    ordering = ["-at"]
    date_hierarchy = "at"
