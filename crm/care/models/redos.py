"""What was done again for nothing, and whose figure it goes from (rules.md, Feedback and complaints)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.booking.models import Appointment
from crm.care.models.complaints import Complaint
from crm.people.models import Client
from crm.team.fields import MoneyField
from crm.team.models import Branch, Master, User


class Redo(models.Model):
    """A visit went wrong and is done again, free. It takes the first master's figure back, once.

    Not if she said so herself before the client complained: then it costs her nothing.
    """

    branch = models.ForeignKey(Branch, models.PROTECT, verbose_name=_("branch"), related_name="+")
    client = models.ForeignKey(Client, models.PROTECT, verbose_name=_("client"), related_name="+")
    went_wrong = models.OneToOneField(
        Appointment, models.PROTECT, null=True, blank=True, verbose_name=_("what went wrong"), related_name="redo"
    )
    # none where only the receipt of an old system is known
    master = models.ForeignKey(
        Master, models.PROTECT, null=True, blank=True, verbose_name=_("master"), related_name="+"
    )
    # what these services had brought her, before anything was given back
    figure = MoneyField(_("her figure"), default=0)
    complaint = models.ForeignKey(
        Complaint, models.PROTECT, null=True, blank=True, verbose_name=_("complaint"), related_name="redos"
    )
    reported_by_master_at = models.DateTimeField(_("reported by the master"), null=True, blank=True)
    note = models.CharField(_("what went wrong, in words"), max_length=300, blank=True)
    # the visit on which it is done again; none: not booked yet
    appointment = models.OneToOneField(
        Appointment, models.PROTECT, null=True, blank=True, verbose_name=_("done again"), related_name="redo_of"
    )
    agreed_at = models.DateTimeField(_("agreed"))
    agreed_on = models.DateField(_("agreed on"))
    user = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, verbose_name=_("by"), related_name="+")

    class Meta:
        verbose_name = _("free redo")
        verbose_name_plural = _("free redos")
        indexes = [models.Index(fields=["agreed_on"], name="redo_by_day")]

    def __str__(self) -> str:
        return f"{self.client_id} {self.agreed_on}"

    @property
    def reverses(self) -> bool:
        """Whether the first master's figure goes back: unless she said so before the client did."""
        if self.complaint is None:
            return self.reported_by_master_at is None
        return self.reported_by_master_at is None or self.reported_by_master_at >= self.complaint.opened_at
