"""Who waits for a time, which time became free, and to whom it was offered (practices.md, P48)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.booking.models.appointments import Appointment, AppointmentEvent
from crm.catalogue.models import Room, Service
from crm.people.models import Client
from crm.team.models import Branch, Master, User


class WaitingEntry(models.Model):
    """A client waits for a time to become free. Days and hours are the branch's; days both included, hours half-open."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waits")
        BOOKED = "booked", _("has a time")
        WITHDRAWN = "withdrawn", _("waits no more")
        OVER = "over", _("her days are over")

    client = models.ForeignKey(Client, models.PROTECT, verbose_name=_("client"), related_name="waiting")
    branch = models.ForeignKey(Branch, models.PROTECT, verbose_name=_("branch"), related_name="waiting")
    # without one: whoever is free
    master = models.ForeignKey(
        Master, models.PROTECT, null=True, blank=True, verbose_name=_("master"), related_name="waiting"
    )
    from_day = models.DateField(_("from day"))
    to_day = models.DateField(_("to day"))
    # none: any hour
    from_time = models.TimeField(_("from"), null=True, blank=True)
    to_time = models.TimeField(_("to"), null=True, blank=True)
    # 0 is Monday; none: any day of the week
    weekdays = models.JSONField(_("weekdays"), default=list, blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True)
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.WAITING)
    created_at = models.DateTimeField(_("waits since"))
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    user = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, verbose_name=_("by"), related_name="+")
    # what she would give up for the freed time, and what she got in the end
    instead_of = models.ForeignKey(Appointment, models.SET_NULL, null=True, blank=True, related_name="+")
    appointment = models.ForeignKey(
        Appointment, models.SET_NULL, null=True, blank=True, verbose_name=_("appointment"), related_name="+"
    )

    class Meta:
        verbose_name = _("waiting list")
        verbose_name_plural = _("waiting list")
        indexes = [
            # freed times are held against those who still wait, and nobody else
            models.Index(
                fields=["branch", "from_day", "to_day"], name="waiting_by_days", condition=models.Q(state="waiting")
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(to_day__gte=models.F("from_day")),
                name="waiting_days_in_order",
                violation_error_message=_("The last day comes after the first."),
            ),
            models.CheckConstraint(
                condition=models.Q(from_time__isnull=True)
                | models.Q(to_time__isnull=True)
                | models.Q(to_time__gt=models.F("from_time")),
                name="waiting_hours_in_order",
                violation_error_message=_("The end comes after the start."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.client_id} {self.from_day}"


class WaitingService(models.Model):
    """One service she waits for, in order."""

    entry = models.ForeignKey(WaitingEntry, models.CASCADE, related_name="lines")
    service = models.ForeignKey(Service, models.PROTECT, verbose_name=_("service"), related_name="+")
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("service waited for")
        verbose_name_plural = _("services waited for")
        constraints = [models.UniqueConstraint(fields=["entry", "position"], name="waiting_service_position")]

    def __str__(self) -> str:
        return str(self.service_id)


class FreedTime(models.Model):
    """Time of a master that became free: the row is the queue. Instants, half-open.

    It is offered from `ready_at` on (after the undo, or at once), and looked at once.
    """

    branch = models.ForeignKey(Branch, models.CASCADE, related_name="+")
    master = models.ForeignKey(Master, models.CASCADE, related_name="+")
    event = models.ForeignKey(AppointmentEvent, models.CASCADE, null=True, blank=True, related_name="+")
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("to"))
    ready_at = models.DateTimeField(_("offered from"))
    settled_at = models.DateTimeField(_("settled at"), null=True, blank=True)

    class Meta:
        verbose_name = _("freed time")
        verbose_name_plural = _("freed times")
        indexes = [
            models.Index(fields=["ready_at"], name="freed_time_queue", condition=models.Q(settled_at__isnull=True))
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(ends_at__gt=models.F("starts_at")), name="freed_time_has_length")
        ]

    def __str__(self) -> str:
        return f"{self.master_id} {self.starts_at:%Y-%m-%d %H:%M}"


class WaitingOffer(models.Model):
    """A freed time offered to one who waits; kept for her until `until`, if the owner's policy keeps it."""

    class State(models.TextChoices):
        OPEN = "open", _("offered")
        TAKEN = "taken", _("taken")
        DECLINED = "declined", _("declined")
        EXPIRED = "expired", _("not answered")
        LOST = "lost", _("somebody else was quicker")

    entry = models.ForeignKey(WaitingEntry, models.CASCADE, verbose_name=_("waiting"), related_name="offers")
    freed = models.ForeignKey(FreedTime, models.CASCADE, related_name="offers")
    master = models.ForeignKey(Master, models.PROTECT, verbose_name=_("master"), related_name="+")
    starts_at = models.DateTimeField(_("starts"))
    ends_at = models.DateTimeField(_("ends"))
    offered_at = models.DateTimeField(_("offered at"))
    until = models.DateTimeField(_("good until"))
    # nobody else is given this time meanwhile (not where all are asked at once)
    keeps = models.BooleanField(_("kept for her"), default=True)
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.OPEN)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)

    class Meta:
        verbose_name = _("offer to the waiting list")
        verbose_name_plural = _("offers to the waiting list")
        indexes = [
            models.Index(fields=["master", "starts_at"], name="waiting_offer_open", condition=models.Q(state="open"))
        ]
        constraints = [
            # asked once about one freed time
            models.UniqueConstraint(fields=["entry", "freed"], name="waiting_offer_once"),
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")), name="waiting_offer_has_length"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.entry_id} {self.starts_at:%Y-%m-%d %H:%M}"


class KeptRoom(models.Model):
    """A room that stays free for her together with her master's time, while she thinks about an offer that keeps it."""

    offer = models.ForeignKey(WaitingOffer, models.CASCADE, related_name="kept_rooms")
    room = models.ForeignKey(Room, models.CASCADE, verbose_name=_("room"), related_name="+")
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("to"))

    class Meta:
        verbose_name = _("kept room")
        verbose_name_plural = _("kept rooms")
        indexes = [models.Index(fields=["room", "starts_at"], name="kept_room_by_room_start")]
        constraints = [
            models.CheckConstraint(condition=models.Q(ends_at__gt=models.F("starts_at")), name="kept_room_has_length")
        ]

    def __str__(self) -> str:
        return f"{self.room_id} {self.starts_at:%Y-%m-%d %H:%M}-{self.ends_at:%H:%M}"
