"""The office: which kinds of messages are on. A switch is reached only through a look at the forecast."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from crm.team.admin_base import ReadOnlyModelAdmin, WithHistory
from reminders.journeys.models import Journey


@admin.register(Journey)
class JourneyAdmin(WithHistory, ReadOnlyModelAdmin):
    list_display = ["kind", "shown_on", "on_since", "forecast_seen_at", "switched_by"]
    list_select_related = ["switched_by"]
    ordering = ["pk"]

    @display(description=_("on"), boolean=True, ordering="is_on")
    def shown_on(self, journey: Journey) -> bool:
        return journey.is_on
