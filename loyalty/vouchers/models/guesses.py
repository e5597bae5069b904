"""Codes that were typed and do not exist: what slows guessing, and what the owner's watch shows (trust.md, S8)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class WrongCode(models.Model):
    """One wrong code, by whom and through which door; never the code itself. Append-only."""

    class Door(models.TextChoices):
        DESK = "desk", _("desk")
        BOOK = "book", _("booking page")
        MY = "my", _("client's page")
        PARTNER = "partner", _("partner's page")

    door = models.CharField(_("where"), max_length=8, choices=Door)
    at = models.DateTimeField(_("when"))
    # the connection it came by, as a keyed digest
    connection = models.CharField(max_length=64, editable=False)
    user = models.ForeignKey("crm.User", models.PROTECT, null=True, blank=True, verbose_name=_("by"), related_name="+")
    client = models.ForeignKey(
        "crm.Client", models.PROTECT, null=True, blank=True, verbose_name=_("client"), related_name="+"
    )

    class Meta:
        verbose_name = _("wrong code")
        verbose_name_plural = _("wrong codes")
        indexes = [
            models.Index(fields=["connection", "at"], name="wrong_code_by_connection"),
            models.Index(fields=["user", "at"], name="wrong_code_by_user", condition=models.Q(user__isnull=False)),
            models.Index(
                fields=["client", "at"], name="wrong_code_by_client", condition=models.Q(client__isnull=False)
            ),
            models.Index(fields=["at"], name="wrong_code_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.get_door_display()} {self.at:%Y-%m-%d %H:%M}"
