"""What she says on the phone."""

from django import forms
from django.utils.translation import gettext_lazy as _

WORDS = forms.Textarea(attrs={"rows": 3, "dir": "auto"})


class SurveyForm(forms.Form):
    """A score and two answers, as on her own page."""

    score = forms.IntegerField(
        label=_("Would she recommend us to a friend?"),
        min_value=0,
        max_value=10,
        error_messages={"required": _("Choose the number she said, from 0 to 10.")},
    )
    pleased = forms.CharField(label=_("What pleased her?"), required=False, max_length=2000, widget=WORDS)
    displeased = forms.CharField(label=_("What did not?"), required=False, max_length=2000, widget=WORDS)
    may_quote = forms.BooleanField(
        label=_("Her kind words may be shown to others, with her first name"), required=False
    )
