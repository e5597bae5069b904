"""What each step of a campaign asks: what it is, to whom, in which words, when."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.utils.dates import MONTHS
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminDateWidget,
    UnfoldAdminDecimalFieldWidget,
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
    UnfoldAdminTimeWidget,
)

from crm.catalogue.models import Service
from crm.people.models import Tag
from crm.reports.selectors.states import STAGE_WORDS, STATE_WORDS
from crm.team.days import kept_day
from crm.team.models import Branch, Language, Master
from loyalty.clubs.models import Club
from loyalty.vouchers.models import Campaign as VoucherCampaign
from reminders.campaigns.holidays import HOLIDAYS
from reminders.campaigns.models import MOST_CONTROL, Campaign, Event, HolidayDay
from reminders.campaigns.selectors.audience import Audience
from reminders.messages.texts import validate_text

TICKS = forms.CheckboxSelectMultiple


def instant(day: Any, hour: Any, branch: Branch) -> datetime:
    """By the branch's clock; an hour that the clock skips moves forward by the gap."""
    return datetime.combine(day, hour, ZoneInfo(branch.time_zone)).astimezone(ZoneInfo("UTC"))


class WhatForm(forms.Form):
    """Title, branch, and what belongs to its kind: the holiday; when and where the event is."""

    title = forms.CharField(
        label=_("Title"),
        max_length=120,
        widget=UnfoldAdminTextInputWidget,
        help_text=_("For you and the desk; clients do not read it."),
    )
    branch = forms.ModelChoiceField(
        label=_("Branch"),
        queryset=Branch.objects.none(),
        required=False,
        empty_label=_("the whole salon"),
        widget=UnfoldAdminSelectWidget,
    )
    coupon = forms.ModelChoiceField(
        label=_("Gift or offer"),
        queryset=VoucherCampaign.objects.none(),
        required=False,
        empty_label=_("none"),
        widget=UnfoldAdminSelectWidget,
        help_text=_("Everybody gets a code of her own from this campaign of vouchers."),
    )

    def __init__(self, *args: Any, kind: str, campaign: Campaign | None = None, today: Any, **kwargs: Any) -> None:
        event = Event.objects.filter(campaign=campaign).first() if campaign is not None else None
        here = campaign.branch if campaign is not None else None
        self.home = here or Branch.objects.order_by("pk").first()
        initial: dict[str, Any] = {}
        if campaign is not None:
            initial = {"title": campaign.title, "branch": campaign.branch, "coupon": campaign.coupon}
            initial["holiday"] = campaign.holiday
        if event is not None and self.home is not None:
            starts, ends = (at.astimezone(ZoneInfo(self.home.time_zone)) for at in (event.starts_at, event.ends_at))
            initial |= {"on": starts.date(), "begins": starts.time(), "ends": ends.time()}
            initial |= {"place": event.place, "seats": event.seats}
        kwargs["initial"] = initial | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        self.kind, self.today = kind, today
        self._choices("branch").queryset = Branch.objects.filter(is_active=True).order_by("name")
        self._choices("coupon").queryset = VoucherCampaign.objects.filter(valid_until__gte=today).order_by("name")
        if kind == Campaign.Kind.HOLIDAY:
            own = HolidayDay.objects.filter(holiday="").order_by("name").values_list("name", flat=True).distinct()
            names = [(key, holiday.name) for key, holiday in HOLIDAYS.items()] + [(name, name) for name in own]
            self.fields["holiday"] = forms.ChoiceField(
                label=_("Holiday"), choices=names, widget=UnfoldAdminSelectWidget
            )
        if kind == Campaign.Kind.EVENT:
            self.fields["on"] = forms.DateField(label=_("Day"), widget=UnfoldAdminDateWidget, validators=[kept_day])
            self.fields["begins"] = forms.TimeField(label=_("Begins"), widget=UnfoldAdminTimeWidget(format="%H:%M"))
            self.fields["ends"] = forms.TimeField(label=_("Ends"), widget=UnfoldAdminTimeWidget(format="%H:%M"))
            self.fields["place"] = forms.CharField(
                label=_("Place"),
                max_length=200,
                required=False,
                widget=UnfoldAdminTextInputWidget,
                help_text=_("Empty: the salon's address."),
            )
            self.fields["seats"] = forms.IntegerField(
                label=_("Seats"),
                min_value=1,
                max_value=10_000,
                required=False,
                widget=UnfoldAdminIntegerFieldWidget,
                help_text=_("Empty: as many as come."),
            )

    def _choices(self, name: str) -> Any:
        return self.fields[name]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.kind == Campaign.Kind.EVENT and not self.errors:
            branch = cleaned.get("branch") or self.home
            if branch is None:
                raise ValidationError(_("There is no branch yet."))
            if cleaned["on"] < self.today:
                self.add_error("on", _("It has begun already."))
                return cleaned
            starts = instant(cleaned["on"], cleaned["begins"], branch)
            ends = instant(cleaned["on"], cleaned["ends"], branch)
            # an evening may go past midnight
            cleaned["starts_at"], cleaned["ends_at"] = starts, ends if ends > starts else ends + timedelta(days=1)
        return cleaned


def named_apart(services: Iterable[Service]) -> list[tuple[int, str]]:
    """The services by name; what two branches call the same says whose it is."""
    found = list(services)
    names = Counter(str(service) for service in found)
    return [(each.pk, f"{each} · {each.branch}" if names[str(each)] > 1 else str(each)) for each in found]


class WhoForm(forms.Form):
    """The filters of an audience; each is a row of ticks, and none ticked means anybody."""

    stages = forms.MultipleChoiceField(
        label=_("Stage"), choices=list(STAGE_WORDS.items()), required=False, widget=TICKS
    )
    states = forms.MultipleChoiceField(
        label=_("Rhythm"), choices=list(STATE_WORDS.items()), required=False, widget=TICKS
    )
    services = forms.TypedMultipleChoiceField(label=_("Had this done"), coerce=int, required=False, widget=TICKS)
    masters = forms.TypedMultipleChoiceField(
        label=_("Served by, in the last year"), coerce=int, required=False, widget=TICKS
    )
    clubs = forms.TypedMultipleChoiceField(label=_("In the club"), coerce=int, required=False, widget=TICKS)
    tags = forms.TypedMultipleChoiceField(label=_("Tag"), coerce=int, required=False, widget=TICKS)
    languages = forms.MultipleChoiceField(label=_("Language"), choices=Language.choices, required=False, widget=TICKS)
    birth_months = forms.TypedMultipleChoiceField(
        label=_("Birthday in"), coerce=int, choices=list(MONTHS.items()), required=False, widget=TICKS
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        services = Service.objects.filter(is_active=True).select_related("branch").order_by("name", "branch__name")
        rows = {
            "masters": Master.objects.filter(is_active=True).order_by("name"),
            "clubs": Club.objects.filter(is_active=True).order_by("name"),
            "tags": Tag.objects.order_by("name"),
        }
        named = {name: [(row.pk, str(row)) for row in found] for name, found in rows.items()}
        for name, found in {"services": named_apart(services), **named}.items():
            choices: Any = self.fields[name]
            choices.choices = found
            if not choices.choices:
                # a filter that could choose nothing is not asked
                del self.fields[name]

    @property
    def audience(self) -> Audience:
        return Audience(**{name: tuple(values) for name, values in self.cleaned_data.items()})


def direction_of(language: str) -> str:
    """Words run as their language does, not as the page around them."""
    return "rtl" if get_language_info(language)["bidi"] else "ltr"


class WordsForm(forms.Form):
    """The words in one language; all empty: there are none in it."""

    subject = forms.CharField(label=_("Subject"), max_length=150, required=False, widget=UnfoldAdminTextInputWidget)
    body = forms.CharField(
        label=_("Letter"),
        max_length=4000,
        required=False,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 9}),
    )
    button = forms.CharField(label=_("Button"), max_length=40, required=False, widget=UnfoldAdminTextInputWidget)
    sms = forms.CharField(
        label=_("SMS"),
        max_length=600,
        required=False,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, kind: str, language: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        for field in self.fields.values():
            field.widget.attrs |= {"lang": language, "dir": direction_of(language)}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.errors or not any(cleaned.values()):
            return cleaned
        for name in ("subject", "body", "sms"):
            if not cleaned[name]:
                self.add_error(name, _("Something is missing here."))
        if not self.errors:
            validate_text(kind=self.kind, **cleaned)
        return cleaned


class WhenForm(forms.Form):
    """The day and hour, the daily portion, and what is needed to see its effect."""

    goes_on = forms.DateField(label=_("Goes on"), widget=UnfoldAdminDateWidget, validators=[kept_day])
    hour = forms.TimeField(
        label=_("At"),
        widget=UnfoldAdminTimeWidget(format="%H:%M"),
        help_text=_("By each client's own clock, outside of quiet hours."),
    )
    portion = forms.IntegerField(
        label=_("At most a day"),
        min_value=1,
        required=False,
        widget=UnfoldAdminIntegerFieldWidget,
        help_text=_("So many are written to on the first day, so many on the next. Empty: all on one day."),
    )
    control_percent = forms.IntegerField(
        label=_("Left out for comparison, percent"),
        min_value=0,
        max_value=MOST_CONTROL,
        widget=UnfoldAdminIntegerFieldWidget,
        help_text=_("Drawn by chance and not written to: by them you see what it brought. 10 is a good share, 0 none."),
    )
    fixed_costs = forms.DecimalField(
        label=_("Fixed costs"),
        min_value=0,
        max_digits=12,
        decimal_places=2,
        widget=UnfoldAdminDecimalFieldWidget,
        help_text=_("Apart from messages and gifts: printing, wine, a singer."),
    )
