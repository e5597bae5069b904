"""Booking at the desk: at most five fields for a new client with an appointment (look.md)."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.catalogue.models import Service
from crm.desk.days import bookable_day
from crm.desk.visits.forms import DayInput, HourInput
from crm.team.models import Branch, Master


class WhenForm(forms.Form):
    """What, with whom, when. `master` 0 means whoever is free."""

    service = forms.ModelChoiceField(
        label=_("Service"), queryset=Service.objects.none(), empty_label=_("Choose a service")
    )
    also = forms.ModelChoiceField(
        label=_("And also"), queryset=Service.objects.none(), required=False, empty_label=_("Nothing else")
    )
    master = forms.TypedChoiceField(label=_("Master"), coerce=int, required=False, empty_value=0)
    day = forms.DateField(label=_("Day"), widget=DayInput, validators=[bookable_day])
    at = forms.TimeField(label=_("Hour"), required=False, widget=HourInput)
    wish = forms.CharField(label=_("Her wish"), required=False, max_length=300)
    outside_hours = forms.BooleanField(label=_("It is agreed, although outside working hours"), required=False)

    def __init__(self, *args: Any, branch: Branch, masters: list[Master], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = Service.objects.filter(branch=branch, is_active=True).order_by("category", "name")
        self.fields["service"].queryset = self.fields["also"].queryset = offered
        self.fields["master"].choices = [(0, _("Whoever is free")), *((each.pk, each.name) for each in masters)]

    def services(self) -> list[Service]:
        """What is chosen so far, in order; also where something else is still missing."""
        chosen = getattr(self, "cleaned_data", {})
        return [service for service in (chosen.get("service"), chosen.get("also")) if service]


class NewClientForm(forms.Form):
    """Name and phone; the rest can be asked another day."""

    name = forms.CharField(label=_("Name"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    phone = forms.CharField(
        label=_("Phone"),
        required=False,
        max_length=32,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off", "dir": "ltr"}),
    )
