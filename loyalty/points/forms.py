"""What the office asks before the books are closed."""

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminTextInputWidget, UnfoldBooleanSwitchWidget


class DayInput(UnfoldAdminTextInputWidget):
    """The browser's own calendar: no script."""

    input_type = "date"


class CloseForm(forms.Form):
    """Up to which day, and that it is meant: it cannot be opened again."""

    last_on = forms.DateField(label=_("Close up to, this day included"), widget=DayInput)
    is_meant = forms.BooleanField(
        label=_("I know that this cannot be undone"),
        widget=UnfoldBooleanSwitchWidget,
        error_messages={"required": _("Tick it, if you mean it.")},
    )
