"""What the page for complaints and the page to follow one are given."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from crm.care.models import ComplaintReport
from crm.people.pictures import PictureRefused, clean_picture
from crm.people.services import PhoneNotUnderstood, tidy_phone
from crm.team.models import Branch
from reminders.links.forms import NO_NAME

# an iPhone turns its own format into JPEG where only these are asked for
PICTURES = "image/jpeg,image/png,image/webp"


class CleanPicture(forms.FileField):
    """A photograph, as it may be kept: its bytes, drawn anew."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, widget=forms.FileInput(attrs={"accept": PICTURES}), **kwargs)

    def clean(self, data: UploadedFile | None, initial: Any = None) -> bytes | None:  # type: ignore[override]
        if not data:
            return None
        try:
            return clean_picture(data)
        except PictureRefused as refusal:
            raise ValidationError(str(refusal)) from refusal


class ComplainForm(forms.Form):
    """What happened: a tap is enough, and a way to reach her."""

    branch = forms.ModelChoiceField(
        Branch.objects.none(), label=_("Where was it?"), error_messages={"required": _("Choose where it was.")}
    )
    about = forms.ChoiceField(
        label=_("What is it about?"),
        choices=ComplaintReport.About,
        error_messages={"required": _("Tap the one that fits best.")},
    )
    words = forms.CharField(
        label=_("What happened?"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto", "class": "form-control"}),
    )
    picture = CleanPicture(label=_("A photograph"))
    reach = forms.CharField(
        label=_("Your telephone or e-mail"),
        max_length=254,
        widget=forms.TextInput(attrs={"dir": "ltr", "class": "form-control", "autocomplete": "tel"}),
        error_messages={"required": _("We need one of them to answer you.")},
    )
    name = forms.CharField(
        label=_("Your name"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "name", "class": "form-control", "dir": "auto"}),
    )
    key = forms.UUIDField(widget=forms.HiddenInput)
    # nobody sees this field, so whoever fills it in is a machine
    website = forms.CharField(required=False)

    def __init__(
        self, data: Any = None, files: Any = None, *, branches: Sequence[Branch], is_known: bool, initial: Any = None
    ) -> None:
        super().__init__(data, files, initial=initial)
        self.branches = branches
        self.fields["branch"].queryset = Branch.objects.filter(pk__in=[branch.pk for branch in branches])  # type: ignore[attr-defined]
        if is_known:
            del self.fields["reach"], self.fields["name"]

    def clean_name(self) -> str:
        """What is no name is left out: it would greet somebody in a letter."""
        name = self.cleaned_data["name"]
        return "" if NO_NAME.search(name) or not any(sign.isalpha() for sign in name) else name

    def clean(self) -> dict[str, Any]:
        """`reach` as a number of the branch's country or as an address: `phone` or `email`."""
        cleaned = super().clean() or {}
        typed, branch = cleaned.get("reach", ""), cleaned.get("branch")
        cleaned |= {"phone": "", "email": ""}
        if not typed or branch is None:
            return cleaned
        try:
            if "@" in typed:
                validate_email(typed)
                cleaned["email"] = typed.lower()
            else:
                cleaned["phone"] = tidy_phone(typed, branch)
        except PhoneNotUnderstood as refusal:
            self.add_error("reach", refusal.message_dict["phone"])
        except ValidationError:
            self.add_error("reach", _("This is no address that we can write to. Look at it once more."))
        return cleaned

    @property
    def is_machine(self) -> bool:
        return bool(self.data.get("website"))

    @property
    def lost_picture(self) -> bool:
        """A browser does not send a file again by itself."""
        return self.is_bound and bool(self.files.get("picture")) and bool(self.errors)


class FindForm(forms.Form):
    """The number of a complaint, and what shows that it is hers."""

    number = forms.CharField(
        label=_("The number you were given"),
        max_length=20,
        widget=forms.TextInput(
            attrs={"class": "form-control", "dir": "ltr", "autocapitalize": "characters", "autocomplete": "off"}
        ),
        error_messages={"required": _("Write the number of your message to us.")},
    )
    contact = forms.CharField(
        label=_("The last four digits of your telephone, or your e-mail"),
        max_length=254,
        widget=forms.TextInput(attrs={"class": "form-control", "dir": "ltr"}),
        error_messages={"required": _("We need this to see that it is you.")},
    )


class AddForm(forms.Form):
    """Her further words, a photograph, or both; or the tap that it is not all right yet."""

    words = forms.CharField(
        label=_("Your words"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto", "class": "form-control"}),
    )
    picture = CleanPicture(label=_("A photograph"))
    is_not_right = forms.BooleanField(required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.errors or (cleaned.get("words") or "").strip():
            return cleaned
        # what she did, in her own language, stands where her words would
        if cleaned.get("is_not_right"):
            cleaned["words"] = str(_("It is not all right yet"))
        elif cleaned.get("picture"):
            cleaned["words"] = str(_("A photograph"))
        else:
            self.add_error("words", _("Write a few words, or add a photograph."))
        return cleaned
