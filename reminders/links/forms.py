"""What client pages are given: a day, a slot, a score, preferences."""

import re
import unicodedata
from collections.abc import Collection, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.utils.dates import WEEKDAYS
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from crm.care.models import AfterAnswer
from crm.catalogue.models import Service
from crm.people.services import PhoneNotUnderstood, tidy_phone
from crm.team.models import Branch, Master
from crm.team.wording import date_words
from reminders.consent.models import Channel
from reminders.links.selectors.bookable import bookable
from reminders.messages.tokens import read_slot_code

# so long somebody waits who says nothing else
USUALLY = timedelta(days=14)
SELECT = {"class": "form-select"}
HOURS = [("", _("any hour")), *((f"{hour:02}:00", f"{hour:02}:00") for hour in range(7, 22))]
NO_NAME = re.compile(r"[<>]|https?:|www\.", re.IGNORECASE)
# one visit, not a day
MOST_SERVICES = 4


class DayInput(forms.DateInput):
    """The browser's own calendar, where it has one."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(attrs={"class": "form-control"}, format="%Y-%m-%d")


class WhenForm(forms.Form):
    """Which fortnight, day and master are shown. What cannot be read is as if it had not been asked."""

    master = forms.IntegerField(required=False)
    day = forms.DateField(required=False, input_formats=["%Y-%m-%d"])
    page = forms.IntegerField(required=False, min_value=0, max_value=50)

    def __init__(self, data: Any, *, begin: dict[str, Any] | None = None) -> None:
        super().__init__(data)
        # what is shown before she has asked for anything
        self.begin = {"master_id": None, "day": None, "page": 0, **(begin or {})}
        self.full_clean()

    @property
    def chosen(self) -> dict[str, Any]:
        if not self.data.keys() & {"master", "day", "page"}:
            return self.begin
        return {
            "master_id": self.cleaned_data.get("master"),
            "day": self.cleaned_data.get("day"),
            "page": self.cleaned_data.get("page") or 0,
        }


class SlotForm(forms.Form):
    """One slot that was tapped; its master has to work in this branch."""

    slot = forms.CharField(max_length=20)

    def __init__(self, data: Any, *, branch: Branch) -> None:
        super().__init__(data)
        self.branch = branch
        self.found: tuple[datetime, Master] | None = None

    def clean_slot(self) -> str:
        code = self.cleaned_data["slot"]
        read = read_slot_code(code)
        master = read and Master.objects.filter(pk=read[1], branch=self.branch, is_active=True).first()
        if not read or not master:
            raise forms.ValidationError(_("This time cannot be read. Choose one of these."))
        self.found = (read[0], master)
        return code

    @property
    def chosen(self) -> dict[str, Any]:
        if self.found is None:
            raise ValueError("ask is_valid() first")
        return {"starts_at": self.found[0], "master": self.found[1]}


class OfferForm(forms.Form):
    """Yes or no to a freed time."""

    YES, NO = "yes", "no"

    answer = forms.ChoiceField(choices=[(YES, YES), (NO, NO)])


class InvitationForm(forms.Form):
    """Her answer to an invitation."""

    SEATS = {"yes": 1, "friend": 2, "no": 0}

    answer = forms.ChoiceField(choices=[(name, name) for name in SEATS])

    @property
    def seats(self) -> int:
        """For how many; none is a no."""
        return self.SEATS[self.cleaned_data["answer"]]


class VisitForm(forms.Form):
    """What she wants done, where it does not follow from her last visit: services by their keys, as in `12-15`.

    Beside what clients book by themselves it may be what they are `invited` to.
    """

    service = forms.CharField(required=False, max_length=60)

    def __init__(self, data: Any, *, branch: Branch, invited: Collection[Service] = ()) -> None:
        super().__init__(data)
        self.offered = {str(service.pk): service for service in (*invited, *bookable(branch))}
        self.full_clean()

    @property
    def chosen(self) -> list[Service]:
        keys = dict.fromkeys(self.cleaned_data.get("service", "").split("-"))
        return [self.offered[key] for key in keys if key in self.offered][:MOST_SERVICES]

    @staticmethod
    def code(services: Collection[Service]) -> str:
        return "-".join(str(service.pk) for service in services)


class WishForm(forms.Form):
    """For which days and hours she waits, and with whom; `master` 0 is whoever is free."""

    master = forms.TypedChoiceField(
        label=_("With whom?"), coerce=int, required=False, empty_value=0, widget=forms.Select(attrs=SELECT)
    )
    from_day = forms.DateField(label=_("From day"), widget=DayInput, input_formats=["%Y-%m-%d"])
    to_day = forms.DateField(label=_("To day"), widget=DayInput, input_formats=["%Y-%m-%d"])
    from_time = forms.TypedChoiceField(
        label=_("Begins from"),
        choices=HOURS,
        coerce=time.fromisoformat,
        required=False,
        empty_value=None,
        widget=forms.Select(attrs=SELECT),
    )
    to_time = forms.TypedChoiceField(
        label=_("And before"),
        choices=HOURS,
        coerce=time.fromisoformat,
        required=False,
        empty_value=None,
        widget=forms.Select(attrs=SELECT),
    )
    weekdays = forms.TypedMultipleChoiceField(
        label=_("Only on"),
        choices=list(WEEKDAYS.items()),
        coerce=int,
        required=False,
        empty_value=[],
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(
        self, data: Any = None, *, masters: Sequence[Master], today: date, furthest: date, initial: Any = None
    ) -> None:
        super().__init__(data, initial={"from_day": today, "to_day": min(today + USUALLY, furthest), **(initial or {})})
        self.masters, self.today, self.furthest = masters, today, furthest
        self.fields["master"].choices = [(0, _("anyone")), *((each.pk, each.name) for each in masters)]  # type: ignore[attr-defined]
        for name in ("from_day", "to_day"):
            self.fields[name].widget.attrs |= {"min": today.isoformat(), "max": furthest.isoformat()}

    def clean_from_day(self) -> date:
        """What is past counts from today on."""
        return max(self.cleaned_data["from_day"], self.today)

    def clean_to_day(self) -> date:
        last = self.cleaned_data["to_day"]
        if last > self.furthest:
            until = date_words(self.furthest, get_language() or settings.DEFAULT_LANGUAGE)
            raise forms.ValidationError(_("We plan up to %(until)s.") % {"until": until})
        return last

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        first, last = given.get("from_day"), given.get("to_day")
        if first and last and last < first:
            self.add_error("to_day", _("The last day comes after the first."))
        begins, ends = given.get("from_time"), given.get("to_time")
        if begins and ends and ends <= begins:
            self.add_error("to_time", _("The end comes after the start."))
        return given

    @property
    def chosen(self) -> dict[str, Any]:
        """As `Wish` takes it; of a form that is valid."""
        master = self.cleaned_data["master"]
        return {**self.cleaned_data, "master": next((each for each in self.masters if each.pk == master), None)}

    @property
    def kept(self) -> str:
        """What was typed, as an address keeps it; read again it is the same form."""
        return urlencode([(name, value) for name in self.fields for value in self.data.getlist(name) if value])


class FeedbackForm(forms.Form):
    score = forms.IntegerField(
        min_value=0, max_value=10, error_messages={"required": _("Choose a number from 0 to 10, please.")}
    )
    pleased = forms.CharField(required=False, max_length=2000)
    displeased = forms.CharField(required=False, max_length=2000)
    may_quote = forms.BooleanField(required=False)


class AnswerForm(forms.Form):
    answer = forms.ChoiceField(choices=AfterAnswer.Answer)


class LanguageForm(forms.Form):
    language = forms.ChoiceField(choices=settings.LANGUAGES)


class ChosenForm(forms.Form):
    """The services chosen so far, in order, each once; what cannot be booked by oneself is left out."""

    def __init__(self, data: Any, *, branch: Branch) -> None:
        super().__init__(data)
        offered = {str(service.pk): service for service in bookable(branch)}
        keys = list(dict.fromkeys(data.getlist("service")))[:MOST_SERVICES]
        self.offered = list(offered.values())
        self.services = [offered[key] for key in keys if key in offered]


class WhoForm(forms.Form):
    """Her name, and a telephone or an e-mail that takes a code. An e-mail that is filled in is the one meant."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "name", "class": "form-control"}),
        error_messages={
            "required": _("How may we call you?"),
            "max_length": _("A shorter name will do, please."),
        },
    )
    phone = forms.CharField(
        label=_("Telephone"),
        max_length=32,
        required=False,
        widget=forms.TextInput(
            attrs={"type": "tel", "autocomplete": "tel", "dir": "ltr", "class": "form-control", "inputmode": "tel"}
        ),
    )
    email = forms.EmailField(
        label=_("E-mail"),
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "dir": "ltr", "class": "form-control"}),
    )
    wants_offers = forms.BooleanField(required=False)
    # nobody sees this field, so whoever fills it in is a machine
    website = forms.CharField(required=False)

    def __init__(self, data: Any = None, *, branch: Branch, ways: Collection[str], initial: Any = None) -> None:
        super().__init__(data, initial=initial)
        self.branch, self.ways = branch, ways
        for name, way in (("phone", Channel.SMS), ("email", Channel.EMAIL)):
            if way not in ways:
                del self.fields[name]

    def clean_name(self) -> str:
        """Any script, but a name: with a letter, and neither markup nor an address."""
        name = self.cleaned_data["name"]
        if not any(sign.isalpha() for sign in name) or NO_NAME.search(name):
            raise forms.ValidationError(_("Please write your name in letters."))
        return name

    def clean_phone(self) -> str:
        try:
            return tidy_phone(self.cleaned_data["phone"], self.branch)
        except PhoneNotUnderstood as refusal:
            raise forms.ValidationError(refusal.message_dict["phone"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and not cleaned.get("phone") and not cleaned.get("email"):
            first = next(name for name in ("phone", "email") if name in self.fields)
            self.add_error(first, _("We need this to send you a code."))
        return cleaned

    @property
    def is_machine(self) -> bool:
        return bool(self.data.get("website"))

    @property
    def contact(self) -> tuple[str, str]:
        """(channel, address)"""
        if email := self.cleaned_data.get("email"):
            return Channel.EMAIL, email.lower()
        return Channel.SMS, self.cleaned_data["phone"]


class CodeForm(forms.Form):
    """Six digits, in whatever script, with or without a space between."""

    code = forms.CharField(max_length=20)

    def clean_code(self) -> str:
        return "".join(str(unicodedata.digit(sign)) for sign in self.cleaned_data["code"] if sign.isdigit())


class AskForm(forms.Form):
    """What she would like changed, in her own words."""

    words = forms.CharField(required=False, max_length=300)


class KeyForm(forms.Form):
    """A press that counts once, however often it is sent."""

    key = forms.UUIDField(widget=forms.HiddenInput)
