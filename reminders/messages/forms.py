"""The form of the salon's own words: refused where something could not be filled."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from reminders.messages.defaults import Words
from reminders.messages.models import MessageText
from reminders.messages.texts import validate_text


class TextForm(forms.ModelForm):
    class Meta:
        model = MessageText
        fields = ("kind", "language", "subject", "body", "button", "sms")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        kind = cleaned.get("kind") or self.instance.kind
        if not kind or any(name not in cleaned for name in ("subject", "body", "sms")):
            return cleaned
        try:
            validate_text(
                kind=kind,
                subject=cleaned["subject"],
                body=cleaned["body"],
                sms=cleaned["sms"],
                button=cleaned.get("button", ""),
            )
        except ValidationError as refusal:
            for field, words in refusal.message_dict.items():
                self.add_error(field, words)
        return cleaned

    def words(self) -> Words:
        """What stands in the form, for a look at it; call it on a valid form."""
        return Words(**{name: self.cleaned_data[name] for name in ("subject", "body", "button", "sms")})
