"""What was agreed with one client for all times to come."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from crm.catalogue.models import Service
from crm.people.models import Client
from crm.team.fields import MoneyField


class Accommodation(models.Model):
    """A client's own duration or price of a service: thick hair takes longer, an old price was promised.

    Taken wherever the service is planned for her. None means as for everybody.
    """

    client = models.ForeignKey(Client, models.CASCADE, verbose_name=_("client"), related_name="accommodations")
    service = models.ForeignKey(Service, models.CASCADE, verbose_name=_("service"), related_name="+")
    minutes = models.PositiveSmallIntegerField(
        _("minutes"), null=True, blank=True, validators=[MinValueValidator(5), MaxValueValidator(24 * 60)]
    )
    price = MoneyField(_("price"), null=True, blank=True)
    note = models.CharField(_("why"), max_length=200, blank=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("agreed with a client")
        verbose_name_plural = _("agreed with clients")
        constraints = [
            models.UniqueConstraint(fields=["client", "service"], name="accommodation_once"),
            models.CheckConstraint(
                condition=models.Q(minutes__isnull=False) | models.Q(price__isnull=False),
                name="accommodation_says_something",
                violation_error_message=_("Write down her minutes, her price, or both."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.client_id} {self.service_id}"
