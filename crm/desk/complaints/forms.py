"""Opening and closing a complaint."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.care.models import Complaint
from crm.team.models import User


class ComplaintForm(forms.Form):
    """What happened, in her words."""

    text = forms.CharField(
        label=_("What happened?"), max_length=4000, widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"})
    )
    category = forms.CharField(label=_("Cause"), required=False, max_length=100)
    is_urgent = forms.BooleanField(
        label=_("Urgent"), required=False, help_text=_("Urgent ones are solved within a day, others within three.")
    )


class AnswerForm(forms.Form):
    text = forms.CharField(
        label=_("What was answered?"), max_length=2000, widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"})
    )


class ResolveForm(forms.Form):
    """How it ended. Only the owner declines."""

    outcome = forms.ChoiceField(label=_("Outcome"), widget=forms.RadioSelect)
    resolution = forms.CharField(
        label=_("What was done?"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["outcome"].choices = [
            (value, label)
            for value, label in Complaint.Outcome.choices
            if value != Complaint.Outcome.DECLINED or user.role == User.Role.OWNER
        ]
