"""The office: what came by the page for complaints, and where clients may write about the salon in public."""

from django.contrib import admin

from crm.care.models import ComplaintReport, ReviewPlace
from crm.team.admin_base import ReadOnlyModelAdmin, ReadWriteModelAdmin


@admin.register(ComplaintReport)
class ComplaintReportAdmin(ReadOnlyModelAdmin):
    list_display = ["complaint", "about", "name", "is_sure", "is_new", "tied_at", "tied_by"]
    list_filter = ["about", "is_sure", "is_new", "complaint__branch"]
    list_select_related = ["complaint", "tied_by"]
    search_fields = ["complaint__number", "name", "phone", "email"]
    ordering = ["-complaint__opened_at"]


@admin.register(ReviewPlace)
class ReviewPlaceAdmin(ReadWriteModelAdmin):
    list_display = ["name", "branch", "url", "position", "is_active"]
    list_filter = ["branch", "is_active"]
    list_select_related = ["branch"]
    search_fields = ["name"]
    ordering = ["branch", "position"]
