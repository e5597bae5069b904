"""What client pages are given: a day, a slot, a score, preferences."""

from datetime import datetime
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from crm.care.models import AfterAnswer
from crm.catalogue.models import Service
from crm.team.models import Branch, Master
from reminders.messages.tokens import read_slot_code


class WhenForm(forms.Form):
    """Which fortnight, day and master are shown. What cannot be read is as if it had not been asked."""

    master = forms.IntegerField(required=False)
    day = forms.DateField(required=False, input_formats=["%Y-%m-%d"])
    page = forms.IntegerField(required=False, min_value=0, max_value=50)

    def __init__(self, data: Any, *, begin: dict[str, Any] | None = None) -> None:
        super().__init__(data)
        # what is shown before she has asked for anything
        self.begin = {"master_id": None, "day": None, "page": 0, **(begin or {})}
        self.full_clean()

    @property
    def chosen(self) -> dict[str, Any]:
        if not self.data.keys() & {"master", "day", "page"}:
            return self.begin
        return {
            "master_id": self.cleaned_data.get("master"),
            "day": self.cleaned_data.get("day"),
            "page": self.cleaned_data.get("page") or 0,
        }


class SlotForm(forms.Form):
    """One slot that was tapped; its master has to work in this branch."""

    slot = forms.CharField(max_length=20)

    def __init__(self, data: Any, *, branch: Branch) -> None:
        super().__init__(data)
        self.branch = branch
        self.found: tuple[datetime, Master] | None = None

    def clean_slot(self) -> str:
        code = self.cleaned_data["slot"]
        read = read_slot_code(code)
        master = read and Master.objects.filter(pk=read[1], branch=self.branch, is_active=True).first()
        if not read or not master:
            raise forms.ValidationError(_("This time cannot be read. Choose one of these."))
        self.found = (read[0], master)
        return code

    @property
    def chosen(self) -> dict[str, Any]:
        if self.found is None:
            raise ValueError("ask is_valid() first")
        return {"starts_at": self.found[0], "master": self.found[1]}


class ServiceForm(forms.Form):
    """What she wants done, where it does not follow from her last visit."""

    service = forms.ModelChoiceField(Service.objects.none(), required=False)

    def __init__(self, data: Any, *, branch: Branch) -> None:
        super().__init__(data)
        self.fields["service"].queryset = Service.objects.filter(branch=branch, is_active=True)  # type: ignore[attr-defined]
        self.full_clean()

    @property
    def chosen(self) -> Service | None:
        return self.cleaned_data.get("service")


class FeedbackForm(forms.Form):
    score = forms.IntegerField(
        min_value=0, max_value=10, error_messages={"required": _("Choose a number from 0 to 10, please.")}
    )
    pleased = forms.CharField(required=False, max_length=2000)
    displeased = forms.CharField(required=False, max_length=2000)
    may_quote = forms.BooleanField(required=False)


class AnswerForm(forms.Form):
    answer = forms.ChoiceField(choices=AfterAnswer.Answer)


class LanguageForm(forms.Form):
    language = forms.ChoiceField(choices=settings.LANGUAGES)
