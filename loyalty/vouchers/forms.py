"""What the owner writes down of a campaign, and how many codes she wants."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminTextInputWidget,
)

from loyalty.vouchers.models import Campaign
from loyalty.vouchers.services import MOST_CODES

WEEKDAYS = [
    (0, _("Monday")),
    (1, _("Tuesday")),
    (2, _("Wednesday")),
    (3, _("Thursday")),
    (4, _("Friday")),
    (5, _("Saturday")),
    (6, _("Sunday")),
]


class CampaignForm(forms.ModelForm):
    weekdays = forms.TypedMultipleChoiceField(
        label=_("on these weekdays"),
        choices=WEEKDAYS,
        coerce=int,
        required=False,
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
        help_text=_("None ticked: any day."),
    )

    class Meta:
        model = Campaign
        fields = "__all__"  # noqa: DJ007 - the admin names them


class CodesForm(forms.Form):
    """How many; `expected` is how many there are, so that a form sent twice makes them once."""

    count = forms.IntegerField(
        label=_("How many codes"), min_value=1, max_value=MOST_CODES, widget=UnfoldAdminIntegerFieldWidget
    )
    expected = forms.IntegerField(widget=forms.HiddenInput)


class GiveForm(forms.Form):
    """One in a client's own name."""

    client = forms.CharField(
        label=_("Client"),
        max_length=100,
        widget=UnfoldAdminTextInputWidget,
        help_text=_("Her name, or the last digits of her telephone."),
    )

    def only_one(self, found: Any) -> Any:
        """The one who is meant; the form says so where there is none, or several."""
        if len(found) == 1:
            return found[0]
        names = ", ".join(f"{client.shown_name} {client.phone or client.email}" for client in found[:5])
        self.add_error(
            "client",
            _("Several are called so: %(names)s. Add digits of her telephone.") % {"names": names}
            if found
            else _("There is nobody of this name or number."),
        )
        return None
