"""What is said of a bad day: who, and for how long."""

from datetime import datetime, time, timedelta

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.booking.local_time import computed_instant
from crm.desk.visits.forms import DayInput
from crm.team.models import Branch, Master
from crm.team.selectors import branch_day, zone

LATE_BY = (15, 30, 45, 60)
LATE = {f"late-{minutes}": minutes for minutes in LATE_BY}
# nobody is ill by one tap for longer; a longer absence is time off
LONGEST_DAYS = 31


class BadDayForm(forms.Form):
    """`what`: `today`, `tomorrow`, `until` (with a day, included), or `late-30` (minutes)."""

    master = forms.ModelChoiceField(queryset=Master.objects.none())
    what = forms.ChoiceField(choices=[(each, each) for each in ("today", "tomorrow", "until", *LATE)])
    until = forms.DateField(label=_("Ill up to and including"), required=False, widget=DayInput)

    def __init__(self, *args: object, branch: Branch, masters: list[Master], now: datetime, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.branch, self.now = branch, now
        self.fields["master"].queryset = Master.objects.filter(pk__in=[master.pk for master in masters])

    def clean(self) -> dict[str, object]:
        fields = super().clean() or {}
        today = branch_day(self.branch, self.now)
        if fields.get("what") == "until" and "until" not in self.errors:
            until = fields.get("until")
            if until is None or until < today:
                self.add_error("until", _("Choose today or a later day."))
            elif until > today + timedelta(days=LONGEST_DAYS):
                self.add_error("until", _("So long an absence is written down as time off."))
        return fields

    @property
    def minutes_late(self) -> int | None:
        """By how much she is late; none if she is ill."""
        return LATE.get(self.cleaned_data["what"])

    def period(self) -> tuple[datetime, datetime]:
        """From when until when she is ill; half-open instants, by the branch's clock."""
        today = branch_day(self.branch, self.now)
        tomorrow = today + timedelta(days=1)
        midnight = computed_instant(tomorrow, time(0), zone(self.branch))
        match self.cleaned_data["what"]:
            case "tomorrow":
                return midnight, computed_instant(tomorrow + timedelta(days=1), time(0), zone(self.branch))
            case "until":
                after = self.cleaned_data["until"] + timedelta(days=1)
                return self.now, computed_instant(after, time(0), zone(self.branch))
        return self.now, midnight
