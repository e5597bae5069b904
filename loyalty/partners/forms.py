"""What the owner is asked before codes are made or a month is closed."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminDateWidget, UnfoldAdminIntegerFieldWidget, UnfoldAdminSelectWidget

from crm.team.days import kept_day

MOST_CODES = 1000


class BatchForm(forms.Form):
    count = forms.IntegerField(
        label=_("How many"), min_value=1, max_value=MOST_CODES, initial=50, widget=UnfoldAdminIntegerFieldWidget
    )
    valid_until = forms.DateField(label=_("Good until"), widget=UnfoldAdminDateWidget, validators=[kept_day])


class MonthForm(forms.Form):
    """Of the months that are over and not settled yet one."""

    month = forms.ChoiceField(label=_("Month"), widget=UnfoldAdminSelectWidget)

    def __init__(self, *args: Any, months: list[date], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["month"].choices = [(each.isoformat(), f"{each:%Y-%m}") for each in months]  # type: ignore[attr-defined]

    @property
    def chosen(self) -> date:
        return date.fromisoformat(self.cleaned_data["month"])
