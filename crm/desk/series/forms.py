"""A series: every so many weeks, so many times."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.booking.services.series import FEWEST, MOST
from crm.desk.booking.forms import WhenForm


class SeriesForm(WhenForm):
    """The first date as of any visit, and how it goes on."""

    every_weeks = forms.IntegerField(label=_("Every, weeks"), min_value=1, max_value=MOST, initial=3)
    times = forms.IntegerField(label=_("How often"), min_value=FEWEST, max_value=MOST, initial=6)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # a series is with somebody, at an hour of the grid, within working hours
        del self.fields["outside_hours"], self.fields["off_grid"]
        self.fields["at"].required = True
        self.fields["master"].choices = self.fields["master"].choices[1:]
        for name in ("every_weeks", "times"):
            self.fields[name].widget.attrs["inputmode"] = "numeric"
