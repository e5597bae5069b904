"""The form of a journey: the figures that its kind has, each with its bounds and its default."""

from datetime import timedelta
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from reminders.consent.selectors import message_settings
from reminders.journeys.models import WITH_CONTROL, Journey
from reminders.journeys.terms import DAYS, HOURS, MINUTES, ROWS, Figure
from reminders.messages.models import Kind

UNITS = {
    MINUTES: ngettext_lazy("%(count)d minute", "%(count)d minutes", "count"),
    HOURS: ngettext_lazy("%(count)d hour", "%(count)d hours", "count"),
    DAYS: ngettext_lazy("%(count)d day", "%(count)d days", "count"),
}
WAITS = {
    Kind.REASSURANCE: _("Hours after the sale"),
    Kind.FEEDBACK: _("Days after the visit"),
    Kind.SECOND_WIN_BACK: _("Days after the first one"),
    Kind.BIRTHDAY: _("Days before the birthday"),
    Kind.REMINDER_24H: _("Hours before the start"),
    Kind.REMINDER_2H: _("Hours before the start"),
    Kind.THANKS: _("Days after what we thank for"),
}
ENDS = {
    Kind.REASSURANCE: _("Until so many hours after the sale"),
    Kind.REMINDER_24H: _("Until so many hours before the start"),
    Kind.REMINDER_2H: _("Until so many minutes before the start"),
}


def in_units(count: int, unit: timedelta) -> str:
    """3 days, 45 minutes."""
    return str(UNITS[unit] % {"count": count})


class JourneyForm(forms.ModelForm):
    class Meta:
        model = Journey
        fields = ("wait", "hour", "lasts", "way", "control_percent")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        row = ROWS[self.instance.kind]
        self._bound("wait", row.wait, WAITS.get(self.instance.kind))
        self._bound("lasts", row.lasts, ENDS.get(self.instance.kind, _("Days it may still go after that")))
        if row.hour is not None and "hour" in self.fields:
            self.fields["hour"].label = _("Hour, by her own clock")
            self.fields["hour"].help_text = _("Empty: %(hour)s.") % {"hour": f"{row.hour:%H:%M}"}
        wanted = {
            "wait": row.wait is not None,
            "hour": row.hour is not None,
            "lasts": row.lasts is not None,
            "control_percent": self.instance.kind in WITH_CONTROL,
        }
        for name, has in wanted.items():
            if not has:
                self.fields.pop(name, None)

    def _bound(self, name: str, figure: Figure | None, label: Any) -> None:
        field = self.fields.get(name)
        if field is None or figure is None:
            return
        values = {
            "default": in_units(figure.default, figure.unit),
            "least": figure.least,
            "most": figure.most,
        }
        field.label = label
        field.help_text = _("Empty: %(default)s. From %(least)s to %(most)s.") % values
        words = _("Between %(least)s and %(most)s, please.") % values
        # the column's own bounds are wider
        field.validators = [MinValueValidator(figure.least, words), MaxValueValidator(figure.most, words)]

    def clean_hour(self) -> Any:
        """Outside of the window it would wait for the next morning, every time."""
        hour, settings = self.cleaned_data["hour"], message_settings()
        if hour is not None and not settings.quiet_until <= hour < settings.quiet_from:
            raise forms.ValidationError(
                _("Messages go out from %(from)s to %(until)s: choose an hour in between.")
                % {"from": f"{settings.quiet_until:%H:%M}", "until": f"{settings.quiet_from:%H:%M}"}
            )
        return hour

    def clean_way(self) -> str:
        return self.cleaned_data["way"] or Journey.Way.HERS
