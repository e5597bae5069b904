"""The office: days of the holiday calendar, and campaigns as they were written. Their pages are the office's own."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminSelectWidget

from crm.team.admin_base import ReadOnlyModelAdmin, ReadWriteModelAdmin, WithHistory, is_owner
from reminders.campaigns.holidays import HOLIDAYS
from reminders.campaigns.models import Campaign, HolidayDay


@admin.register(Campaign)
class CampaignAdmin(WithHistory, ReadOnlyModelAdmin):
    """Who changed what and when; written and released it is on its own pages."""

    list_display = ["title", "kind", "state", "goes_on", "branch", "released_at", "released_by"]
    list_filter = ["kind", "state"]
    list_select_related = ["branch", "released_by"]
    search_fields = ["title"]
    ordering = ["-created_at"]


class HolidayDayForm(forms.ModelForm):
    """A day of the salon's own by its name, or the day on which a holiday that follows the moon really falls."""

    which = forms.ChoiceField(
        label=_("Holiday"),
        required=False,
        widget=UnfoldAdminSelectWidget,
        help_text=_("Of a holiday that follows the moon you say here on which day it really falls."),
    )

    class Meta:
        model = HolidayDay
        fields = ("name", "on")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        moon = [(key, holiday.name) for key, holiday in HOLIDAYS.items() if holiday.follows_moon]
        which: Any = self.fields["which"]
        which.choices = [("", _("a day of our own")), *moon]
        self.initial.setdefault("which", self.instance.holiday)
        self.fields["name"].required = False
        self.fields["name"].help_text = _("As your clients call it; a greeting goes to those who named it.")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        holiday = cleaned.get("which", "")
        if holiday:
            cleaned["name"] = str(HOLIDAYS[holiday].name)
        elif not cleaned.get("name"):
            raise ValidationError({"name": _("What is this day called?")})
        self.instance.holiday = holiday
        return cleaned


@admin.register(HolidayDay)
class HolidayDayAdmin(ReadWriteModelAdmin):
    """Days of the salon's own, with the name by which clients call them, and where the moon's holidays fall."""

    form = HolidayDayForm
    list_display = ["name", "on"]
    search_fields = ["name"]
    ordering = ["on"]
    fields = ["which", "name", "on"]

    def has_delete_permission(self, request: HttpRequest, obj: HolidayDay | None = None) -> bool:
        return is_owner(request)
