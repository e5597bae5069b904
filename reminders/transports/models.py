"""The demo's mailbox: what real transports delivered to this machine, for a person to read."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class MailboxLetter(models.Model):
    """A mail or an SMS that arrived at the local mailbox. Nothing in it ever left the machine."""

    channel = models.CharField(_("channel"), max_length=8)
    sender = models.CharField(_("from"), max_length=320, blank=True)
    recipient = models.CharField(_("to"), max_length=320)
    subject = models.CharField(_("subject"), max_length=998, blank=True)
    text = models.TextField(_("text"), blank=True)
    html = models.TextField(_("HTML"), blank=True)
    raw = models.BinaryField(null=True)
    message_id = models.CharField(max_length=998, blank=True)
    received_at = models.DateTimeField(_("received"))

    class Meta:
        verbose_name = _("letter in the mailbox")
        verbose_name_plural = _("letters in the mailbox")
        indexes = [
            models.Index(fields=["-received_at"], name="mailbox_newest_first"),
            models.Index(fields=["recipient"], name="mailbox_by_recipient"),
        ]

    def __str__(self) -> str:
        return f"{self.recipient}: {self.subject or self.text[:40]}"
