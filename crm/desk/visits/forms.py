"""What is typed on the visit's pages."""

from datetime import time

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.booking.models import Appointment
from crm.booking.services import BookingRefused, ClientBusy, OffGrid, OutsideHours
from crm.desk.days import bookable_day, kept_day


class DayInput(forms.DateInput):
    """The phone's own picker; the value is written as that wants it, whatever the language."""

    input_type = "date"

    def __init__(self, attrs: dict[str, str] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class HourInput(forms.TimeInput):
    input_type = "time"

    def __init__(self, attrs: dict[str, str] | None = None) -> None:
        super().__init__(attrs, format="%H:%M")


class HourField(forms.TimeField):
    """An hour of the branch's clock; with an offset, `02:30+01:00`, it says which of two is meant."""

    widget = HourInput

    def to_python(self, value: object) -> time | None:
        if isinstance(value, str) and len(value) == len("02:30+01:00") and value[5] in "+-":
            try:
                return time.fromisoformat(value)
            except ValueError as none_such:
                raise forms.ValidationError(self.error_messages["invalid"], code="invalid") from none_such
        return super().to_python(value)


# what can be agreed with her: fields of the forms that book and move
WORDS = {"outside_hours": OutsideHours, "beside_another": ClientBusy, "off_grid": OffGrid}


def word_for(refusal: BookingRefused) -> str:
    """Which tick would do; empty where none does."""
    return next((name for name, kind in WORDS.items() if isinstance(refusal, kind)), "")


def ask_words(form: forms.Form, asked: str) -> None:
    """The ticks are shown where one is asked for now, or was given before."""
    for name in WORDS.keys() & form.fields.keys():
        if name != asked and not form.data.get(name):
            form.fields[name].widget = form.fields[name].hidden_widget()


class HeardForm(forms.Form):
    """One field for what was heard, and when to ask about it."""

    text = forms.CharField(
        label=_("What did you hear?"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
    )
    ask_again_on = forms.DateField(label=_("Ask again on"), required=False, widget=DayInput, validators=[kept_day])


class MoveForm(forms.Form):
    """A day, an hour and perhaps another master."""

    day = forms.DateField(label=_("Day"), widget=DayInput, validators=[bookable_day])
    at = HourField(label=_("Hour"))
    master = forms.TypedChoiceField(label=_("Master"), coerce=int)
    outside_hours = forms.BooleanField(label=_("It is agreed, although outside working hours"), required=False)
    beside_another = forms.BooleanField(label=_("It is agreed, although she has another visit then"), required=False)
    off_grid = forms.BooleanField(label=_("It is agreed, just at this minute"), required=False)

    def __init__(self, *args: object, masters: list, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["master"].choices = [(master.pk, master.name) for master in masters]


class CancelForm(forms.Form):
    """Who cancelled, and why in a few words."""

    by = forms.ChoiceField(
        label=_("Who cancelled?"),
        # nothing is chosen beforehand: by a slip it would count as her late cancellation
        choices=Appointment.By.choices,
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(label=_("Why? (optional)"), required=False, max_length=200)
