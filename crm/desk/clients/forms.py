"""What the desk changes on a client's card."""

from typing import Any, cast

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from crm.desk.days import kept_day
from crm.desk.visits.forms import DayInput
from crm.people.models import Client

FIELDS = (
    "name",
    "called",
    "phone",
    "email",
    "postal_address",
    "messenger",
    "birth_day",
    "birth_month",
    "birth_year",
    "language",
    "preferred_channel",
    "address_form",
    "gender",
    "drink",
    "holidays",
    "source",
)


# what an empty choice says
UNSAID = {
    "language": _("the salon's"),
    "preferred_channel": _("no preference"),
    "address_form": _("as the salon does"),
    "gender": _("not said"),
}


class ClientForm(forms.ModelForm):
    """Contacts and manners. Saving is the service's."""

    class Meta:
        model = Client
        fields = FIELDS
        widgets = {
            "phone": forms.TextInput(attrs={"type": "tel", "dir": "ltr"}),
            "postal_address": forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
            "messenger": forms.TextInput(attrs={"dir": "ltr", "autocapitalize": "none"}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, words in UNSAID.items():
            chooser = cast(forms.ChoiceField, self.fields[name])
            chooser.choices = [(value, label if value else words) for value, label in chooser.choices]
        # a salon that writes by no messenger asks for none
        if not settings.MESSENGER_URLS:
            del self.fields["messenger"]
            ways = cast(forms.ChoiceField, self.fields["preferred_channel"])
            ways.choices = [
                (value, label)
                for value, label in ways.choices
                if value != Client.Channel.CHAT or self.instance.preferred_channel == value
            ]


class StatusForm(forms.Form):
    """What she is to the salon now; a break may have a day on which it ends."""

    status = forms.ChoiceField(label=_("She is"), choices=Client.Status.choices)
    break_until = forms.DateField(
        label=_("Break until"),
        required=False,
        widget=DayInput,
        validators=[kept_day],
        help_text=_("The first day on which she may be written to again. Empty: we ask her after a while."),
    )
