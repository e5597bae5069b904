"""What the set-up of the programme asks: the typical ticket, then each sum, proposed and open to change."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminDecimalFieldWidget, UnfoldAdminIntegerFieldWidget, UnfoldBooleanSwitchWidget

from crm.office.programme.services import Switches
from crm.office.programme.sums import Sums, rate_for
from crm.team.fields import smallest_unit
from loyalty.points.models import LoyaltySettings

MONEY = ("rebooking", "referrer", "friend", "gesture", "gold", "vip")
LARGEST_RATE = Decimal(100)


def money_field(label: Any, currency: str, help_text: Any = "") -> forms.DecimalField:
    unit = smallest_unit(currency)
    return forms.DecimalField(
        label=label,
        help_text=help_text,
        min_value=unit,
        max_digits=12,
        decimal_places=max(0, -int(unit.as_tuple().exponent)),
        widget=UnfoldAdminDecimalFieldWidget,
    )


class TicketForm(forms.Form):
    """What a client usually pays on a day."""

    def __init__(self, *args: Any, currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ticket"] = money_field(_("A client usually pays on a day"), currency)


class SumsForm(forms.Form):
    """Each sum in money; what a point is worth stays once clients hold some."""

    point_value = forms.DecimalField(
        label=_("A point is worth"),
        min_value=Decimal("0.001"),
        max_digits=9,
        decimal_places=3,
        widget=UnfoldAdminDecimalFieldWidget,
    )
    cashback = forms.DecimalField(
        label=_("Cashback, percent of what is paid"),
        min_value=Decimal("0.1"),
        max_value=50,
        max_digits=4,
        decimal_places=2,
        widget=UnfoldAdminDecimalFieldWidget,
    )
    large = forms.IntegerField(
        label=_("A purchase is large from, times the usual"),
        min_value=2,
        max_value=100,
        widget=UnfoldAdminIntegerFieldWidget,
    )
    rebooking_on = forms.BooleanField(label=_("on"), required=False, widget=UnfoldBooleanSwitchWidget)
    referral_on = forms.BooleanField(label=_("on"), required=False, widget=UnfoldBooleanSwitchWidget)
    gesture_on = forms.BooleanField(label=_("on"), required=False, widget=UnfoldBooleanSwitchWidget)

    def __init__(
        self, *args: Any, currency: str, proposed: Sums, rules: LoyaltySettings, point_stays: bool, **kwargs: Any
    ) -> None:
        labels = {
            "rebooking": _("Rebooking on the spot"),
            "referrer": _("Bringing a friend"),
            "friend": _("Being brought"),
            "gesture": _("By hand, at most a day and login"),
            "gold": _("Gold card from"),
            "vip": _("VIP card from"),
        }
        kwargs["initial"] = {
            "point_value": proposed.point_value.normalize() + 0,
            "cashback": proposed.cashback,
            "large": proposed.large,
            **{name: getattr(proposed, name) for name in MONEY},
            "rebooking_on": rules.rebooking_on,
            "referral_on": rules.referral_on,
            "gesture_on": rules.gesture_on,
        }
        super().__init__(*args, **kwargs)
        for name, label in labels.items():
            self.fields[name] = money_field(label, currency)
        self.fields["point_value"].disabled = point_stays

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.errors:
            return cleaned
        if rate_for(cleaned["cashback"], cleaned["point_value"]) > LARGEST_RATE:
            self.add_error(
                "point_value", _("With so little a point the cashback would be more than 100 points per 100 paid.")
            )
        if cleaned["vip"] <= cleaned["gold"]:
            self.add_error("vip", _("The VIP card begins above the gold one."))
        return cleaned

    @property
    def sums(self) -> Sums:
        """What was agreed to; once the form is valid."""
        names = ("point_value", "cashback", "large", *MONEY)
        return Sums(**{name: self.cleaned_data[name] for name in names})

    @property
    def switches(self) -> Switches:
        kept = self.cleaned_data
        return Switches(kept["rebooking_on"], kept["referral_on"], kept["gesture_on"])
