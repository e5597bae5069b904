"""What the owner is asked before files are taken in."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from crm.team.models import Branch, known_zones, validate_currency


class FilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """One or several files."""

    widget = FilesInput

    def clean(self, value: Any, initial: Any = None) -> list[UploadedFile]:
        files = value if isinstance(value, list | tuple) else [value]
        return [super(FilesField, self).clean(file, initial) for file in files] if files else [super().clean(None)]


class UploadForm(forms.Form):
    """Files, and the branch they belong to."""

    files = FilesField(
        label=_("Files"),
        help_text=_("The CSV files of your old system, all at once, or one zip of them."),
        error_messages={"required": _("Choose the files first."), "empty": _("One of the files is empty.")},
    )
    branch = forms.ModelChoiceField(
        label=_("Branch"),
        queryset=Branch.objects.none(),
        required=False,
        empty_label=_("a new one, or the one named in branch.csv"),
    )
    time_zone = forms.ChoiceField(
        label=_("Time zone of a new branch"),
        required=False,
        help_text=_("Needed where the files do not say it: every day is counted by it."),
    )
    currency = forms.CharField(
        label=_("Currency of a new branch"),
        required=False,
        max_length=3,
        validators=[validate_currency],
        help_text=_("Three letters, like EUR."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["branch"].queryset = Branch.objects.filter(is_active=True).order_by("name")  # type: ignore[attr-defined]
        self.fields["time_zone"].choices = [("", ""), *((zone, zone) for zone in sorted(known_zones()))]  # type: ignore[attr-defined]
        self.fields["files"].widget.attrs["accept"] = ".csv,.zip"
