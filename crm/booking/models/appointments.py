"""Appointments, the time and the rooms they hold, and what happened to them."""

from django.contrib.postgres.fields import RangeBoundary, RangeOperators
from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.booking.models.exclusion import PostgresExclusionConstraint, TsTzRange
from crm.catalogue.models import Room, Service
from crm.people.models import Client
from crm.team.fields import MoneyField
from crm.team.models import Branch, Master, TimeOff, User


class Series(models.Model):
    """Appointments agreed in one go: every so many weeks, so many times. Each of them lives its own life."""

    client = models.ForeignKey(Client, models.PROTECT, verbose_name=_("client"), related_name="series")
    branch = models.ForeignKey(Branch, models.PROTECT, verbose_name=_("branch"), related_name="+")
    every_weeks = models.PositiveSmallIntegerField(_("every, weeks"))
    times = models.PositiveSmallIntegerField(_("times"))
    created_at = models.DateTimeField(_("agreed at"))
    user = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, verbose_name=_("by"), related_name="+")

    class Meta:
        verbose_name = _("series")
        verbose_name_plural = _("series")
        constraints = [
            models.CheckConstraint(
                # one appointment is no series, and nobody plans further than two years
                condition=models.Q(every_weeks__gte=1, every_weeks__lte=52, times__gte=2, times__lte=52),
                name="series_has_sense",
            )
        ]

    def __str__(self) -> str:
        return f"{self.client_id} {self.times} x {self.every_weeks}"


class BadDay(models.Model):
    """A master is ill or late (practices.md, P56): from when, until when, and who said so. Instants, half-open."""

    class Kind(models.TextChoices):
        ILL = "ill", _("ill")
        LATE = "late", _("late")

    master = models.ForeignKey(Master, models.PROTECT, verbose_name=_("master"), related_name="bad_days")
    branch = models.ForeignKey(Branch, models.PROTECT, verbose_name=_("branch"), related_name="+")
    kind = models.CharField(_("what"), max_length=8, choices=Kind)
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("to"))
    minutes_late = models.PositiveSmallIntegerField(_("late by, minutes"), null=True, blank=True)
    # who is ill is not booked meanwhile
    time_off = models.ForeignKey(TimeOff, models.SET_NULL, null=True, blank=True, editable=False, related_name="+")
    at = models.DateTimeField(_("said at"))
    user = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, verbose_name=_("by"), related_name="+")

    class Meta:
        verbose_name = _("bad day")
        verbose_name_plural = _("bad days")
        indexes = [models.Index(fields=["branch", "starts_at"], name="bad_day_by_branch")]
        constraints = [
            models.CheckConstraint(condition=models.Q(ends_at__gt=models.F("starts_at")), name="bad_day_has_length"),
            models.CheckConstraint(
                # who is late says by how much; who is ill does not come
                condition=models.Q(kind="ill", minutes_late__isnull=True) | models.Q(kind="late", minutes_late__gt=0),
                name="bad_day_late_by_minutes",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.master_id} {self.kind} {self.starts_at:%Y-%m-%d}"


class Appointment(models.Model):
    """A time agreed with a client. Open while booked, confirmed, arrived or in progress (rules.md, Visits)."""

    class Status(models.TextChoices):
        BOOKED = "booked", _("booked")
        CONFIRMED = "confirmed", _("confirmed")
        ARRIVED = "arrived", _("arrived")
        IN_PROGRESS = "in_progress", _("in progress")
        DONE = "done", _("done")
        CANCELLED = "cancelled", _("cancelled")
        NO_SHOW = "no_show", _("no-show")

    class By(models.TextChoices):
        CLIENT = "client", _("the client")
        SALON = "salon", _("the salon")

    OPEN = (Status.BOOKED, Status.CONFIRMED, Status.ARRIVED, Status.IN_PROGRESS)

    code = models.CharField(_("code"), max_length=64)
    branch = models.ForeignKey(Branch, models.PROTECT, verbose_name=_("branch"), related_name="appointments")
    client = models.ForeignKey(Client, models.PROTECT, verbose_name=_("client"), related_name="appointments")
    master = models.ForeignKey(Master, models.PROTECT, verbose_name=_("master"), related_name="appointments")
    status = models.CharField(_("status"), max_length=12, choices=Status, default=Status.BOOKED)
    # the branch's day; the instant is unknown where an old system kept the day only
    on = models.DateField(_("day"))
    starts_at = models.DateTimeField(_("starts"), null=True, blank=True)
    ends_at = models.DateTimeField(_("ends"), null=True, blank=True)
    minutes = models.PositiveSmallIntegerField(_("minutes planned"), default=60)
    told_minutes = models.PositiveSmallIntegerField(_("minutes told"), null=True, blank=True)
    price = MoneyField(_("price planned"), null=True, blank=True)
    booked_at = models.DateTimeField(_("booked at"), null=True, blank=True)
    booked_on = models.DateField(_("booked on"), null=True, blank=True)
    booked_by = models.CharField(_("booked by"), max_length=8, choices=By, blank=True)
    # the visit day on which it was agreed on the spot, frozen at the end of that day (rules.md, Booking)
    rebooked_on_spot = models.BooleanField(_("rebooked on the spot"), default=False)
    cancelled_at = models.DateTimeField(_("cancelled at"), null=True, blank=True)
    cancelled_by = models.CharField(_("cancelled by"), max_length=8, choices=By, blank=True)
    cancel_reason = models.CharField(_("reason"), max_length=200, blank=True)
    arrived_at = models.DateTimeField(_("arrived at"), null=True, blank=True)
    started_at = models.DateTimeField(_("started at"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)
    wish = models.CharField(_("wish"), max_length=300, blank=True)
    series = models.ForeignKey(
        Series, models.SET_NULL, null=True, blank=True, verbose_name=_("series"), related_name="appointments"
    )
    # counts up with each change that a calendar file has to tell
    sequence = models.PositiveIntegerField(default=0, editable=False)
    is_imported = models.BooleanField(_("imported"), default=False, editable=False)

    class Meta:
        verbose_name = _("appointment")
        verbose_name_plural = _("appointments")
        indexes = [
            models.Index(fields=["master", "on"], name="appointment_by_master_day"),
            models.Index(fields=["branch", "on"], name="appointment_by_branch_day"),
            models.Index(fields=["client", "on"], name="appointment_by_client_day"),
            # the desk and the reminders ask for what is still ahead only
            models.Index(
                fields=["starts_at"],
                name="appointment_open_by_start",
                condition=models.Q(status__in=["booked", "confirmed", "arrived", "in_progress"]),
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["branch", "code"], name="appointment_code_once_in_branch"),
            models.CheckConstraint(
                # an hour is known wholly or not at all
                condition=models.Q(starts_at__isnull=True, ends_at__isnull=True)
                | models.Q(ends_at__gte=models.F("starts_at")),
                name="appointment_ends_after_start",
            ),
            models.CheckConstraint(
                # an appointment without an hour can hold no time, so it cannot be ahead of anybody
                condition=models.Q(starts_at__isnull=False) | models.Q(status__in=["done", "cancelled", "no_show"]),
                name="appointment_open_has_hour",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.on} {self.code}"


class AppointmentService(models.Model):
    """One service of an appointment, in order, with its planned minutes and price."""

    appointment = models.ForeignKey(Appointment, models.CASCADE, related_name="lines")
    service = models.ForeignKey(Service, models.PROTECT, verbose_name=_("service"), related_name="+")
    # who does this part, where it is somebody else than the appointment's master
    master = models.ForeignKey(
        Master, models.PROTECT, null=True, blank=True, verbose_name=_("master"), related_name="+"
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    minutes = models.PositiveSmallIntegerField(_("minutes"))
    price = MoneyField(_("price"), null=True, blank=True)

    class Meta:
        verbose_name = _("service of an appointment")
        verbose_name_plural = _("services of an appointment")
        constraints = [models.UniqueConstraint(fields=["appointment", "position"], name="appointment_service_position")]

    def __str__(self) -> str:
        return str(self.service_id)


class Stretch(models.Model):
    """Time of a master taken by an appointment: work and buffer. Processing holds nobody, so it has no row."""

    appointment = models.ForeignKey(Appointment, models.CASCADE, related_name="stretches")
    master = models.ForeignKey(Master, models.PROTECT, related_name="stretches")
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("to"))
    # only open appointments hold time; what is over may overlap
    holds = models.BooleanField(_("holds"), default=True)

    class Meta:
        verbose_name = _("held time")
        verbose_name_plural = _("held time")
        indexes = [models.Index(fields=["master", "starts_at"], name="stretch_by_master_start")]
        constraints = [
            models.CheckConstraint(condition=models.Q(ends_at__gt=models.F("starts_at")), name="stretch_has_length"),
            PostgresExclusionConstraint(
                # no two working stretches of one master overlap, ever, whoever books (rules.md, Booking)
                name="stretch_no_overlap",
                expressions=[
                    ("master", RangeOperators.EQUAL),
                    (TsTzRange("starts_at", "ends_at", RangeBoundary()), RangeOperators.OVERLAPS),
                ],
                condition=models.Q(holds=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.starts_at:%Y-%m-%d %H:%M}-{self.ends_at:%H:%M}"


class RoomHold(models.Model):
    """A room or chair taken by an appointment, from its first minute to the end of the buffer.

    Processing too: the master is free meanwhile, but the client sits there.
    """

    appointment = models.ForeignKey(Appointment, models.CASCADE, related_name="room_holds")
    room = models.ForeignKey(Room, models.PROTECT, verbose_name=_("room"), related_name="holds")
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("to"))
    # as of a stretch: only open appointments hold
    holds = models.BooleanField(_("holds"), default=True)

    class Meta:
        verbose_name = _("held room")
        verbose_name_plural = _("held rooms")
        indexes = [models.Index(fields=["room", "starts_at"], name="room_hold_by_room_start")]
        constraints = [
            models.CheckConstraint(condition=models.Q(ends_at__gt=models.F("starts_at")), name="room_hold_has_length"),
            PostgresExclusionConstraint(
                # never two clients in one chair, whoever books (rules.md, Booking)
                name="room_hold_no_overlap",
                expressions=[
                    ("room", RangeOperators.EQUAL),
                    (TsTzRange("starts_at", "ends_at", RangeBoundary()), RangeOperators.OVERLAPS),
                ],
                condition=models.Q(holds=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.room_id} {self.starts_at:%Y-%m-%d %H:%M}-{self.ends_at:%H:%M}"


class AppointmentEvent(models.Model):
    """What happened to an appointment: by whom, through what. Append-only; messages are planned from these."""

    class Kind(models.TextChoices):
        BOOKED = "booked", _("booked")
        CONFIRMED = "confirmed", _("confirmed")
        MOVED = "moved", _("moved")
        ARRIVED = "arrived", _("arrived")
        STARTED = "started", _("started")
        DONE = "done", _("done")
        CANCELLED = "cancelled", _("cancelled")
        NO_SHOW = "no_show", _("no-show")
        UNDONE = "undone", _("undone")

    class Via(models.TextChoices):
        DESK = "desk", _("desk")
        CHECKOUT = "checkout", _("checkout")
        LINK = "link", _("client's link")
        BOOK = "book", _("booking page")
        WAITING = "waiting", _("waiting list")
        ADMIN = "admin", _("office")
        IMPORT = "import", _("import")

    appointment = models.ForeignKey(Appointment, models.CASCADE, related_name="events")
    kind = models.CharField(_("what"), max_length=12, choices=Kind)
    at = models.DateTimeField(_("when"))
    user = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, verbose_name=_("by"), related_name="+")
    via = models.CharField(_("through"), max_length=12, choices=Via)
    status_before = models.CharField(max_length=12, choices=Appointment.Status, blank=True)
    starts_before = models.DateTimeField(null=True, blank=True)
    starts_after = models.DateTimeField(null=True, blank=True)
    master_before = models.ForeignKey(Master, models.PROTECT, null=True, blank=True, related_name="+")
    # how a moved one's parts lay before: undone to the minute
    laid_before = models.JSONField(null=True, blank=True, editable=False)
    # its message waits until then (undo at the desk), or until the desk presses now
    held_until = models.DateTimeField(null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    # moved or cancelled because a master is ill or late: she is told so, and not as of any other change
    bad_day = models.ForeignKey(
        BadDay, models.SET_NULL, null=True, blank=True, verbose_name=_("bad day"), related_name="events"
    )

    class Meta:
        verbose_name = _("event of an appointment")
        verbose_name_plural = _("events of an appointment")
        indexes = [
            models.Index(fields=["appointment", "at"], name="appointment_event_in_order"),
            models.Index(fields=["at"], name="appointment_event_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.at:%Y-%m-%d %H:%M}"


class Alternative(models.Model):
    """A time that is offered in place of one that a bad day took away; no time is offered to two."""

    event = models.ForeignKey(AppointmentEvent, models.CASCADE, related_name="alternatives")
    position = models.PositiveSmallIntegerField(_("position"))
    master = models.ForeignKey(Master, models.PROTECT, verbose_name=_("master"), related_name="+")
    starts_at = models.DateTimeField(_("starts"))

    class Meta:
        verbose_name = _("offered instead")
        verbose_name_plural = _("offered instead")
        constraints = [models.UniqueConstraint(fields=["event", "position"], name="alternative_position")]

    def __str__(self) -> str:
        return f"{self.master_id} {self.starts_at:%Y-%m-%d %H:%M}"
