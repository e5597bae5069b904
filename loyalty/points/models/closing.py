"""The owner's books are closed up to a day: nothing is dated there any more."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class PeriodClose(models.Model):
    """Closed for good up to this day, included: the database refuses entries dated then. Append-only.

    What has to be corrected is an entry of a later day.
    """

    last_on = models.DateField(_("closed up to"), unique=True)
    closed_at = models.DateTimeField(_("closed at"))
    closed_by = models.ForeignKey("crm.User", models.PROTECT, verbose_name=_("closed by"), related_name="+")

    class Meta:
        verbose_name = _("closed period")
        verbose_name_plural = _("closed periods")

    def __str__(self) -> str:
        return str(self.last_on)
