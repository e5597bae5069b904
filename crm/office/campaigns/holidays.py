"""The holiday calendar in the office: a corrected day takes the greetings for it along, so it stands at the roof."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.team.admin_base import ReadWriteModelAdmin, is_owner
from reminders.campaigns.forms import HolidayDayForm
from reminders.campaigns.models import Campaign, HolidayDay
from reminders.journeys.services.moons import correct_holiday, forget_correction


@admin.register(HolidayDay)
class HolidayDayAdmin(ReadWriteModelAdmin):
    """Days of the salon's own, with the name by which clients call them, and where the moon's holidays fall."""

    form = HolidayDayForm
    empty_words = gettext_lazy(
        "Write days of your own here, such as the salon's birthday, and correct those that follow the moon."
    )
    list_display = ["name", "on"]
    search_fields = ["name"]
    ordering = ["on"]
    fields = ["which", "name", "on"]

    def get_readonly_fields(self, request: HttpRequest, obj: HolidayDay | None = None) -> list[str]:
        # of which holiday it is stays: another one is another day
        return ["name"] if obj is not None and obj.holiday else []

    def has_delete_permission(self, request: HttpRequest, obj: HolidayDay | None = None) -> bool:
        return is_owner(request)

    def save_model(self, request: HttpRequest, obj: HolidayDay, form: Any, change: bool) -> None:
        if not obj.holiday:
            super().save_model(request, obj, form, change)
            return
        tell(request, correct_holiday(holiday=obj.holiday, on=obj.on, now=timezone.now()))
        obj.pk = HolidayDay.objects.get(holiday=obj.holiday, on=obj.on).pk

    def delete_model(self, request: HttpRequest, obj: HolidayDay) -> None:
        if obj.holiday:
            tell(request, forget_correction(row=obj, now=timezone.now()))
        else:
            super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[HolidayDay]) -> None:
        for row in queryset:
            self.delete_model(request, row)


def tell(request: HttpRequest, moved: list[Campaign]) -> None:
    if moved:
        words = _("These go on the new day: %(titles)s.")
        messages.info(request, words % {"titles": ", ".join(str(campaign) for campaign in moved)})
