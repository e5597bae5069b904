"""The salon's own standard: what is done on a visit, its lesson, and what was done (practices.md, P5 and P55)."""

from uuid import uuid4

from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from crm.booking.models import Appointment
from crm.care.models.spoken import Named, Taught
from crm.catalogue.models import Service
from crm.team.models import Branch, User


def new_key() -> str:
    return uuid4().hex


class Standard(Taught):
    """A checklist of the branch: for every visit, or for those with one service. Visits run on its versions."""

    branch = models.ForeignKey(Branch, models.PROTECT, verbose_name=_("branch"), related_name="standards")
    service = models.ForeignKey(
        Service,
        models.CASCADE,
        null=True,
        blank=True,
        verbose_name=_("service"),
        related_name="standards",
        help_text=_("Empty: for every visit."),
    )
    is_active = models.BooleanField(_("kept"), default=True)
    # what visits that begin now run on; none before it is published
    current = models.OneToOneField(
        "StandardVersion", models.SET_NULL, null=True, blank=True, editable=False, related_name="+"
    )

    class Meta:
        verbose_name = _("standard")
        verbose_name_plural = _("standards")
        constraints = [
            # two lists for one visit would ask the same twice
            models.UniqueConstraint(
                fields=["service"],
                name="standard_once_a_service",
                violation_error_message=_("This service has its standard already."),
            ),
            models.UniqueConstraint(
                fields=["branch"],
                name="standard_once_for_every_visit",
                condition=models.Q(service__isnull=True),
                violation_error_message=_("The standard for every visit is there already."),
            ),
        ]

    def __str__(self) -> str:
        return self.service.name if self.service else gettext("Every visit")


class StandardVersion(Taught):
    """A standard as it was published: its steps and its lesson stay as they were."""

    standard = models.ForeignKey(Standard, models.CASCADE, verbose_name=_("standard"), related_name="versions")
    number = models.PositiveSmallIntegerField(_("version"))
    published_at = models.DateTimeField(_("published"))
    published_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, verbose_name=_("by"), related_name="+"
    )

    class Meta:
        verbose_name = _("version of a standard")
        verbose_name_plural = _("versions of a standard")
        constraints = [models.UniqueConstraint(fields=["standard", "number"], name="standard_version_once")]

    def __str__(self) -> str:
        return str(self.number)


class StandardStep(Named):
    """One step. Without a version it is the owner's draft; publishing copies it, and the copy never changes."""

    standard = models.ForeignKey(Standard, models.CASCADE, verbose_name=_("standard"), related_name="steps")
    version = models.ForeignKey(
        StandardVersion, models.CASCADE, null=True, blank=True, editable=False, related_name="steps"
    )
    # the same step from version to version, so that figures go on when its words are put better
    key = models.CharField(max_length=32, default=new_key, editable=False)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    is_required = models.BooleanField(
        _("required"), default=True, help_text=_("Left out, it asks why. Others are done where they fit.")
    )

    class Meta:
        verbose_name = _("step of a standard")
        verbose_name_plural = _("steps of a standard")
        constraints = [
            models.UniqueConstraint(fields=["version", "key"], name="standard_step_once"),
            # a step without words cannot be done
            models.CheckConstraint(
                condition=~models.Q(text_en="", text_ru="", text_bs="", text_ar=""),
                name="standard_step_has_words",
                violation_error_message=_("Write the step in one language at least."),
            ),
        ]


class VisitStep(models.Model):
    """A step of the version that a visit runs on: done, or why not."""

    class State(models.TextChoices):
        OPEN = "open", _("open")
        DONE = "done", _("done")
        SKIPPED = "skipped", _("left out")

    class Reason(models.TextChoices):
        """The closed list: taste is no reason."""

        DECLINED = "declined", _("the client did not want it")
        IMPOSSIBLE = "impossible", _("impossible today")

    appointment = models.ForeignKey(Appointment, models.CASCADE, verbose_name=_("visit"), related_name="steps")
    step = models.ForeignKey(StandardStep, models.PROTECT, verbose_name=_("step"), related_name="+")
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.OPEN)
    reason = models.CharField(_("reason"), max_length=12, choices=Reason, blank=True)
    why = models.CharField(_("why"), max_length=200, blank=True)
    at = models.DateTimeField(_("when"), null=True, blank=True)
    user = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, verbose_name=_("by"), related_name="+")
    # whoever went on to the checkout was asked about it once
    asked_at = models.DateTimeField(_("asked"), null=True, blank=True)

    class Meta:
        verbose_name = _("step of a visit")
        verbose_name_plural = _("steps of a visit")
        constraints = [
            models.UniqueConstraint(fields=["appointment", "step"], name="visit_step_once"),
            # what is left out has a reason of the list, and only that has
            models.CheckConstraint(
                condition=models.Q(state="skipped", reason__in=["declined", "impossible"])
                | models.Q(state__in=["open", "done"], reason="", why=""),
                name="visit_step_left_out_with_reason",
            ),
            # "impossible" by itself would be taste again
            models.CheckConstraint(
                condition=~models.Q(reason="impossible", why=""), name="visit_step_impossible_says_why"
            ),
            models.CheckConstraint(
                condition=models.Q(state="open", at__isnull=True) | models.Q(~models.Q(state="open"), at__isnull=False),
                name="visit_step_ticked_at",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.appointment_id} {self.step_id} {self.state}"


class LessonRead(models.Model):
    """Who has read the lesson of which version."""

    version = models.ForeignKey(StandardVersion, models.CASCADE, verbose_name=_("version"), related_name="readings")
    user = models.ForeignKey(User, models.CASCADE, verbose_name=_("who"), related_name="+")
    at = models.DateTimeField(_("when"))

    class Meta:
        verbose_name = _("lesson read")
        verbose_name_plural = _("lessons read")
        constraints = [models.UniqueConstraint(fields=["version", "user"], name="lesson_read_once")]

    def __str__(self) -> str:
        return f"{self.version_id} {self.user_id}"
