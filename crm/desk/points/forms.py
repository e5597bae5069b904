"""Points by hand, asked for in one breath: how many, and why."""

from django import forms
from django.utils.translation import gettext_lazy as _

# nobody means more, and the column holds it
MOST = 10_000


class GestureForm(forms.Form):
    """`key` makes a form sent twice count once."""

    points = forms.IntegerField(
        label=_("How many points"),
        min_value=1,
        max_value=MOST,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    reason = forms.CharField(
        label=_("What for"),
        max_length=120,
        widget=forms.TextInput(attrs={"dir": "auto"}),
        help_text=_("It stands in the books with your name and cannot be changed later."),
    )
    key = forms.UUIDField(widget=forms.HiddenInput)
