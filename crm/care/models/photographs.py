"""Photographs of the work, and what the client has said of them (practices.md, P54)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.booking.models import Appointment
from crm.people.models import Client
from crm.people.pictures import picture_path
from crm.team.models import Branch, Master, User


class WorkPhotograph(models.Model):
    """How it looked before or after; the branch's own, and hers. Only there while she allows it.

    Where and with what it was taken is gone before it is kept (crm/people/pictures.py).
    """

    class Moment(models.TextChoices):
        BEFORE = "before", _("before")
        AFTER = "after", _("after")

    client = models.ForeignKey(Client, models.CASCADE, verbose_name=_("client"), related_name="photographs")
    branch = models.ForeignKey(Branch, models.PROTECT, verbose_name=_("branch"), related_name="+")
    # none where it was taken outside a visit
    appointment = models.ForeignKey(
        Appointment, models.SET_NULL, null=True, blank=True, verbose_name=_("visit"), related_name="+"
    )
    master = models.ForeignKey(
        Master, models.SET_NULL, null=True, blank=True, verbose_name=_("master"), related_name="+"
    )
    # the branch day of the visit
    on = models.DateField(_("day"))
    moment = models.CharField(_("before or after"), max_length=6, choices=Moment)
    image = models.FileField(_("photograph"), upload_to=picture_path)
    small = models.FileField(_("small photograph"), upload_to=picture_path)
    # SHA-256 of what is kept: the same photograph sent twice is one
    digest = models.CharField(max_length=64, editable=False)
    added_at = models.DateTimeField(_("added"))
    added_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, verbose_name=_("added by"), related_name="+"
    )

    class Meta:
        verbose_name = _("photograph of the work")
        verbose_name_plural = _("photographs of the work")
        indexes = [
            models.Index(fields=["client", "-on"], name="work_photograph_by_client"),
            models.Index(fields=["branch", "-on"], name="work_photograph_by_branch"),
        ]

    def __str__(self) -> str:
        return f"{self.on:%Y-%m-%d} {self.get_moment_display()}"


class PhotographConsent(models.Model):
    """What she said of photographs, when, where, on which words. Append-only; the last word of a purpose holds."""

    class Purpose(models.TextChoices):
        KEPT = "kept", _("kept for the work")
        SHOWN = "shown", _("shown to others")

    class Where(models.TextChoices):
        DESK = "desk", _("desk")
        LINK = "link", _("client's link")
        IMPORT = "import", _("import")
        RESTORE = "restore", _("kept through a restore")

    client = models.ForeignKey(Client, models.CASCADE, verbose_name=_("client"), related_name="+")
    purpose = models.CharField(_("purpose"), max_length=8, choices=Purpose)
    is_given = models.BooleanField(_("given"))
    at = models.DateTimeField(_("when"))
    where = models.CharField(_("where"), max_length=8, choices=Where)
    user = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, verbose_name=_("by"), related_name="+")
    # a colleague may be gone by the time it is asked for
    user_name = models.CharField(_("by (name)"), max_length=150, blank=True)
    text_shown = models.TextField(_("text shown"), blank=True)

    class Meta:
        verbose_name = _("consent to photographs")
        verbose_name_plural = _("consents to photographs")
        indexes = [models.Index(fields=["client", "purpose", "at"], name="photograph_consent_by_client")]

    def __str__(self) -> str:
        return f"{self.purpose} {self.is_given}"
