"""What the office asks before points or a voucher are given."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminDecimalFieldWidget,
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanSwitchWidget,
)

from loyalty.vouchers.models import Voucher

VALID_DAYS = 60


class DayInput(UnfoldAdminTextInputWidget):
    """The browser's own calendar: no script."""

    input_type = "date"


class PointsForm(forms.Form):
    """A gesture: how many, and why. `key` makes a form sent twice count once."""

    points = forms.IntegerField(label=_("Points"), min_value=1, max_value=10_000, widget=UnfoldAdminIntegerFieldWidget)
    reason = forms.CharField(
        label=_("Reason"),
        max_length=120,
        widget=UnfoldAdminTextInputWidget,
        help_text=_("It stands in the ledger and cannot be changed later."),
    )
    key = forms.UUIDField(widget=forms.HiddenInput)


class AdjustForm(PointsForm):
    """Up or down, to put a balance right."""

    points = forms.IntegerField(
        label=_("Points"),
        min_value=-100_000,
        max_value=100_000,
        widget=UnfoldAdminIntegerFieldWidget,
        help_text=_("With a minus they are taken. Never more than she has."),
    )


class VoucherForm(forms.Form):
    """A personal voucher: a percentage or an amount off."""

    kind = forms.ChoiceField(label=_("What for"), widget=UnfoldAdminSelectWidget)
    percent = forms.IntegerField(
        label=_("Percent off"), required=False, min_value=1, max_value=100, widget=UnfoldAdminIntegerFieldWidget
    )
    amount = forms.DecimalField(
        label=_("Or an amount off"), required=False, min_value=0, decimal_places=2, max_digits=9,
        widget=UnfoldAdminDecimalFieldWidget,
    )  # fmt: skip
    services_only = forms.BooleanField(label=_("Services only"), required=False, widget=UnfoldBooleanSwitchWidget)
    valid_until = forms.DateField(label=_("Valid until"), widget=DayInput)
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, today: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        given = (Voucher.Kind.OFFER, Voucher.Kind.GIFT, Voucher.Kind.AMENDS)
        self.fields["kind"].choices = [(kind.value, kind.label) for kind in given]
        self.fields["valid_until"].initial = today + timedelta(days=VALID_DAYS)

    def clean_valid_until(self) -> Any:
        until = self.cleaned_data["valid_until"]
        if until < self.today:
            raise forms.ValidationError(_("Choose a day that is still to come."))
        return until

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not self.errors and bool(cleaned.get("percent")) == bool(cleaned.get("amount")):
            raise forms.ValidationError(_("Give a percentage or an amount, one of the two."))
        return cleaned
