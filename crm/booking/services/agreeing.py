"""What is agreed with one client for all times to come: her own minutes and price of a service."""

from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from crm.booking.models import Accommodation
from crm.booking.services.step import lock_client
from crm.catalogue.models import Service
from crm.people.models import Client


@transaction.atomic
def agree_with(
    *, client: Client, service: Service, minutes: int | None = None, price: Decimal | None = None, note: str = ""
) -> Accommodation:
    """From now on this service takes so many minutes for her, costs her so much, or both; what is booked stays.

    It replaces what was agreed before; its history keeps that. Raises ValidationError where neither is said,
    or the minutes or the price are beyond sense.
    """
    if price is not None and price < 0:
        raise ValidationError({"price": _("A price is not below zero.")})
    lock_client(client.pk)
    agreed = Accommodation.objects.filter(client=client, service=service).first()
    agreed = agreed or Accommodation(client=client, service=service)
    said = (minutes, price, note.strip())
    if agreed.pk and (agreed.minutes, agreed.price, agreed.note) == said:
        return agreed
    agreed.minutes, agreed.price, agreed.note = said
    agreed.full_clean()
    agreed.save()
    return agreed


@transaction.atomic
def forget_agreement(*, client: Client, service: Service) -> bool:
    """From now on as for everybody; False if nothing was agreed. Its history stays."""
    lock_client(client.pk)
    agreed = Accommodation.objects.filter(client=client, service=service).first()
    if agreed is None:
        return False
    agreed.delete()
    return True
