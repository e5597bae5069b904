"""Codes of six digits by which somebody shows that a telephone or an address is hers; who knocks too often."""

from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.booking.models import Appointment

ATTEMPTS = 5


class ContactCode(models.Model):
    """A code sent by the booking page. It knows nobody: number, address and code are keyed digests.

    `key` is what the browser that asked for it holds. Rows go after a day.
    """

    key = models.CharField(max_length=32, unique=True, editable=False)
    address_digest = models.CharField(max_length=64, editable=False)
    # whose connection asked
    visitor_digest = models.CharField(max_length=64, editable=False)
    code_digest = models.CharField(max_length=64, editable=False)
    sent_at = models.DateTimeField(_("sent"))
    good_until = models.DateTimeField(_("good until"))
    attempts = models.PositiveSmallIntegerField(
        _("attempts"), default=0, validators=[MaxValueValidator(ATTEMPTS)], editable=False
    )
    proved_at = models.DateTimeField(_("typed in"), null=True, blank=True)
    # what was booked with it: a second press finds what the first has booked
    appointment = models.ForeignKey(
        Appointment, models.SET_NULL, null=True, blank=True, editable=False, related_name="+"
    )

    class Meta:
        verbose_name = _("code of the booking page")
        verbose_name_plural = _("codes of the booking page")
        indexes = [
            models.Index(fields=["address_digest", "sent_at"], name="contact_code_by_address"),
            models.Index(fields=["visitor_digest", "sent_at"], name="contact_code_by_visitor"),
            models.Index(fields=["sent_at"], name="contact_code_by_time"),
        ]
        constraints = [
            models.CheckConstraint(
                # nobody tries more often, whatever the code above it thinks
                condition=models.Q(attempts__lte=ATTEMPTS),
                name="contact_code_attempts",
            )
        ]

    def __str__(self) -> str:
        return f"{self.sent_at:%Y-%m-%d %H:%M}"


class Knock(models.Model):
    """Somebody sent the page for complaints, or asked in vain for a complaint by its number. It knows nobody.

    Connection and number are keyed digests. Rows go after a day.
    """

    class Door(models.TextChoices):
        REPORT = "report", _("a complaint was sent")
        NUMBER = "number", _("a number was asked for in vain")

    door = models.CharField(_("what"), max_length=8, choices=Door)
    visitor_digest = models.CharField(max_length=64, editable=False)
    # of the number that was asked for, or of where an answer should go
    about_digest = models.CharField(max_length=64, blank=True, editable=False)
    at = models.DateTimeField(_("when"))

    class Meta:
        verbose_name = _("knock at the page for complaints")
        verbose_name_plural = _("knocks at the page for complaints")
        indexes = [
            models.Index(fields=["door", "visitor_digest", "at"], name="knock_by_visitor"),
            models.Index(fields=["door", "about_digest", "at"], name="knock_by_what"),
            models.Index(fields=["at"], name="knock_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.get_door_display()} {self.at:%Y-%m-%d %H:%M}"
