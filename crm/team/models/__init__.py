"""Branches, the people who work there, their hours, and the salon's own settings."""

from crm.team.models.hours import Closure, SpecialHours, TimeOff, WorkingHours
from crm.team.models.imports import ImportRun
from crm.team.models.settings import CrmSettings, PromiseAxis, WaitingPolicy
from crm.team.models.staff import (
    AddressForm,
    Branch,
    Language,
    Master,
    SalonUserManager,
    User,
    known_zones,
    validate_currency,
    validate_time_zone,
)

__all__ = [
    "AddressForm",
    "Branch",
    "Closure",
    "CrmSettings",
    "ImportRun",
    "Language",
    "Master",
    "PromiseAxis",
    "SalonUserManager",
    "SpecialHours",
    "TimeOff",
    "User",
    "WaitingPolicy",
    "WorkingHours",
    "known_zones",
    "validate_currency",
    "validate_time_zone",
]
