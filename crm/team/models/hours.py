"""When masters work, and when they or the whole branch do not."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.team.models.staff import Branch, Master


class WorkingHours(models.Model):
    """One stretch of a master's week; a break is the gap between two of them. Local times, half-open."""

    class Weekday(models.IntegerChoices):
        MONDAY = 0, _("Monday")
        TUESDAY = 1, _("Tuesday")
        WEDNESDAY = 2, _("Wednesday")
        THURSDAY = 3, _("Thursday")
        FRIDAY = 4, _("Friday")
        SATURDAY = 5, _("Saturday")
        SUNDAY = 6, _("Sunday")

    master = models.ForeignKey(Master, models.CASCADE, verbose_name=_("master"), related_name="working_hours")
    weekday = models.PositiveSmallIntegerField(_("weekday"), choices=Weekday)
    starts = models.TimeField(_("from"))
    ends = models.TimeField(_("to"))

    class Meta:
        verbose_name = _("working hours")
        verbose_name_plural = _("working hours")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends__gt=models.F("starts")),
                name="working_hours_end_after_start",
                violation_error_message=_("The end comes after the start."),
            ),
            models.UniqueConstraint(fields=["master", "weekday", "starts"], name="working_hours_once"),
        ]

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {self.starts:%H:%M}-{self.ends:%H:%M}"


class TimeOff(models.Model):
    """A time in which a master takes no bookings. Instants, half-open."""

    master = models.ForeignKey(Master, models.CASCADE, verbose_name=_("master"), related_name="time_off")
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("to"))
    reason = models.CharField(_("reason"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("time off")
        verbose_name_plural = _("time off")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")),
                name="time_off_end_after_start",
                violation_error_message=_("The end comes after the start."),
            )
        ]

    def __str__(self) -> str:
        return self.reason or str(_("time off"))


class SpecialHours(models.Model):
    """A master's hours on one date, in place of her week's. Without times she does not work that day.

    They also go before a closed day of the branch: she has agreed to come. Local times, half-open.
    """

    master = models.ForeignKey(Master, models.CASCADE, verbose_name=_("master"), related_name="special_hours")
    on = models.DateField(_("day"))
    starts = models.TimeField(_("from"), null=True, blank=True)
    ends = models.TimeField(_("to"), null=True, blank=True)

    class Meta:
        verbose_name = _("hours on a date")
        verbose_name_plural = _("hours on dates")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(starts__isnull=True, ends__isnull=True) | models.Q(ends__gt=models.F("starts")),
                name="special_hours_both_or_none",
                violation_error_message=_("Write both hours, the end after the start, or none for a free day."),
            ),
            models.UniqueConstraint(fields=["master", "on", "starts"], name="special_hours_once"),
            models.UniqueConstraint(
                # a free day is said once
                fields=["master", "on"],
                condition=models.Q(starts__isnull=True),
                name="special_hours_free_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.on} {self.starts:%H:%M}-{self.ends:%H:%M}" if self.starts and self.ends else f"{self.on}"


class Closure(models.Model):
    """Days on which the whole branch is closed: a public holiday, a refit. Branch days, both included."""

    branch = models.ForeignKey(Branch, models.CASCADE, verbose_name=_("branch"), related_name="closures")
    first_on = models.DateField(_("first day"))
    last_on = models.DateField(_("last day"))
    name = models.CharField(_("what for"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("closed days")
        verbose_name_plural = _("closed days")
        indexes = [models.Index(fields=["branch", "last_on"], name="closure_by_branch")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(last_on__gte=models.F("first_on")),
                name="closure_days_in_order",
                violation_error_message=_("The last day comes after the first."),
            ),
            models.UniqueConstraint(fields=["branch", "first_on", "name"], name="closure_once"),
        ]

    def __str__(self) -> str:
        return self.name or f"{self.first_on}"
