"""A master's calendar for Google, Apple and Outlook."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.team.models import Master, User


class CalendarFeed(models.Model):
    """One address from which a master's calendar can be read. The address is signed; revoked, it is dead at once."""

    master = models.ForeignKey(Master, models.CASCADE, verbose_name=_("master"), related_name="feeds")
    # a part of what is signed: a new one makes the old address worthless
    nonce = models.UUIDField(editable=False, unique=True)
    created_at = models.DateTimeField(_("made at"))
    created_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, verbose_name=_("made by"), related_name="+"
    )
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)
    read_at = models.DateTimeField(_("last read"), null=True, blank=True)

    class Meta:
        verbose_name = _("calendar feed")
        verbose_name_plural = _("calendar feeds")
        constraints = [
            models.UniqueConstraint(
                fields=["master"], condition=models.Q(revoked_at__isnull=True), name="calendar_feed_one_open"
            )
        ]

    def __str__(self) -> str:
        return str(self.master_id)
