"""Whom somebody should ring (practices.md, P15)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.people.models import Client
from crm.team.models import Branch, User


class Call(models.Model):
    """Somebody should ring a client: why, with what words, until when, and what came of it (practices.md, P15)."""

    class Outcome(models.TextChoices):
        REACHED = "reached", _("reached")
        BOOKED = "booked", _("booked")
        NO_ANSWER = "no_answer", _("no answer")
        NOT_WANTED = "not_wanted", _("does not want calls")
        NOT_INTERESTED = "no_interest", _("not interested")
        WRONG_NUMBER = "wrong_number", _("wrong number")

    # asks 0 to 10 and two questions by voice (practices.md, P14)
    SURVEY = "survey"
    # some days after a complaint was closed: is all well now?
    CLOSING = "closing"

    branch = models.ForeignKey(Branch, models.PROTECT, verbose_name=_("branch"), related_name="calls")
    client = models.ForeignKey(Client, models.CASCADE, verbose_name=_("client"), related_name="calls")
    kind = models.CharField(_("reason"), max_length=40)
    what_to_say = models.TextField(_("what to say"), max_length=2000, blank=True)
    due_at = models.DateTimeField(_("until"))
    key = models.CharField(max_length=120, unique=True, editable=False)
    created_at = models.DateTimeField(_("noted"))
    # the visit that a survey asks about
    visit_on = models.DateField(_("visit"), null=True, blank=True)
    assignee = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, verbose_name=_("who rings"), related_name="+"
    )
    done_at = models.DateTimeField(_("done"), null=True, blank=True)
    done_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, verbose_name=_("by"), related_name="+")
    outcome = models.CharField(_("what came of it"), max_length=12, choices=Outcome, blank=True)
    remark = models.CharField(_("remark"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("call to make")
        verbose_name_plural = _("calls to make")
        indexes = [
            models.Index(fields=["branch", "due_at"], name="call_open", condition=models.Q(done_at__isnull=True))
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.client_id}"
