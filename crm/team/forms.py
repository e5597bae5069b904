"""Forms of the office for branches and people."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from unfold.forms import UserChangeForm, UserCreationForm
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget, UnfoldAdminSelectWidget

from crm.team.models import TimeOff, User
from crm.team.selectors import ProposedDay, zone


class LoginForm(UserCreationForm):
    """A new login. Its first password is typed here and handed over in person."""

    class Meta(UserCreationForm.Meta):
        model = User
        fields = ("username", "first_name", "last_name", "email", "role", "branch", "language")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # somebody who logs in needs a password; the choice of none only puzzles
        self.fields.pop("usable_password", None)
        self.fields["password1"].help_text = password_validation.password_validators_help_text_html()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        needs_branch(cleaned)
        return cleaned


class LoginChangeForm(UserChangeForm):
    class Meta(UserChangeForm.Meta):
        model = User

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.instance.is_active:
            needs_branch(cleaned)
        others = User.objects.filter(role=User.Role.OWNER, is_active=True).exclude(pk=self.instance.pk)
        stays = cleaned.get("role") == User.Role.OWNER
        was = self.initial.get("role") == User.Role.OWNER and self.instance.is_active
        if was and not stays and not others.exists():
            raise ValidationError({"role": _("This is the only owner. Make another one first.")})
        return cleaned


def needs_branch(cleaned: dict[str, Any]) -> None:
    if cleaned.get("role") and cleaned["role"] != User.Role.OWNER and not cleaned.get("branch"):
        raise ValidationError({"branch": _("A receptionist or master belongs to a branch.")})


class TimeOffForm(forms.ModelForm):
    """Times are typed and shown by the clock of the master's branch."""

    class Meta:
        model = TimeOff
        fields = ("master", "starts_at", "ends_at", "reason")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.master_id:
            there = zone(self.instance.master.branch)
            for name in ("starts_at", "ends_at"):
                at = getattr(self.instance, name)
                if at is not None:
                    self.initial[name] = by_clock(at, there, timezone.get_current_timezone())

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        master = cleaned.get("master") or (self.instance.master if self.instance.master_id else None)
        if master is not None:
            for name in ("starts_at", "ends_at"):
                if cleaned.get(name) is not None:
                    cleaned[name] = by_clock(cleaned[name], timezone.get_current_timezone(), zone(master.branch))
        return cleaned


class HolidaysForm(forms.Form):
    """Of which year, and then which of its days. The second step shows all of them, ticked where they are new."""

    year = forms.TypedChoiceField(label=_("Year"), coerce=int, widget=UnfoldAdminSelectWidget)
    days = forms.MultipleChoiceField(
        label=_("Closed on"), required=False, widget=UnfoldAdminCheckboxSelectMultipleWidget
    )

    def __init__(
        self, *args: Any, this_year: int, proposed: Sequence[ProposedDay] | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["year"].choices = [(year, str(year)) for year in (this_year, this_year + 1)]
        if proposed is None:
            del self.fields["days"]
            return
        self.fields["year"].widget = forms.HiddenInput()
        self.fields["listed"] = forms.CharField(widget=forms.HiddenInput, initial="yes")
        self.fields["days"].choices = [
            (day.on.isoformat(), f"{date_format(day.on, 'D j F')} · {day.name}")
            for day in proposed
            if not day.is_closed
        ]
        self.initial["days"] = [day.on.isoformat() for day in proposed if not day.is_closed]


def by_clock(at: datetime, shown: Any, meant: ZoneInfo | Any) -> datetime:
    """The instant at which the clock of `meant` shows what that of `shown` shows at `at`."""
    return at.astimezone(shown).replace(tzinfo=meant)
