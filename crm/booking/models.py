"""Appointments with their events and stretches, visits, and the pulse of each client."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.catalogue.models import Product, Service
from crm.people.models import Client
from crm.team.fields import MoneyField
from crm.team.models import Branch, Master, User


class TsTzRange(models.Func):
    function = "TSTZRANGE"
    output_field = DateTimeRangeField()


class PostgresExclusionConstraint(ExclusionConstraint):
    """An exclusion constraint that is silent on databases that have none (SQLite writes one at a time)."""

    def constraint_sql(self, model, schema_editor):
        if schema_editor.connection.vendor == "postgresql":
            return super().constraint_sql(model, schema_editor)
        return None

    def create_sql(self, model, schema_editor):
        if schema_editor.connection.vendor == "postgresql":
            return super().create_sql(model, schema_editor)
        return None

    def remove_sql(self, model, schema_editor):
        if schema_editor.connection.vendor == "postgresql":
            return super().remove_sql(model, schema_editor)
        return None

    def check_supported(self, connection) -> None:
        if connection.vendor == "postgresql":
            super().check_supported(connection)

    def validate(self, *args, **kwargs) -> None:
        """The services answer before the database does, with words and other slots."""


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
    # its message waits until then (undo at the desk), or until the desk presses now
    held_until = models.DateTimeField(null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("event of an appointment")
        verbose_name_plural = _("events of an appointment")
        indexes = [
            models.Index(fields=["appointment", "at"], name="appointment_event_in_order"),
            models.Index(fields=["at"], name="appointment_event_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.at:%Y-%m-%d %H:%M}"


class Visit(models.Model):
    """A client came on this branch day: a done appointment or a completed sale (rules.md, Visits)."""

    client = models.ForeignKey(Client, models.PROTECT, verbose_name=_("client"), related_name="visits")
    branch = models.ForeignKey(Branch, models.PROTECT, verbose_name=_("branch"), related_name="visits")
    on = models.DateField(_("day"))
    # at least one service; at least one that is not one-off
    has_service = models.BooleanField(_("with a service"), default=False)
    counts = models.BooleanField(_("with a service that counts"), default=False)
    is_paid = models.BooleanField(_("something paid"), default=False)

    class Meta:
        verbose_name = _("visit")
        verbose_name_plural = _("visits")
        indexes = [models.Index(fields=["branch", "on"], name="visit_by_branch_day")]
        constraints = [models.UniqueConstraint(fields=["client", "on"], name="visit_once_a_day")]

    def __str__(self) -> str:
        return f"{self.client_id} {self.on}"


class VisitItem(models.Model):
    """What was done or sold on a visit day, and by whom. `source` names the fact it came from (appointment 12, sale 7)."""

    visit = models.ForeignKey(Visit, models.CASCADE, related_name="items")
    source = models.CharField(max_length=40)
    service = models.ForeignKey(Service, models.PROTECT, null=True, blank=True, related_name="+")
    product = models.ForeignKey(Product, models.PROTECT, null=True, blank=True, related_name="+")
    master = models.ForeignKey(Master, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("item of a visit")
        verbose_name_plural = _("items of a visit")
        indexes = [models.Index(fields=["source"], name="visit_item_by_source")]

    def __str__(self) -> str:
        return self.source


class Pulse(models.Model):
    """What is asked of a client daily, kept up to date by one function and proved by `rebuild`.

    Days are branch days of the client's home branch. State and pause follow from these
    and from today, so none of them grows old overnight.
    """

    client = models.OneToOneField(Client, models.CASCADE, primary_key=True, related_name="pulse")
    visit_days = models.PositiveIntegerField(_("visit days"), default=0)
    first_visit_on = models.DateField(_("first visit"), null=True)
    last_visit_on = models.DateField(_("last visit"), null=True)
    counting_days = models.PositiveIntegerField(_("counting days"), default=0)
    last_counting_on = models.DateField(_("last counting day"), null=True)
    # the third counting day from the end: three within max(365, 4 x rhythm) make a regular
    third_last_counting_on = models.DateField(null=True)
    rhythm = models.PositiveSmallIntegerField(_("rhythm, days"), null=True)
    # last days of on_rhythm, due, late and lapsed
    rhythm_until = models.DateField(null=True)
    due_until = models.DateField(null=True)
    late_until = models.DateField(null=True)
    lapsed_until = models.DateField(null=True)
    next_appointment = models.ForeignKey(Appointment, models.SET_NULL, null=True, related_name="+")
    next_starts_at = models.DateTimeField(_("next appointment"), null=True)
    # the state is booked up to this instant: latest open start + 7 x 24 h
    open_until = models.DateTimeField(null=True)
    due_on = models.DateField(_("due"), null=True)
    has_paid = models.BooleanField(_("has paid"), default=False)

    class Meta:
        verbose_name = _("pulse")
        verbose_name_plural = _("pulses")
        indexes = [
            models.Index(fields=["due_on"], name="pulse_by_due_day"),
            models.Index(fields=["late_until"], name="pulse_by_late_end"),
            models.Index(fields=["last_visit_on"], name="pulse_by_last_visit"),
        ]

    def __str__(self) -> str:
        return str(self.client_id)
