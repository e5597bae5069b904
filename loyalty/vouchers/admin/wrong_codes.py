"""The office: who typed codes that do not exist."""

from django.contrib import admin

from crm.team.admin_base import ReadOnlyModelAdmin
from loyalty.vouchers.models import WrongCode


@admin.register(WrongCode)
class WrongCodeAdmin(ReadOnlyModelAdmin):
    list_display = ["at", "door", "user", "client"]
    list_filter = ["door", "user"]
    list_select_related = ["user", "client"]
    ordering = ["-at"]
    date_hierarchy = "at"
    fields = ["at", "door", "user", "client"]
