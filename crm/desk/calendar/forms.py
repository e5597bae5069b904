"""What is sent from the calendar: a visit that was dragged, a day to look at, time off."""

from datetime import date, time
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.desk.days import bookable_day, kept_day
from crm.desk.visits.forms import DayInput, HourInput, MoveForm


class DragForm(MoveForm):
    """Where a visit was let go; each field but day and hour only where it says something."""

    # whose part of a visit of several masters was dragged
    instead_of = forms.IntegerField(required=False)
    # she does all of it, whoever was to do what
    whole = forms.BooleanField(required=False)
    # a new length, where its end was dragged
    minutes = forms.IntegerField(required=False, min_value=5, max_value=24 * 60, step_size=5)
    # what the page knew: somebody else may have been quicker
    sequence = forms.IntegerField(required=False, min_value=0)


class TimesForm(forms.Form):
    """A day and a master whose free times are shown; 0 is whoever is free."""

    day = forms.DateField(label=_("Day"), widget=DayInput, validators=[bookable_day])
    master = forms.TypedChoiceField(label=_("Master"), coerce=int)

    def __init__(self, *args: Any, masters: list, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["master"].choices = [(0, _("Whoever is free")), *((each.pk, each.name) for each in masters)]


class OffForm(forms.Form):
    """Time off by the branch's clock. Without hours: the whole of the days."""

    day = forms.DateField(label=_("From day"), widget=DayInput, validators=[kept_day])
    starts = forms.TimeField(label=_("From hour"), widget=HourInput, required=False)
    to_day = forms.DateField(label=_("To day"), widget=DayInput, required=False, validators=[kept_day])
    ends = forms.TimeField(label=_("To hour"), widget=HourInput, required=False)
    reason = forms.CharField(label=_("What for? (optional)"), required=False, max_length=200)
    despite_visits = forms.BooleanField(required=False, widget=forms.HiddenInput)


def off_form(on: date) -> OffForm:
    return OffForm(initial={"day": on, "to_day": on, "starts": time(12), "ends": time(13)})
