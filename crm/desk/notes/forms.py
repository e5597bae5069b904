"""One note."""

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.desk.days import kept_day
from crm.desk.visits.forms import DayInput
from crm.people.models import Note

HEALTH = "health"


class NoteForm(forms.Form):
    """Text first; the kind is a story unless said otherwise. Health is a kind of its own, kept apart."""

    text = forms.CharField(label=_("Note"), max_length=2000, widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}))
    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=[*Note.Kind.choices, (HEALTH, _("health (protected)"))],
        initial=Note.Kind.STORY,
        required=False,
    )
    ask_again_on = forms.DateField(label=_("Ask again on"), required=False, widget=DayInput, validators=[kept_day])

    def clean_kind(self) -> str:
        return self.cleaned_data["kind"] or Note.Kind.STORY
