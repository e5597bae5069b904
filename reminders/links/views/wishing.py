"""The form of her wishes: how she is spoken to, which holidays she keeps, when and by what she is written to."""

from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from babel.core import get_global
from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from crm.people.models import Client
from crm.team.models import AddressForm
from crm.team.selectors import branch_day, zone
from crm.team.wording import city_words
from reminders.campaigns.holidays import HOLIDAYS, fold, keys_named, named_in, written
from reminders.campaigns.models import HolidayDay
from reminders.consent.models import Channel
from reminders.consent.selectors import windows_in_use
from reminders.links.forms import SELECT, DayInput
from reminders.links.services import Wishes

# so long a pause may last; who wants longer wants no messages
LONGEST_PAUSE = timedelta(days=730)
HALF_HOUR = 30
LONGEST_HOLIDAYS = 200


class WishesForm(forms.Form):
    """What she says of herself. Everything may be left as it is; nothing is guessed."""

    called = forms.CharField(
        label=_("What may we call you?"),
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"class": "form-control", "autocomplete": "nickname", "dir": "auto"}),
    )
    address_form = forms.ChoiceField(
        label=_("How may we speak to you?"),
        required=False,
        choices=[
            ("", _("as the salon does")),
            (AddressForm.FORMAL, _("formally")),
            (AddressForm.FAMILIAR, _("like friends")),
        ],
    )
    gender = forms.ChoiceField(
        label=_("Which words fit you?"),
        required=False,
        choices=[
            ("", _("neutral ones")),
            (Client.Gender.FEMALE, _("as to a woman")),
            (Client.Gender.MALE, _("as to a man")),
        ],
    )
    language = forms.ChoiceField(
        label=_("In which language?"), choices=settings.LANGUAGES, required=False, widget=forms.Select(attrs=SELECT)
    )
    preferred_channel = forms.ChoiceField(
        label=_("How do you like to hear from us?"), required=False, widget=forms.Select(attrs=SELECT)
    )
    holidays = forms.MultipleChoiceField(label=_("Which holidays do you keep?"), required=False)
    other_holidays = forms.CharField(
        label=_("Another one"),
        max_length=LONGEST_HOLIDAYS,
        required=False,
        widget=forms.TextInput(attrs={"class": "form-control", "dir": "auto"}),
    )
    hours_from = forms.ChoiceField(label=_("Not before"), required=False, widget=forms.Select(attrs=SELECT))
    hours_until = forms.ChoiceField(label=_("Not after"), required=False, widget=forms.Select(attrs=SELECT))
    time_zone = forms.ChoiceField(
        label=_("By the clock of which city?"), required=False, widget=forms.Select(attrs=SELECT)
    )
    pause = forms.DateField(
        label=_("Write me nothing until"), required=False, input_formats=["%Y-%m-%d"], widget=DayInput
    )

    def __init__(self, data: Any = None, *, client: Client, now: datetime, language: str, wishes: Wishes) -> None:
        self.client, self.today = client, branch_day(client.branch, now)
        self.windows = windows_in_use()
        named = named_in(wishes.says["holidays"])
        own = list(HolidayDay.objects.filter(holiday="").order_by("name").values_list("name", flat=True).distinct())
        self.own_days = {fold(name): name for name in own}
        super().__init__(data, initial=self._initial(wishes, named, language))
        self.choices_of("preferred_channel", _ways(client))
        self.choices_of(
            "holidays", [*((key, each.name) for key, each in HOLIDAYS.items()), *zip(own, own, strict=True)]
        )
        here = city_words(zone(client.branch), language)
        self.choices_of("time_zone", [("", _("the salon's: %(city)s") % {"city": here}), *cities(language)])
        any_hour = [("", _("any hour"))]
        self.choices_of("hours_from", any_hour + _hours(self.windows.opens, self.windows.closes)[:-1])
        self.choices_of("hours_until", any_hour + _hours(self.windows.opens, self.windows.closes)[1:])
        for name, chosen in (("time_zone", client.time_zone), ("hours_from", ""), ("hours_until", "")):
            # what the desk has written, or was chosen when the salon's day was longer, stays to be chosen
            self._keep_choice(name, self.initial.get(name) or chosen)

    def choices_of(self, name: str, choices: Any) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    def _keep_choice(self, name: str, value: str) -> None:
        known = list(self.fields[name].choices)  # type: ignore[attr-defined]
        if value and value not in dict(known):
            self.choices_of(name, [*known, (value, value)])

    def _initial(self, wishes: Wishes, named: set[str], language: str) -> dict[str, Any]:
        keys = keys_named(wishes.says["holidays"])
        ticked = [key for key in HOLIDAYS if key in keys]
        ticked += [name for folded, name in self.own_days.items() if folded in named]
        return {
            **wishes.says,
            "language": wishes.says["language"] or language,
            "holidays": ticked,
            "other_holidays": "; ".join(self._others(wishes.says["holidays"])),
            "hours_from": _hour(wishes.hours[0]) if wishes.hours else "",
            "hours_until": _hour(wishes.hours[1]) if wishes.hours else "",
            "pause": wishes.pause,
        }

    def _others(self, words: str) -> list[str]:
        """Her own words for days that stand in no list."""
        parts = [part.strip() for part in words.replace(",", ";").split(";")]
        return [part for part in parts if part and not keys_named(part) and fold(part) not in self.own_days]

    def clean_pause(self) -> date | None:
        pause = self.cleaned_data["pause"]
        if pause is None or pause == self.initial["pause"]:
            return pause
        if pause <= self.today:
            raise forms.ValidationError(_("Choose a day that is still to come."))
        if pause > self.today + LONGEST_PAUSE:
            raise forms.ValidationError(_("Two years at most. To hear no more at all, untick what is above."))
        return pause

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        begins, ends = cleaned.get("hours_from"), cleaned.get("hours_until")
        if begins and ends and begins >= ends:
            self.add_error("hours_until", _("This lies before the hour at which we may begin."))
        if "holidays" in cleaned and "other_holidays" in cleaned and len(self._holidays(cleaned)) > LONGEST_HOLIDAYS:
            self.add_error("other_holidays", _("These are too many words for us. Fewer, please."))
        return cleaned

    def _holidays(self, cleaned: dict[str, Any]) -> str:
        """As she wrote them where she had; a day that is ticked anew by its name."""
        chosen = set(cleaned["holidays"])
        before = [part.strip() for part in self.client.holidays.replace(",", ";").split(";") if part.strip()]
        kept = [part for part in before if keys_named(part) & chosen or self.own_days.get(fold(part)) in chosen]
        known = {key for part in kept for key in keys_named(part)} | {self.own_days.get(fold(part)) for part in kept}
        new = [written(key) if key in HOLIDAYS else key for key in cleaned["holidays"] if key not in known]
        return "; ".join([*kept, *new, *self._others(cleaned["other_holidays"])])

    @property
    def wishes(self) -> Wishes:
        """What she wishes now."""
        said = self.cleaned_data
        begins, ends = said["hours_from"], said["hours_until"]
        hours = None
        if begins or ends:
            hours = _time(begins) or self.windows.opens, _time(ends) or self.windows.closes
        language = said["language"] or self.client.language
        if language == self.initial["language"] and not self.client.language:
            # what she reads the page in was never her choice
            language = ""
        return Wishes(
            says={
                "called": said["called"],
                "address_form": said["address_form"],
                "gender": said["gender"],
                "language": language,
                "preferred_channel": said["preferred_channel"],
                "holidays": self._holidays(said),
                "time_zone": said["time_zone"],
            },
            hours=hours,
            pause=said["pause"],
        )


def _ways(client: Client) -> list[tuple[str, Any]]:
    """The ways that reach her, and none in particular."""
    can = [
        (Channel.EMAIL, client.email, _("by e-mail")),
        (Channel.SMS, client.phone, _("by SMS")),
        (Channel.CHAT, client.messenger, _("by messenger")),
        (Channel.CALL, client.phone, _("by a call")),
        (Channel.LETTER, client.postal_address.strip(), _("by a letter on paper")),
    ]
    known = [(str(channel), words) for channel, address, words in can if address]
    if client.preferred_channel and client.preferred_channel not in dict(known):
        known.append((client.preferred_channel, client.get_preferred_channel_display()))
    return [("", _("as you like")), *known]


def _hours(opens: time, closes: time) -> list[tuple[str, str]]:
    """The salon's window by half hours, with both its ends."""
    first, last = opens.hour * 60 + opens.minute, closes.hour * 60 + closes.minute
    minutes = [first, *range(first - first % HALF_HOUR + HALF_HOUR, last, HALF_HOUR), last]
    return [(words := f"{minute // 60:02}:{minute % 60:02}", words) for minute in dict.fromkeys(minutes)]


def _hour(at: time) -> str:
    return f"{at:%H:%M}"


def _time(text: str) -> time | None:
    return time.fromisoformat(text) if text else None


@lru_cache(maxsize=8)
def cities(language: str) -> tuple[tuple[str, str], ...]:
    """Time zones by the city they are named after, in the order of their names in this language."""
    known = sorted(set(get_global("zone_territories")) & available_timezones())
    named = [(name, city_words(ZoneInfo(name), language)) for name in known if "/" in name and "Etc/" not in name]
    return tuple(sorted(named, key=lambda zone_and_city: zone_and_city[1].casefold()))
