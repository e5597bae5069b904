"""Taking an order, telling of a delay, and helping where something is not to be had."""

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import get_language, override
from django.utils.translation import gettext_lazy as _

from crm.catalogue.models import Product
from crm.desk.checkout.forms import read_money
from crm.desk.days import bookable_day
from crm.desk.visits.forms import DayInput
from crm.orders.services import PlaceFact
from crm.people.models import Client
from crm.team.models import Branch, Language
from reminders.messages.speech import speech_of

# rows of places on the page; more than three are welcome
MOST_PLACES = 6


class MoneyInput(forms.CharField):
    """A sum as people type it; empty is none."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}))
        super().__init__(*args, max_length=20, **kwargs)
        self.currency = ""

    def clean(self, value: Any) -> Decimal | None:
        typed = super().clean(value)
        if not typed:
            return None
        amount = read_money(typed, self.currency)
        if amount is None:
            raise forms.ValidationError(_("This is no sum of money."))
        return amount


class OrderForm(forms.Form):
    """What she wants, how many, for how much, and the day she is promised."""

    product = forms.ModelChoiceField(
        label=_("What does she want?"),
        queryset=Product.objects.none(),
        required=False,
        empty_label=_("Something we do not have yet"),
    )
    name = forms.CharField(
        label=_("What is it called?"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"dir": "auto"}),
        help_text=_("Only for what is not in the list."),
    )
    quantity = forms.IntegerField(
        label=_("How many?"),
        min_value=1,
        max_value=99,
        initial=1,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    price = MoneyInput(label=_("Price of one"), required=False, help_text=_("Empty: as in the list."))
    promised_on = forms.DateField(
        label=_("Promised for"),
        widget=DayInput,
        validators=[bookable_day],
        help_text=_("The day on which she will have it. She reads it at once."),
    )
    note = forms.CharField(
        label=_("Note for us"), required=False, max_length=300, widget=forms.TextInput(attrs={"dir": "auto"})
    )

    def __init__(self, *args: Any, branch: Branch, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["product"].queryset = Product.objects.filter(branch=branch, is_active=True).order_by("name")
        self.fields["price"].currency = branch.currency

    def clean_promised_on(self) -> date:
        day = self.cleaned_data["promised_on"]
        if day < self.today:
            raise forms.ValidationError(_("Promise her a day that is still to come."))
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        product, name = cleaned.get("product"), cleaned.get("name", "").strip()
        if product is None and not name and "product" not in self.errors:
            self.add_error("product", _("Choose a product, or write what it is called."))
        if cleaned.get("price") is None and "price" not in self.errors:
            if product is not None and product.price is not None:
                cleaned["price"] = product.price
            else:
                self.add_error("price", _("Type the price."))
        return cleaned


# why it takes longer, as it mostly is: it goes out in her language, whatever the desk's
READY_REASONS = {
    "wrong": _("The supplier sent the wrong one."),
    "none": _("The supplier has none at the moment."),
    "parcel": _("The parcel is still on its way."),
}


class LateForm(forms.Form):
    """The new day, and why: she reads both. A ready sentence reaches her in her own language."""

    promised_on = forms.DateField(label=_("The new day"), widget=DayInput, validators=[bookable_day])
    ready = forms.ChoiceField(
        label=_("A ready sentence, told in her language"),
        choices=[("", "—"), *READY_REASONS.items()],
        required=False,
    )
    reason = forms.CharField(
        label=_("Why does it take longer?"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"dir": "auto"}),
        help_text=_("She reads it, as you write it: “The supplier sent the wrong shade.”"),
    )

    def __init__(self, *args: Any, client: Client, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.her_language = speech_of(client).language
        if self.her_language != get_language():
            self.fields["reason"].help_text = _(
                "She reads it, as you write it. Her letters are in another language: %(language)s."
            ) % {"language": Language(self.her_language).label}

    def clean(self) -> dict[str, Any]:
        """`reason` as she reads it."""
        cleaned = super().clean() or {}
        ready = READY_REASONS.get(cleaned.pop("ready", ""))
        if not cleaned.get("reason") and ready is not None:
            with override(self.her_language):
                cleaned["reason"] = str(ready)
        return cleaned


class HelpForm(forms.Form):
    """What she wanted, and whether she hears when it is back; the places are read beside it."""

    product = forms.ModelChoiceField(
        label=_("What is not here?"), queryset=Product.objects.none(), empty_label=_("Choose")
    )
    wants_word = forms.BooleanField(label=_("Tell her when it is back"), required=False, initial=True)

    def __init__(self, *args: Any, branch: Branch, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.branch = branch
        self.fields["product"].queryset = Product.objects.filter(branch=branch, is_active=True).order_by("name")

    @staticmethod
    def typed_places(post: QueryDict) -> list[dict[str, str]]:
        """The rows of places as they were typed, to be shown again."""
        names, addresses, prices = post.getlist("place"), post.getlist("address"), post.getlist("price")
        rows = [
            {"name": name[:120], "address": address[:200], "price": price[:20]}
            for name, address, price in zip(names, addresses, prices, strict=False)
        ]
        return rows[:MOST_PLACES]

    def places(self, rows: list[dict[str, str]]) -> list[PlaceFact]:
        """Those with a name; a price that is none is said at its row (`error`)."""
        found = []
        for row in rows:
            if not row["name"].strip():
                continue
            price = read_money(row["price"], self.branch.currency) if row["price"].strip() else None
            if row["price"].strip() and price is None:
                row["error"] = _("This is no sum of money.")
            found.append(PlaceFact(row["name"].strip(), row["address"].strip(), price))
        return found
