"""What went wrong, and what was done about it (practices.md, P31)."""

from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from crm.booking.models import Appointment
from crm.people.models import Client
from crm.team.models import Branch, User


class Complaint(models.Model):
    """A client is not content. While it is open, and 14 days after, nothing is advertised to her."""

    class Outcome(models.TextChoices):
        SOLVED = "solved", _("solved")
        YIELDED = "yielded", _("yielded")
        DECLINED = "declined", _("declined by the owner")
        WITHDRAWN = "withdrawn", _("withdrawn")

    class Source(models.TextChoices):
        DESK = "desk", _("desk")
        CHECKOUT = "checkout", _("checkout")
        FEEDBACK = "feedback", _("feedback")
        ANSWER = "answer", _("answer to a question")
        REPLY = "reply", _("reply to a message")
        IMPORT = "import", _("import")

    branch = models.ForeignKey(Branch, models.PROTECT, verbose_name=_("branch"), related_name="complaints")
    client = models.ForeignKey(Client, models.PROTECT, verbose_name=_("client"), related_name="complaints")
    appointment = models.ForeignKey(
        Appointment, models.SET_NULL, null=True, blank=True, verbose_name=_("appointment"), related_name="+"
    )
    opened_at = models.DateTimeField(_("opened"))
    opened_on = models.DateField(_("opened on"))
    source = models.CharField(_("came by"), max_length=12, choices=Source, default=Source.DESK)
    category = models.CharField(_("cause"), max_length=100, blank=True)
    # empty where she said no words of her own: `words` then says how it came
    text = models.TextField(_("what happened"), max_length=4000)
    is_urgent = models.BooleanField(_("urgent"), default=False)
    owner = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, verbose_name=_("looked after by"), related_name="+"
    )
    resolved_at = models.DateTimeField(_("resolved"), null=True, blank=True)
    resolved_on = models.DateField(_("resolved on"), null=True, blank=True)
    outcome = models.CharField(_("outcome"), max_length=12, choices=Outcome, blank=True)
    resolution = models.TextField(_("what was done"), max_length=2000, blank=True)

    class Meta:
        verbose_name = _("complaint")
        verbose_name_plural = _("complaints")
        indexes = [
            models.Index(fields=["client", "opened_on"], name="complaint_by_client"),
            models.Index(
                fields=["branch", "opened_at"],
                name="complaint_open",
                condition=models.Q(resolved_at__isnull=True),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(resolved_at__isnull=True, resolved_on__isnull=True)
                | models.Q(resolved_at__isnull=False, resolved_on__isnull=False),
                name="complaint_resolved_wholly",
            )
        ]

    def __str__(self) -> str:
        return self.words[:60]

    @property
    def words(self) -> str:
        """What happened, in the words it was told with; else how it came, in the reader's language."""
        if self.text:
            return self.text
        if self.source == self.Source.CHECKOUT:
            return gettext("Not satisfied, said at the checkout.")
        return self.get_source_display()


class ComplaintEvent(models.Model):
    """What happened with a complaint. Append-only."""

    class Kind(models.TextChoices):
        OPENED = "opened", _("opened")
        ANSWERED = "answered", _("answered")
        RESOLVED = "resolved", _("resolved")
        REOPENED = "reopened", _("reopened")

    complaint = models.ForeignKey(Complaint, models.CASCADE, related_name="events")
    kind = models.CharField(_("what"), max_length=12, choices=Kind)
    at = models.DateTimeField(_("when"))
    user = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, verbose_name=_("by"), related_name="+")
    text = models.TextField(_("text"), max_length=2000, blank=True)

    class Meta:
        verbose_name = _("event of a complaint")
        verbose_name_plural = _("events of a complaint")
        indexes = [models.Index(fields=["complaint", "at"], name="complaint_event_in_order")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.at:%Y-%m-%d %H:%M}"
