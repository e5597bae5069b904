"""Writing down who waits for a time."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from crm.catalogue.models import Service
from crm.desk.days import asked_day, bookable_day
from crm.desk.visits.forms import DayInput, HourInput
from crm.team.models import Branch, Master

# so long somebody waits who says nothing else
USUALLY = timedelta(days=14)


class WaitingForm(forms.Form):
    """What she waits for, with whom, on which days and at which hours. `master` 0 means whoever is free."""

    service = forms.ModelChoiceField(
        label=_("Service"), queryset=Service.objects.none(), empty_label=_("Choose a service")
    )
    also = forms.ModelChoiceField(
        label=_("And also"), queryset=Service.objects.none(), required=False, empty_label=_("Nothing else")
    )
    master = forms.TypedChoiceField(label=_("Master"), coerce=int, required=False, empty_value=0)
    from_day = forms.DateField(label=_("From day"), widget=DayInput, validators=[bookable_day])
    to_day = forms.DateField(label=_("To day"), widget=DayInput, validators=[bookable_day])
    from_time = forms.TimeField(label=_("Begins from"), required=False, widget=HourInput)
    to_time = forms.TimeField(label=_("And before"), required=False, widget=HourInput)
    weekdays = forms.TypedMultipleChoiceField(
        label=_("Only on"),
        required=False,
        coerce=int,
        choices=[(number, name) for number, name in WEEKDAYS.items()],
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None ticked: any day."),
    )
    note = forms.CharField(label=_("Note"), required=False, max_length=200)

    def __init__(self, *args: Any, branch: Branch, masters: list[Master], is_moving: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = Service.objects.filter(branch=branch, is_active=True).order_by("category", "name")
        self.fields["service"].queryset = self.fields["also"].queryset = offered
        self.fields["master"].choices = [(0, _("Whoever is free")), *((each.pk, each.name) for each in masters)]
        if is_moving:
            # what she has is what she waits for
            del self.fields["service"], self.fields["also"]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        first, last = given.get("from_day"), given.get("to_day")
        if first and last and last < first:
            self.add_error("to_day", _("The last day comes after the first."))
        begins, ends = given.get("from_time"), given.get("to_time")
        if begins and ends and ends <= begins:
            self.add_error("to_time", _("The end comes after the start."))
        return given

    def services(self) -> list[Service]:
        return [each for each in (self.cleaned_data.get("service"), self.cleaned_data.get("also")) if each]


def usual_days(asked: str) -> dict[str, Any]:
    """What the form begins with: the two weeks from the day in the address (`2026-06-12`), else from today."""
    today = timezone.localdate()
    first = max(today, asked_day(asked, today))
    return {"from_day": first, "to_day": first + USUALLY}
