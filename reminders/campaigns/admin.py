"""The office: campaigns as they were written. Their pages are the office's own."""

from django.contrib import admin

from crm.team.admin_base import ReadOnlyModelAdmin, WithHistory
from reminders.campaigns.models import Campaign


@admin.register(Campaign)
class CampaignAdmin(WithHistory, ReadOnlyModelAdmin):
    """Who changed what and when; written and released it is on its own pages."""

    list_display = ["title", "kind", "state", "goes_on", "branch", "released_at", "released_by"]
    list_filter = ["kind", "state"]
    list_select_related = ["branch", "released_by"]
    search_fields = ["title"]
    ordering = ["-created_at"]
