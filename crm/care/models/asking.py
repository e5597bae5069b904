"""What clients say when they are asked: scores, words for others, answers after a visit."""

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.catalogue.models import Service
from crm.people.models import Client
from crm.team.models import Branch, Language, User


class Feedback(models.Model):
    """A score from 0 to 10 for a visit day, and what pleased and did not (practices.md, P14)."""

    client = models.ForeignKey(Client, models.CASCADE, verbose_name=_("client"), related_name="feedback")
    branch = models.ForeignKey(Branch, models.PROTECT, verbose_name=_("branch"), related_name="+")
    visit_on = models.DateField(_("visit"))
    score = models.PositiveSmallIntegerField(_("score"), validators=[MaxValueValidator(10)])
    pleased = models.TextField(_("what pleased"), max_length=2000, blank=True)
    displeased = models.TextField(_("what did not"), max_length=2000, blank=True)
    answered_at = models.DateTimeField(_("answered"))
    # by her own tick: her words may be shown to others, with her first name
    quote_agreed_at = models.DateTimeField(_("agreed to be quoted"), null=True, blank=True)
    # told on the phone: who wrote it down; else it is by her own hand
    written_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, verbose_name=_("written down by"), related_name="+"
    )

    class Meta:
        verbose_name = _("feedback")
        verbose_name_plural = _("feedback")
        indexes = [models.Index(fields=["branch", "answered_at"], name="feedback_by_time")]
        constraints = [
            models.UniqueConstraint(fields=["client", "visit_on"], name="feedback_once_a_visit"),
            models.CheckConstraint(condition=models.Q(score__lte=10), name="feedback_score_to_ten"),
        ]

    def __str__(self) -> str:
        return str(self.score)


class Quote(models.Model):
    """What a client said of a service, for others who chose it (practices.md, P12): typed by the owner, or from feedback."""

    service = models.ForeignKey(Service, models.CASCADE, verbose_name=_("service"), related_name="quotes")
    language = models.CharField(
        _("language"), max_length=2, choices=Language, help_text=_("Shown to those who read this language.")
    )
    text = models.CharField(_("her words"), max_length=300)
    said_by = models.CharField(
        _("said by"), max_length=60, blank=True, help_text=_("A first name, as she agreed. Empty: nobody is named.")
    )
    # with the feedback goes what was quoted from it
    feedback = models.ForeignKey(
        Feedback, models.CASCADE, null=True, blank=True, verbose_name=_("from feedback"), related_name="quotes"
    )
    is_shown = models.BooleanField(_("shown"), default=True)

    class Meta:
        verbose_name = _("quote")
        verbose_name_plural = _("quotes")
        indexes = [models.Index(fields=["service", "language"], name="quote_by_service")]

    def __str__(self) -> str:
        return self.text[:60]

    def clean(self) -> None:
        super().clean()
        if self.feedback is not None and self.feedback.quote_agreed_at is None:
            raise ValidationError({"feedback": _("She has not agreed that her words are shown to others.")})


class AfterAnswer(models.Model):
    """Her one-tap answer to “how are your lashes?” (practices.md, P13)."""

    class Answer(models.TextChoices):
        GOOD = "good", _("all is well")
        MEND = "mend", _("needs mending")
        ALARM = "alarm", _("alarming")

    client = models.ForeignKey(Client, models.CASCADE, verbose_name=_("client"), related_name="after_answers")
    branch = models.ForeignKey(Branch, models.PROTECT, verbose_name=_("branch"), related_name="+")
    visit_on = models.DateField(_("visit"))
    service = models.ForeignKey(
        Service, models.SET_NULL, null=True, blank=True, verbose_name=_("service"), related_name="+"
    )
    answer = models.CharField(_("answer"), max_length=8, choices=Answer)
    answered_at = models.DateTimeField(_("answered"))

    class Meta:
        verbose_name = _("answer after a visit")
        verbose_name_plural = _("answers after a visit")
        constraints = [models.UniqueConstraint(fields=["client", "visit_on"], name="after_answer_once_a_visit")]

    def __str__(self) -> str:
        return self.get_answer_display()
