"""What was promised, from hand to hand (practices.md, P7)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.booking.models import Appointment
from crm.care.models.complaints import Complaint
from crm.people.models import Client
from crm.team.models import Branch, User


class Promise(models.Model):
    """What somebody of the salon promised a client, and who sees to it until she is here again (practices.md, P7)."""

    class State(models.TextChoices):
        HANDED = "handed", _("handed over")
        ACCEPTED = "accepted", _("accepted")
        KEPT = "kept", _("kept")
        BROKEN = "broken", _("not kept")

    branch = models.ForeignKey(Branch, models.PROTECT, verbose_name=_("branch"), related_name="promises")
    client = models.ForeignKey(Client, models.CASCADE, verbose_name=_("client"), related_name="promises")
    # where it was given: the visit does not count as the next one
    appointment = models.ForeignKey(
        Appointment, models.SET_NULL, null=True, blank=True, verbose_name=_("visit"), related_name="+"
    )
    complaint = models.ForeignKey(
        Complaint, models.SET_NULL, null=True, blank=True, verbose_name=_("complaint"), related_name="promises"
    )
    text = models.CharField(_("what was promised"), max_length=300)
    given_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, verbose_name=_("given by"), related_name="+"
    )
    given_at = models.DateTimeField(_("given"))
    given_on = models.DateField(_("given on"))
    # none only where nobody is known any more: then it is everybody's at the reception
    holder = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, verbose_name=_("who sees to it"), related_name="+"
    )
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.HANDED)
    # the end of a day of its own, where the next visit is too late or not in sight
    due_before = models.DateTimeField(_("at the latest before"), null=True, blank=True)
    closed_at = models.DateTimeField(_("ended"), null=True, blank=True)
    closed_on = models.DateField(_("ended on"), null=True, blank=True)
    # when it had to be kept, as it stood at the end: appointments move afterwards
    was_due_at = models.DateTimeField(_("was due"), null=True, blank=True)
    answer = models.CharField(_("what came of it"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("promise")
        verbose_name_plural = _("promises")
        indexes = [
            models.Index(
                fields=["branch", "given_at"], name="promise_open", condition=models.Q(closed_at__isnull=True)
            ),
            models.Index(fields=["client", "given_at"], name="promise_by_client"),
            models.Index(fields=["given_on"], name="promise_by_day"),
        ]
        constraints = [
            # an end has a day and an hour, and only an end has
            models.CheckConstraint(
                condition=models.Q(state__in=["kept", "broken"], closed_at__isnull=False, closed_on__isnull=False)
                | models.Q(state__in=["handed", "accepted"], closed_at__isnull=True, closed_on__isnull=True),
                name="promise_ended_wholly",
            )
        ]

    def __str__(self) -> str:
        return self.text[:60]


class PromiseEvent(models.Model):
    """From hand to hand. Append-only."""

    class Kind(models.TextChoices):
        GIVEN = "given", _("given")
        HANDED = "handed", _("handed over")
        ACCEPTED = "accepted", _("accepted")
        HANDED_BACK = "handed_back", _("handed back")
        KEPT = "kept", _("kept")
        BROKEN = "broken", _("not kept")
        REOPENED = "reopened", _("opened again")

    promise = models.ForeignKey(Promise, models.CASCADE, related_name="events")
    kind = models.CharField(_("what"), max_length=12, choices=Kind)
    at = models.DateTimeField(_("when"))
    user = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, verbose_name=_("by"), related_name="+")
    to = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, verbose_name=_("to"), related_name="+")
    text = models.CharField(_("text"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("step of a promise")
        verbose_name_plural = _("steps of a promise")
        indexes = [models.Index(fields=["promise", "at"], name="promise_event_in_order")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.at:%Y-%m-%d %H:%M}"
