"""Booking at the desk: at most five fields for a new client with an appointment (look.md)."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.catalogue.models import Service
from crm.desk.days import bookable_day
from crm.desk.visits.forms import DayInput, HourField
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
    also_master = forms.TypedChoiceField(label=_("The second by"), coerce=int, required=False, empty_value=0)
    day = forms.DateField(label=_("Day"), widget=DayInput, validators=[bookable_day])
    at = HourField(label=_("Hour"), required=False)
    wish = forms.CharField(label=_("Her wish"), required=False, max_length=300)
    outside_hours = forms.BooleanField(label=_("It is agreed, although outside working hours"), required=False)
    beside_another = forms.BooleanField(label=_("It is agreed, although she has another visit then"), required=False)
    off_grid = forms.BooleanField(label=_("It is agreed, just at this minute"), required=False)

    def __init__(self, *args: Any, branch: Branch, masters: list[Master], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = Service.objects.filter(branch=branch, is_active=True).order_by("category", "name")
        self.fields["service"].queryset = self.fields["also"].queryset = offered
        names = [(each.pk, each.name) for each in masters]
        self.fields["master"].choices = [(0, _("Whoever is free")), *names]
        self.fields["also_master"].choices = [(0, _("The same master, if she does it")), *names]
        self.masters = {each.pk: each for each in masters}

    def services(self) -> list[Service]:
        """What is chosen so far, in order; also where something else is still missing."""
        chosen = getattr(self, "cleaned_data", {})
        return [service for service in (chosen.get("service"), chosen.get("also")) if service]

    def hands(self) -> tuple[Master | None, list[Master | None] | None]:
        """The master of all of it, and of each service where the second is somebody else's; None: whoever is free."""
        chosen = getattr(self, "cleaned_data", {})
        master = self.masters.get(chosen.get("master") or 0)
        other = self.masters.get(chosen.get("also_master") or 0)
        if other is None or not chosen.get("also") or not chosen.get("service"):
            return master, None
        return master, [master, other]


class NewClientForm(forms.Form):
    """Name and phone; the rest can be asked another day."""

    name = forms.CharField(label=_("Name"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    phone = forms.CharField(
        label=_("Phone"),
        required=False,
        max_length=32,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off", "dir": "ltr"}),
    )
    friend_code = forms.CharField(
        label=_("Code of the friend who sent her"),
        required=False,
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "dir": "ltr"}),
    )
