"""What is typed on a result card."""

from django import forms
from django.utils.translation import gettext_lazy as _


class ResultForm(forms.Form):
    formula = forms.CharField(
        label=_("Her formula"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Curl, length, recipe: she reads it, and it is remembered on her card."),
    )
    advice = forms.CharField(
        label=_("A word from you"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("In her language, if you can. Care guide and next visit are added by themselves."),
    )
