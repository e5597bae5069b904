"""An answer, whose it is now, and who an unknown sender is."""

from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from crm.team.models import User

# ten parts of an SMS in Latin letters; a mail may be longer
LONGEST = {"sms": 1530, "email": 5000}


class AnswerForm(forms.Form):
    """`key` makes a form sent twice one answer."""

    text = forms.CharField(
        label=_("Answer"),
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
        error_messages={"required": _("Write a few words first.")},
    )
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, channel: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        longest = LONGEST.get(channel, LONGEST["email"])
        self.fields["text"].validators.append(MaxLengthValidator(longest))
        self.fields["text"].widget.attrs["maxlength"] = longest


class HandOverForm(forms.Form):
    colleague = forms.ModelChoiceField(label=_("Hand over to"), queryset=User.objects.none(), empty_label=None)

    def __init__(self, *args: Any, colleagues: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["colleague"].queryset = colleagues


class StrangerForm(forms.Form):
    """A new client; her number or address is that of the letter."""

    name = forms.CharField(label=_("Name"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "off"}))
