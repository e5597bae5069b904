"""How a complaint is dealt with: the five steps, the solutions to choose from, who is reminded (practices.md, P31)."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from crm.care.models.complaints import Complaint
from crm.catalogue.models import Service
from crm.sales.models import Sale
from crm.team.fields import MoneyField
from crm.team.models import Language, User


class Step(models.IntegerChoices):
    """The five steps of who listens, in their order."""

    DO_NOT_ARGUE = 1, _("Do not argue")
    LISTEN = 2, _("Let her speak")
    ASK = 3, _("Ask what would help")
    CHOICE = 4, _("Offer a choice")
    THANK = 5, _("Thank her")


class StepWords(models.Model):
    """What is said in a step, in one language: the owner's words in place of the ready-made ones."""

    step = models.PositiveSmallIntegerField(_("step"), choices=Step)
    language = models.CharField(_("language"), max_length=2, choices=Language)
    text = models.TextField(_("sentences"), max_length=1500, help_text=_("One in each line."))

    class Meta:
        verbose_name = _("words of a step")
        verbose_name_plural = _("words of the five steps")
        constraints = [models.UniqueConstraint(fields=["step", "language"], name="step_words_once")]

    def __str__(self) -> str:
        return f"{self.get_step_display()} ({self.language})"


class ComplaintStep(models.Model):
    """One of the five steps of one complaint: what was heard, who did it, and whether it is done."""

    complaint = models.ForeignKey(Complaint, models.CASCADE, related_name="steps")
    step = models.PositiveSmallIntegerField(_("step"), choices=Step)
    text = models.TextField(_("her words"), max_length=2000, blank=True)
    # counts up with each saving: who writes over words that she has not seen is told so
    version = models.PositiveIntegerField(default=1, editable=False)
    saved_at = models.DateTimeField(_("saved"))
    saved_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, verbose_name=_("by"), related_name="+")
    done_at = models.DateTimeField(_("done"), null=True, blank=True)

    class Meta:
        verbose_name = _("step of a complaint")
        verbose_name_plural = _("steps of a complaint")
        constraints = [models.UniqueConstraint(fields=["complaint", "step"], name="complaint_step_once")]

    def __str__(self) -> str:
        return self.get_step_display()


class ComplaintOption(models.Model):
    """A solution that she may choose. One above the limit of who offers it waits for a second person first."""

    class Kind(models.TextChoices):
        REDO = "redo", _("done again, free")
        DISCOUNT = "discount", _("discount on the next visit")
        POINTS = "points", _("points")
        REFUND = "refund", _("money back")
        GIFT = "gift", _("gift")
        OTHER = "other", _("something else")

    class State(models.TextChoices):
        WAITING = "waiting", _("waits for a second person")
        OFFERED = "offered", _("offered")
        CHOSEN = "chosen", _("chosen")
        # another one was chosen, or the offer was taken back
        DECLINED = "declined", _("not chosen")
        REFUSED = "refused", _("not agreed to")

    complaint = models.ForeignKey(Complaint, models.CASCADE, related_name="options")
    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.OFFERED)
    # one form sent twice offers once
    key = models.CharField(max_length=64, unique=True, editable=False)
    text = models.CharField(_("in words"), max_length=200, blank=True)
    percent = models.PositiveSmallIntegerField(
        _("percent"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(100)]
    )
    points = models.PositiveIntegerField(_("points"), null=True, blank=True)
    # what is done again
    services = models.ManyToManyField(Service, blank=True, verbose_name=_("services"), related_name="+")
    # what comes back: the receipt, and how much of which line, as [[line, "1"], ...]
    sale = models.ForeignKey(Sale, models.PROTECT, null=True, blank=True, verbose_name=_("receipt"), related_name="+")
    returns = models.JSONField(_("lines that come back"), default=list, blank=True)
    # the key of the gift: the shelf stands in a room above this one
    thing = models.PositiveBigIntegerField(null=True, blank=True, editable=False)
    cost = MoneyField(_("what it costs us"), default=0)
    offered_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, verbose_name=_("offered by"), related_name="+"
    )
    offered_at = models.DateTimeField(_("offered"))
    decided_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, verbose_name=_("decided by"), related_name="+"
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    chosen_at = models.DateTimeField(_("chosen at"), null=True, blank=True)
    # nobody: by herself, on her own page
    chosen_with = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, verbose_name=_("chosen with"), related_name="+"
    )

    class Meta:
        verbose_name = _("solution")
        verbose_name_plural = _("solutions")
        indexes = [
            models.Index(fields=["complaint", "state"], name="option_by_complaint"),
            models.Index(fields=["offered_at"], name="option_to_decide", condition=Q(state="waiting")),
        ]
        constraints = [
            models.CheckConstraint(
                # two pairs of eyes
                condition=Q(decided_by__isnull=True) | Q(offered_by__isnull=True) | ~Q(decided_by=F("offered_by")),
                name="option_decided_by_another",
            ),
            models.CheckConstraint(
                condition=Q(state="chosen", chosen_at__isnull=False) | (~Q(state="chosen") & Q(chosen_at__isnull=True)),
                name="option_chosen_wholly",
            ),
            models.CheckConstraint(condition=Q(cost__gte=0), name="option_cost_not_negative"),
        ]

    def __str__(self) -> str:
        return self.text or self.get_kind_display()


class ComplaintAlert(models.Model):
    """Somebody is told that a deadline is near or over: once each, on Today and by a letter where she has an address."""

    class About(models.TextChoices):
        ANSWER = "answer", _("first answer")
        SOLUTION = "solution", _("solution")

    class Level(models.IntegerChoices):
        SOON = 0, _("due soon")
        RECEPTION = 1, _("overdue: the reception")
        OWNER = 2, _("long overdue: the owner")

    class Mail(models.TextChoices):
        NONE = "none", _("no address")
        WAITING = "waiting", _("to be sent")
        SENDING = "sending", _("being sent")
        SENT = "sent", _("sent")
        FAILED = "failed", _("failed")

    complaint = models.ForeignKey(Complaint, models.CASCADE, related_name="alerts")
    about = models.CharField(_("about"), max_length=8, choices=About)
    level = models.PositiveSmallIntegerField(_("level"), choices=Level)
    due_at = models.DateTimeField(_("deadline"))
    at = models.DateTimeField(_("when"))
    user = models.ForeignKey(User, models.CASCADE, verbose_name=_("who"), related_name="+")
    mail = models.CharField(_("letter"), max_length=8, choices=Mail, default=Mail.WAITING)

    class Meta:
        verbose_name = _("reminder about a complaint")
        verbose_name_plural = _("reminders about complaints")
        indexes = [models.Index(fields=["at"], name="alert_to_mail", condition=Q(mail="waiting"))]
        constraints = [
            # a deadline that was set anew is told of anew
            models.UniqueConstraint(fields=["complaint", "about", "level", "due_at", "user"], name="alert_once_each")
        ]

    def __str__(self) -> str:
        return f"{self.get_about_display()}: {self.get_level_display()}"
