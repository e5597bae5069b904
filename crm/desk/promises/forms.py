"""Writing a promise down, and handing it on."""

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.desk.days import bookable_day
from crm.desk.visits.forms import DayInput
from crm.team.models import Branch, User
from crm.team.selectors import colleagues_of


class PromiseForm(forms.Form):
    """What was promised, who sees to it, and a day where her next visit is too late."""

    text = forms.CharField(
        label=_("What was promised?"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        help_text=_("Like “Find out whether the lamp suits sensitive eyes”."),
    )
    holder = forms.ModelChoiceField(label=_("Who sees to it?"), queryset=User.objects.none(), empty_label=None)
    due_on = forms.DateField(
        label=_("At the latest on"),
        required=False,
        widget=DayInput,
        validators=[bookable_day],
        help_text=_("Empty: before her next visit."),
    )

    def __init__(self, *args: Any, branch: Branch, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["holder"].queryset = colleagues_of(branch)
        self.fields["holder"].initial = user.pk

    def clean_due_on(self) -> date | None:
        day = self.cleaned_data["due_on"]
        if day and day < timezone.localdate():
            raise forms.ValidationError(_("Choose today or a later day."))
        return day


class HandForm(forms.Form):
    """Into whose hands, and a word along."""

    to = forms.ModelChoiceField(label=_("Who sees to it?"), queryset=User.objects.none(), empty_label=None)
    text = forms.CharField(label=_("A word along"), required=False, max_length=300)

    def __init__(self, *args: Any, branch: Branch, holder: User | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = colleagues_of(branch)
        self.fields["to"].queryset = others.exclude(pk=holder.pk) if holder else others
