"""Which days the calendar shows, and of whom."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.http import HttpRequest
from django.utils.formats import get_format

from crm.desk.days import asked_day
from crm.desk.words import day_words, short_day
from crm.team.models import Master


@dataclass(frozen=True, slots=True)
class Span:
    """`on` is the day that was asked for; a week has the master whose it is, a day has all of them."""

    on: date
    first: date
    days: int
    master: Master | None = None

    @property
    def last(self) -> date:
        return self.first + timedelta(days=self.days - 1)

    @property
    def each(self) -> list[date]:
        return [self.first + timedelta(days=number) for number in range(self.days)]

    @property
    def before(self) -> date:
        return self.on - timedelta(days=self.days)

    @property
    def after(self) -> date:
        return self.on + timedelta(days=self.days)

    @property
    def words(self) -> str:
        if self.days == 1:
            return day_words(self.on)
        return f"{short_day(self.first)} – {short_day(self.last)}"


def asked_span(request: HttpRequest, masters: list[Master], today: date) -> Span:
    """`?day=`, and with `?view=week` the week around it of `?master=`, else of whoever looks, else of the first."""
    on = asked_day(request.GET.get("day", ""), today)
    if request.GET.get("view") == "week" and masters:
        wanted = request.GET.get("master", "")
        own = next((each for each in masters if each.user_id == request.user.pk), masters[0])
        master = next((each for each in masters if str(each.pk) == wanted), own)
        return Span(on=on, first=week_of(on), days=7, master=master)
    return Span(on=on, first=on, days=1)


def first_weekday() -> int:
    """On which day a week begins where this language is spoken: 0 is Sunday."""
    return int(get_format("FIRST_DAY_OF_WEEK"))


def week_of(on: date) -> date:
    return on - timedelta(days=(on.isoweekday() - first_weekday()) % 7)
