"""The office: what was given to make up for complaints."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from crm.team.admin_base import ReadOnlyModelAdmin, shown_money
from loyalty.amends.models import Compensation


@admin.register(Compensation)
class CompensationAdmin(ReadOnlyModelAdmin):
    list_display = ["given_on", "client", "kind", "shown_cost", "user", "branch"]
    list_filter = ["kind", "branch"]
    list_select_related = ["client", "branch", "user"]
    search_fields = ["client__name", "client__code"]
    ordering = ["-given_at"]
    date_hierarchy = "given_on"

    @display(description=_("cost"), ordering="cost")
    def shown_cost(self, given: Compensation) -> str:
        return shown_money(given.cost, given.branch.currency)
