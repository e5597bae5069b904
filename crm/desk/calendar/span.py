"""Which days the calendar shows, and of whom."""

from dataclasses import dataclass
from datetime import date, timedelta

from babel import Locale, UnknownLocaleError
from django.http import HttpRequest

from crm.desk.days import RECORDS_REACH, asked_day
from crm.desk.words import day_of_year, day_words, language, short_day
from crm.team.models import Branch, Master
from crm.team.wording import weekday_words


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

    def words(self, today: date) -> str:
        """`Friday, 12 June`, or from day to day; with the year where it is another."""
        of_another = self.on.year != today.year
        if self.days == 1:
            if of_another:
                return f"{weekday_words(self.on, language())}, {day_of_year(self.on, today)}"
            return day_words(self.on)
        last = day_of_year(self.last, today) if of_another else short_day(self.last)
        return f"{short_day(self.first)}\u00a0– {last}"


def asked_span(request: HttpRequest, masters: list[Master], today: date) -> Span:
    """`?day=`, and with `?view=week` the week around it of `?master=`, else of whoever looks, else of the first."""
    on = asked_day(request.GET.get("day", ""), today, back=RECORDS_REACH)
    if request.GET.get("view") == "week" and masters:
        wanted = request.GET.get("master", "")
        own = next((each for each in masters if each.user_id == request.user.pk), masters[0])
        master = next((each for each in masters if str(each.pk) == wanted), own)
        return Span(on=on, first=week_of(on, request.branch), days=7, master=master)
    return Span(on=on, first=on, days=1)


def week_of(on: date, branch: Branch) -> date:
    """The first day of the week around a day, as the branch's country has it."""
    return on - timedelta(days=(on.weekday() - first_weekday(branch)) % 7)


def first_weekday(branch: Branch) -> int:
    """0 is Monday, which also stands where nobody has said in which country the branch is."""
    try:
        return Locale.parse(f"{language()}_{branch.country}").first_week_day
    except (UnknownLocaleError, ValueError):
        return 0
