"""The form of a journey: the figures that its kind has, each with its bounds and its default."""

from datetime import timedelta
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from loyalty.points.selectors import loyalty_settings
from reminders.consent.models import Purpose
from reminders.consent.selectors import message_settings
from reminders.journeys.models import WITH_CONTROL, Journey
from reminders.journeys.occasions import ON_PAPER, WIN_BACKS, purpose_of
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
# what comes with a message: figures of the rules of loyalty, as rows of a form
GIVES: dict[Kind, tuple[str | tuple[str, ...], ...]] = {
    Kind.WIN_BACK: (
        ("win_back_percent", "win_back_once_days"),
        ("win_back_book_days", "win_back_visit_days"),
        "win_back_services",
        "win_back_quiet_only",
    ),
    Kind.SECOND_WIN_BACK: ("voucher_prolong_days",),
    Kind.BIRTHDAY: ("birthday_on", ("birthday_before_days", "birthday_after_days"), "birthday_services"),
}


def in_units(count: int, unit: timedelta) -> str:
    """3 days, 45 minutes."""
    return str(UNITS[unit] % {"count": count})


class JourneyForm(forms.ModelForm):
    """Fields beyond the journey's own, which the page adds, are figures of the rules of loyalty (GIVES)."""

    class Meta:
        model = Journey
        fields = ("wait", "hour", "lasts", "way", "otherwise", "control_percent")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rules = loyalty_settings()
        for name in self._given():
            self.initial[name] = rules._meta.get_field(name).value_from_object(rules)
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
            "otherwise": purpose_of(self.instance.kind) != Purpose.MARKETING or self.instance.kind in WIN_BACKS,
            "control_percent": self.instance.kind in WITH_CONTROL,
        }
        if "otherwise" in self.fields:
            self.fields["otherwise"].required = False
        # what the post brings too late goes by no letter
        if self.instance.kind not in ON_PAPER:
            self._without("way", Journey.Way.LETTER)
            self._without("otherwise", Journey.Otherwise.LETTER)
            self._named("otherwise", Journey.Otherwise.CALL, _("a call"))
        for name, has in wanted.items():
            if not has:
                self.fields.pop(name, None)

    @property
    def gift(self) -> dict[str, Any]:
        """What was asked about what comes with it."""
        return {name: self.cleaned_data[name] for name in self._given()}

    def _given(self) -> list[str]:
        own = set(self.Meta.fields)
        return [name for name in self.fields if name not in own]

    def _without(self, name: str, value: str) -> None:
        if name in self.fields:
            self.fields[name].choices = [each for each in self.fields[name].choices if each[0] != value]

    def _named(self, name: str, value: str, words: Any) -> None:
        if name in self.fields:
            self.fields[name].choices = [
                (key, words if key == value else label) for key, label in self.fields[name].choices
            ]

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

    def clean(self) -> dict[str, Any]:
        """What comes with it keeps the bounds of the rules of loyalty."""
        cleaned = super().clean() or {}
        rules = loyalty_settings()
        plain = {field.name for field in rules._meta.concrete_fields}
        asked = {name for name in self._given() if name in plain and name in cleaned}
        for name in asked:
            setattr(rules, name, cleaned[name])
        try:
            rules.clean_fields(exclude=plain - asked)
        except forms.ValidationError as refusal:
            self.add_error(None, refusal)
        return cleaned

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

    def clean_otherwise(self) -> str:
        return self.cleaned_data["otherwise"] or Journey.Otherwise.CALL
