"""Visit days, and the pulse of each client."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.booking.models.appointments import Appointment
from crm.catalogue.models import Product, Service
from crm.people.models import Client
from crm.team.models import Branch, Master


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
