"""Which birthdays there are. Half a birthday is the database's to refuse."""

from calendar import monthrange

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

LEAP_YEAR = 2000


def check_birthday(*, day: int | None, month: int | None, year: int | None) -> None:
    """A day of the calendar, in a year that has begun; without a year, of a leap year.

    Raises ValidationError, by field of the client.
    """
    if year and year > timezone.localdate().year:
        raise ValidationError({"birth_year": _("This year is still to come.")})
    if day and month in range(1, 13) and day > monthrange(year or LEAP_YEAR, month)[1]:
        raise ValidationError({"birth_day": _("There is no such day.")})
