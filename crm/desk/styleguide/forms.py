"""One form with each kind of field the product uses."""

from django import forms


class SampleForm(forms.Form):
    """Shown filled, with one field refused. Never saved."""

    name = forms.CharField(label="Name")
    phone = forms.CharField(label="Phone", help_text="With the country code, or as it is dialled here.")
    service = forms.ChoiceField(label="Service", choices=[("refill", "Lash refill"), ("gel", "Manicure, gel")])
    day = forms.DateField(label="Day", widget=forms.DateInput(attrs={"type": "date"}))
    note = forms.CharField(label="Note", widget=forms.Textarea(attrs={"rows": 3}))
    never_mention = forms.BooleanField(label="Never mention it to her", required=False)
    pinned = forms.BooleanField(label="Pin it to the top", required=False)
    channel = forms.ChoiceField(
        label="Channel", choices=[("email", "E-mail"), ("sms", "SMS")], widget=forms.RadioSelect
    )
