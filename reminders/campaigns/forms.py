"""The form of a day of the holiday calendar."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.widgets import UnfoldAdminSelectWidget

from reminders.campaigns.holidays import HOLIDAYS
from reminders.campaigns.models import HolidayDay
from reminders.campaigns.selectors.holidays import SIGHTED, foreseen_day


class HolidayDayForm(forms.ModelForm):
    """A day of the salon's own by its name, or the day on which a holiday that follows the moon really falls."""

    which = forms.ChoiceField(
        label=_("Holiday"),
        required=False,
        widget=UnfoldAdminSelectWidget,
        help_text=_("Of a holiday that follows the moon you say here on which day it really falls."),
    )

    class Meta:
        model = HolidayDay
        fields = ("name", "on")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        moon = [(key, holiday.name) for key, holiday in HOLIDAYS.items() if holiday.follows_moon]
        which: Any = self.fields["which"]
        which.choices = [("", _("a day of our own")), *moon]
        self.initial.setdefault("which", self.instance.holiday)
        self.fields["name"].required = False
        self.fields["name"].help_text = _("As your clients call it; a greeting goes to those who named it.")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        holiday, on = cleaned.get("which", ""), cleaned.get("on")
        if holiday:
            cleaned["name"] = str(HOLIDAYS[holiday].name)
            if on is not None and foreseen_day(holiday, on) is None:
                raise ValidationError(
                    {
                        "on": ngettext(
                            "The calendar expects it on another day: a sighting moves it by %(days)d day at most.",
                            "The calendar expects it on another day: a sighting moves it by %(days)d days at most.",
                            SIGHTED.days,
                        )
                        % {"days": SIGHTED.days}
                    }
                )
        elif not cleaned.get("name"):
            raise ValidationError({"name": _("What is this day called?")})
        self.instance.holiday = holiday
        return cleaned
