"""What clients write back, next to what was sent to them (practices.md, P22)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.booking.models import Appointment
from crm.care.models import Complaint
from crm.people.models import Client
from crm.team.models import Branch, User
from reminders.consent.models import Channel
from reminders.messages.models import Message


class Meaning(models.TextChoices):
    """What a letter asks for, as far as plain words tell; a person decides."""

    STOP = "stop", _("no more care and offers")
    DOUBT = "doubt", _("perhaps no more messages")
    START = "start", _("messages again")
    CANCEL = "cancel", _("cancel the appointment")
    MOVE = "move", _("move the appointment")
    COMPLAINT = "complaint", _("not content")


class Conversation(models.Model):
    """All that one client wrote, or one sender whom nobody knows. Somebody at the desk looks after it.

    `waiting_since` is her first letter that nobody has dealt with; done, the next letter opens it again.
    """

    client = models.OneToOneField(
        Client, models.CASCADE, null=True, blank=True, verbose_name=_("client"), related_name="+"
    )
    # by what and from where was last written; an unknown sender is known by it
    channel = models.CharField(_("channel"), max_length=8, choices=Channel)
    sender = models.CharField(_("from"), max_length=320)
    # nobody's where the sender is unknown: every branch's desk sees it
    branch = models.ForeignKey(
        Branch, models.PROTECT, null=True, blank=True, verbose_name=_("branch"), related_name="+"
    )
    waiting_since = models.DateTimeField(_("waits since"))
    last_at = models.DateTimeField(_("last letter"))
    taken_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, verbose_name=_("looked after by"), related_name="+"
    )
    done_at = models.DateTimeField(_("done"), null=True, blank=True)
    done_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, verbose_name=_("done by"), related_name="+"
    )

    class Meta:
        verbose_name = _("conversation")
        verbose_name_plural = _("conversations")
        indexes = [
            models.Index(
                fields=["branch", "waiting_since"], name="conversation_open", condition=Q(done_at__isnull=True)
            ),
            models.Index(fields=["branch", "-last_at"], name="conversation_by_branch"),
        ]
        constraints = [
            # two letters of a stranger at once are one conversation
            models.UniqueConstraint(
                fields=["channel", "sender"], name="conversation_of_stranger_once", condition=Q(client__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return str(self.client_id or self.sender)


class Letter(models.Model):
    """One thing somebody wrote to the salon, by e-mail or SMS. It is never changed."""

    conversation = models.ForeignKey(
        Conversation, models.CASCADE, verbose_name=_("conversation"), related_name="letters"
    )
    channel = models.CharField(_("channel"), max_length=8, choices=Channel)
    sender = models.CharField(_("from"), max_length=320)
    subject = models.CharField(_("subject"), max_length=300, blank=True)
    text = models.TextField(_("text"), max_length=20_000)
    provider = models.CharField(_("provider"), max_length=40)
    provider_id = models.CharField(_("provider's number"), max_length=200)
    at = models.DateTimeField(_("came"))
    # what was last said to her by this channel, or what her mail names
    answers = models.ForeignKey(
        Message, models.SET_NULL, null=True, blank=True, verbose_name=_("answers"), related_name="+"
    )
    meaning = models.CharField(_("asks for"), max_length=12, choices=Meaning, blank=True)
    # the appointment that a STOP word may have meant, or that she would move or cancel
    appointment = models.ForeignKey(
        Appointment, models.SET_NULL, null=True, blank=True, verbose_name=_("appointment"), related_name="+"
    )
    complaint = models.ForeignKey(
        Complaint, models.SET_NULL, null=True, blank=True, verbose_name=_("complaint"), related_name="+"
    )

    class Meta:
        verbose_name = _("letter from a client")
        verbose_name_plural = _("letters from clients")
        indexes = [models.Index(fields=["conversation", "at"], name="letter_in_order")]
        constraints = [
            # a provider tells the same thing twice
            models.UniqueConstraint(fields=["provider", "provider_id"], name="letter_once")
        ]

    def __str__(self) -> str:
        return self.text[:60]
