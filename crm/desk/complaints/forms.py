"""What is asked about a complaint: opening it, its steps, solutions, closing it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.care.models import Complaint, ComplaintCause, ComplaintOption
from crm.care.selectors import causes_in
from crm.care.services import SayWhatWasDone
from crm.catalogue.models import Service
from crm.desk.words import language, money
from crm.sales.models import SaleLine
from crm.sales.selectors import returnable
from crm.sales.services import ReturnFact
from crm.team.models import User
from crm.team.selectors import colleagues_of
from loyalty.amends.services import Solution
from loyalty.gifts.models import Gift

Kind = ComplaintOption.Kind


class ComplaintForm(forms.Form):
    """What happened, in her words."""

    text = forms.CharField(
        label=_("What happened?"), max_length=4000, widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"})
    )
    is_urgent = forms.BooleanField(
        label=_("Urgent"), required=False, help_text=_("Urgent ones are solved within a day, others within three.")
    )


class AnswerForm(forms.Form):
    text = forms.CharField(
        label=_("What was answered?"), max_length=2000, widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"})
    )


class StepForm(forms.Form):
    """What was heard in a step; `version` is what was on the screen, so that nobody writes over a colleague's words."""

    text = forms.CharField(required=False, max_length=2000)
    version = forms.IntegerField(min_value=0)


class HandForm(forms.Form):
    to = forms.ModelChoiceField(label=_("Who looks after it"), queryset=User.objects.none())

    def __init__(self, *args: Any, complaint: Complaint, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = colleagues_of(complaint.branch)
        self.fields["to"].initial = complaint.owner_id


class OfferForm(forms.Form):
    """What she may choose from: each field that is filled in is one solution."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    redo = forms.ModelMultipleChoiceField(
        label=_("Done again, free"),
        queryset=Service.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    percent = forms.IntegerField(
        label=_("Off her next visit, percent"), required=False, min_value=1, max_value=100,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )  # fmt: skip
    points = forms.IntegerField(
        label=_("Points"), required=False, min_value=1, max_value=10_000,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )  # fmt: skip
    gift = forms.ModelChoiceField(label=_("A gift"), queryset=Gift.objects.none(), required=False, empty_label="—")
    refund = forms.MultipleChoiceField(label=_("Money back for"), required=False, widget=forms.CheckboxSelectMultiple)
    words = forms.CharField(
        label=_("Something else, in your words"), required=False, max_length=200,
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )  # fmt: skip
    cost = forms.DecimalField(
        label=_("What that costs us"), required=False, min_value=0, max_digits=9, decimal_places=2,
        widget=forms.NumberInput(attrs={"inputmode": "decimal"}),
    )  # fmt: skip

    def __init__(self, *args: Any, complaint: Complaint, services: list[Service], sale: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sale = sale
        self.fields["redo"].queryset = Service.objects.filter(pk__in=[service.pk for service in services])
        self.fields["gift"].queryset = Gift.objects.filter(
            branch=complaint.branch, kind=Gift.Kind.GIFT, is_active=True, stock__gt=0
        ).order_by("name")
        self.parts = {part.line.pk: part for part in returnable(sale) if part.quantity > 0} if sale else {}
        self.fields["refund"].choices = [
            (str(key), f"{part.line.service or part.line.product} · {money(part.amount, complaint.branch.currency)}")
            for key, part in self.parts.items()
        ]
        for name, empty in (("redo", not services), ("gift", False), ("refund", not self.parts)):
            if empty:
                del self.fields[name]

    def solutions(self) -> list[Solution]:
        """One for each field that says something; the key of the form makes sending it twice one offer."""
        said = self.cleaned_data
        found: list[dict[str, Any]] = []
        if said.get("redo"):
            found.append({"kind": Kind.REDO, "services": list(said["redo"])})
        if said["percent"]:
            found.append({"kind": Kind.DISCOUNT, "percent": said["percent"]})
        if said["points"]:
            found.append({"kind": Kind.POINTS, "points": said["points"]})
        if said.get("gift"):
            found.append({"kind": Kind.GIFT, "gift": said["gift"]})
        if said.get("refund"):
            lines: list[SaleLine] = [self.parts[int(key)].line for key in said["refund"]]
            found.append({"kind": Kind.REFUND, "sale": self.sale, "returns": self._returns(lines)})
        if said["words"]:
            found.append({"kind": Kind.OTHER, "text": said["words"], "cost": said["cost"] or 0})
        return [Solution(key=f"{said['key']}-{each['kind']}", **each) for each in found]

    def _returns(self, lines: list[SaleLine]) -> list[Any]:
        return [ReturnFact(line, self.parts[line.pk].quantity) for line in lines]


class UnforcedTextarea(forms.Textarea):
    """For a field that has to be filled in, but for one choice beside it: the browser does not know which."""

    def use_required_attribute(self, initial: Any) -> bool:
        return False


class ResolveForm(forms.Form):
    """How it ended, and why it happened. Only the owner declines; what she took back herself needs no words."""

    outcome = forms.ChoiceField(label=_("Outcome"), widget=forms.RadioSelect)
    cause = forms.ChoiceField(label=_("Why did it happen?"), required=False)
    resolution = forms.CharField(
        label=_("What was done?"),
        max_length=2000,
        widget=UnforcedTextarea(attrs={"rows": 2, "dir": "auto"}),
        help_text=_("Where she withdrew it, it may stay empty."),
        error_messages={"required": SayWhatWasDone.words},
    )

    def __init__(self, *args: Any, user: User, complaint: Complaint, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["outcome"].choices = [
            (value, label)
            for value, label in Complaint.Outcome.choices
            if value != Complaint.Outcome.DECLINED or user.role == User.Role.OWNER
        ]
        causes = causes_in(language(), beside=complaint.cause)
        self.fields["cause"].choices = [("", "—"), *((str(key), name) for key, name in causes)]
        self.fields["cause"].initial = str(complaint.cause_id or "")
        # where the owner has a list it is asked; where she has none nobody is held up
        self.fields["cause"].required = bool(causes)
        self.fields["resolution"].required = self.data.get("outcome") != Complaint.Outcome.WITHDRAWN

    def clean_cause(self) -> ComplaintCause | None:
        chosen = self.cleaned_data["cause"]
        return ComplaintCause.objects.get(pk=int(chosen)) if chosen else None


class ReportForm(forms.Form):
    """A master says herself that something went wrong."""

    note = forms.CharField(label=_("What went wrong?"), max_length=300, widget=forms.TextInput(attrs={"dir": "auto"}))
