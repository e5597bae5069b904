"""Letters and cards on paper: each is printed, put into an envelope and posted (practices.md, P15)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.people.models import Client
from crm.team.models import Branch, Language, User
from reminders.messages.models import Kind, Message


class PaperLetter(models.Model):
    """A letter or a card that waits to be printed, with its words as they were when it was laid there.

    A letter takes the place of a message (`message`) that no machine can bring her; a card is somebody's at the
    desk, and becomes a message once it is posted.
    """

    class Form(models.TextChoices):
        LETTER = "letter", _("letter")
        CARD = "card", _("card")

    class Outcome(models.TextChoices):
        POSTED = "posted", _("posted")
        LEFT_OUT = "left_out", _("not sent")

    branch = models.ForeignKey(Branch, models.PROTECT, verbose_name=_("branch"), related_name="+")
    client = models.ForeignKey(Client, models.CASCADE, verbose_name=_("client"), related_name="+")
    form = models.CharField(_("form"), max_length=8, choices=Form)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    # asked for again with the same key it is the same letter
    key = models.CharField(max_length=120, unique=True, editable=False)
    message = models.ForeignKey(
        Message, models.SET_NULL, null=True, blank=True, verbose_name=_("message"), related_name="+"
    )
    language = models.CharField(_("language"), max_length=2, choices=Language)
    # from the greeting to the closing; a blank line begins a paragraph
    text = models.TextField(_("text"), max_length=6000)
    written_at = models.DateTimeField(_("written"))
    written_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, verbose_name=_("written by"), related_name="+"
    )
    due_at = models.DateTimeField(_("until"))
    printed_at = models.DateTimeField(_("printed"), null=True, blank=True)
    done_at = models.DateTimeField(_("done"), null=True, blank=True)
    done_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, verbose_name=_("by"), related_name="+")
    outcome = models.CharField(_("what came of it"), max_length=8, choices=Outcome, blank=True)

    class Meta:
        verbose_name = _("letter on paper")
        verbose_name_plural = _("letters on paper")
        indexes = [
            models.Index(fields=["branch", "due_at"], name="paper_to_print", condition=models.Q(done_at__isnull=True))
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(done_at__isnull=True, outcome="")
                | models.Q(done_at__isnull=False, outcome__in=["posted", "left_out"]),
                name="paper_done_wholly",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_form_display()} {self.client_id}"
