"""The office: days of the holiday calendar, and campaigns as they were written. Their pages are the office's own."""

from django.contrib import admin
from django.http import HttpRequest

from crm.team.admin_base import ReadOnlyModelAdmin, ReadWriteModelAdmin, WithHistory, is_owner
from reminders.campaigns.models import Campaign, HolidayDay


@admin.register(Campaign)
class CampaignAdmin(WithHistory, ReadOnlyModelAdmin):
    """Who changed what and when; written and released it is on its own pages."""

    list_display = ["title", "kind", "state", "goes_on", "branch", "released_at", "released_by"]
    list_filter = ["kind", "state"]
    list_select_related = ["branch", "released_by"]
    search_fields = ["title"]
    ordering = ["-created_at"]


@admin.register(HolidayDay)
class HolidayDayAdmin(ReadWriteModelAdmin):
    """Days of the salon's own, with the name by which clients call them."""

    list_display = ["name", "on"]
    search_fields = ["name"]
    ordering = ["on"]
    fields = ["name", "on"]

    def has_delete_permission(self, request: HttpRequest, obj: HolidayDay | None = None) -> bool:
        return is_owner(request)
