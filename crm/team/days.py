"""How far from today a day may lie that a person types."""

from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

# far enough for every plan of a salon, and away from the ends of the calendar, where days cannot be counted on
YEAR = timedelta(days=366)
BOOKED_WITHIN = 2 * YEAR
KEPT_WITHIN = 5 * YEAR


def bookable_day(day: date) -> None:
    """A form's validator: within two years from the branch's today."""
    _refuse_beyond(day, BOOKED_WITHIN)


def kept_day(day: date) -> None:
    """A form's validator: within five years from the branch's today."""
    _refuse_beyond(day, KEPT_WITHIN)


def come_day(day: date) -> None:
    """A form's validator: not after the branch's today."""
    if day > timezone.localdate():
        raise ValidationError(_("That day has not come yet."), code="ahead")


def _refuse_beyond(day: date, reach: timedelta) -> None:
    if abs(day - timezone.localdate()) > reach:
        raise ValidationError(_("Choose a nearer day."), code="far")
