"""Files that the owner has uploaded."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.team.models.staff import User


class ImportRun(models.Model):
    """Files that the owner has uploaded: looked through first, taken in once she says so.

    The row is the queue: a worker claims it by a conditional update. The files lie in a folder of
    their own and are removed when the run has ended.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("waits to be looked through")
        CHECKING = "checking", _("is looked through")
        CHECKED = "checked", _("waits for your word")
        CONFIRMED = "confirmed", _("waits to be taken in")
        IMPORTING = "importing", _("is taken in")
        DONE = "done", _("taken in")
        REFUSED = "refused", _("could not be taken in")
        DISCARDED = "discarded", _("discarded")

    state = models.CharField(_("state"), max_length=12, choices=State, default=State.WAITING)
    started_by = models.ForeignKey(User, models.PROTECT, verbose_name=_("by"), related_name="+")
    created_at = models.DateTimeField(_("uploaded"))
    # a name under MEDIA_ROOT/imports; empty once the files are gone
    folder = models.CharField(max_length=64, blank=True, editable=False)
    branch_name = models.CharField(_("branch"), max_length=120, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=64, blank=True)
    currency = models.CharField(_("currency"), max_length=3, blank=True)
    claimed_at = models.DateTimeField(null=True, editable=False)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    # what the import counted and rejected (contracts.md, import_salon); and why it was refused
    outcome = models.JSONField(null=True, editable=False)
    refusal = models.CharField(_("why"), max_length=1000, blank=True)

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        indexes = [
            models.Index(
                fields=["created_at"],
                name="import_run_to_do",
                condition=models.Q(state__in=["waiting", "checking", "confirmed", "importing"]),
            )
        ]

    def __str__(self) -> str:
        return f"{self.created_at:%Y-%m-%d %H:%M}"

    @property
    def is_busy(self) -> bool:
        """Somebody or something is still at work on it."""
        return self.state in (self.State.WAITING, self.State.CHECKING, self.State.CONFIRMED, self.State.IMPORTING)
