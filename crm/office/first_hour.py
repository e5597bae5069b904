"""What a new salon needs before it works by itself: the steps of the owner's first page."""

from dataclasses import dataclass
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from crm.care.models import Standard
from crm.catalogue.models import Service
from crm.people.models import Client
from crm.team.models import Master
from reminders.journeys.models import Journey


@dataclass(frozen=True, slots=True)
class Step:
    """`may_wait`: it is proposed while the others are still to do, and holds nobody up."""

    title: Any
    words: Any
    url: str
    done: bool
    may_wait: bool = False


def first_steps() -> list[Step]:
    """What a new salon needs before it works by itself, in order."""
    return [
        Step(
            _("What you offer"),
            _("Services with their time, price and usual return."),
            reverse("admin:crm_service_changelist"),
            Service.objects.exists(),
        ),
        Step(
            _("Who works here"),
            _("Masters with their working hours; without hours nothing can be booked."),
            reverse("admin:crm_master_changelist"),
            Master.objects.filter(is_active=True, working_hours__isnull=False).exists(),
        ),
        Step(
            _("Your clients"),
            _("Bring them in from another system or a spreadsheet, or write the first one down."),
            first_of("office:import", "admin:office_import", "admin:crm_client_add"),
            Client.objects.exists(),
        ),
        Step(
            _("The first message"),
            _("Look at the forecast and switch on what may go out by itself."),
            reverse("admin:reminders_journey_forecast"),
            Journey.objects.filter(is_on=True).exists(),
        ),
        Step(
            _("What every client can count on"),
            _("A checklist for each visit, from ready-made ones. It can wait."),
            reverse("office:standards_begin"),
            Standard.objects.filter(current__isnull=False).exists(),
            may_wait=True,
        ),
    ]


def first_of(*names: str) -> str:
    """The first of these addresses that is wired."""
    for name in names:
        try:
            return reverse(name)
        except NoReverseMatch:
            continue
    return ""
