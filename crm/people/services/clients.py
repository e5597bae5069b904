"""Writing down a client, and what she is to the salon now."""

import secrets
from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from phonenumber_field.phonenumber import PhoneNumber, to_python
from phonenumbers import is_possible_number, region_code_for_number

from crm.people.models import Client
from crm.people.services.changes import note_change
from crm.people.services.finding import write_search, write_tokens
from crm.team.models import Branch
from crm.team.selectors import branch_day, salon_settings

Status = Client.Status


class PhoneNotUnderstood(ValidationError):
    def __init__(self) -> None:
        super().__init__(
            {"phone": _("This is no phone number we understand. Write it with the country code, like +387 61 …")}
        )


@transaction.atomic
def create_client(*, branch: Branch, name: str, now: datetime, phone: str = "", **fields: Any) -> Client:
    """Writes down a new client of this branch; `code` is made up where none is given.

    The phone may be typed as people do in the branch's country. Raises ValidationError, by field.
    """
    client = Client(
        branch=branch,
        name=name.strip(),
        phone=tidy_phone(phone, branch),
        code=fields.pop("code", "") or new_code(),
        created_at=now,
        since=fields.pop("since", None) or branch_day(branch, now),
        **fields,
    )
    write_search(client)
    client.full_clean(exclude=["branch"])
    client.save()
    write_tokens([client.pk])
    note_change([client.pk])
    return client


@transaction.atomic
def update_client(*, client: Client, **fields: Any) -> Client:
    """Changes contacts, name and manners of a client. Raises ValidationError, by field."""
    client = Client.objects.select_for_update(of=("self",)).select_related("branch").get(pk=client.pk)
    if "phone" in fields and fields["phone"] != client.phone:
        fields["phone"] = tidy_phone(fields["phone"], client.branch)
    for name, value in fields.items():
        setattr(client, name, value)
    write_search(client)
    client.full_clean(exclude=["branch"])
    client.save()
    write_tokens([client.pk])
    note_change([client.pk])
    return client


@transaction.atomic
def note_referrer(*, client: Client, bringer: Client | None) -> None:
    """Writes on her card who brought her, or takes it off; the caller holds her lock. Raises nothing: both are known."""
    client.referred_by = bringer
    client.save(update_fields=["referred_by"])
    note_change([client.pk])


@transaction.atomic
def set_client_status(*, client: Client, status: str, today: date, break_until: date | None = None) -> Client:
    """She is active, moved away, blocked, deceased, or on a break from `today` until a day.

    A break without a date lasts the owner's 90 days, then a person asks (rules.md, Rhythm).
    """
    client = Client.objects.select_for_update().get(pk=client.pk)
    is_break = status == Status.BREAK
    is_open = is_break and break_until is None
    if is_open:
        break_until = today + timedelta(days=salon_settings().break_default_days)
    if is_break and break_until is not None and break_until <= today:
        raise ValidationError({"break_until": _("A break ends on a later day.")})
    # a new end of the same break moves its beginning not
    is_same = client.status == Status.BREAK and client.break_until is not None and client.break_until > today
    begins = client.break_from if is_same and client.break_from is not None else today
    client.status = status
    client.break_from = begins if is_break else None
    client.break_until = break_until if is_break else None
    client.break_is_open = is_open
    client.save(update_fields=["status", "break_from", "break_until", "break_is_open"])
    note_change([client.pk])
    return client


def tidy_phone(phone: str, branch: Branch) -> str:
    """E.164 of a number typed as in the branch's country; raises PhoneNotUnderstood."""
    phone = phone.strip()
    if not phone:
        return ""
    number = to_python(phone, region=_country_of(branch))
    # possible, not valid: ranges of numbers are opened faster than tables of them are updated
    if not isinstance(number, PhoneNumber) or number.country_code is None or not is_possible_number(number):
        raise PhoneNotUnderstood
    return str(number.as_e164)


def _country_of(branch: Branch) -> str | None:
    """The country in which the branch's own phone is."""
    if not branch.phone:
        return None
    own = to_python(branch.phone)
    return region_code_for_number(own) if isinstance(own, PhoneNumber) and own.country_code else None


def new_code() -> str:
    """Random: two desks at once need no common counter."""
    return f"C{secrets.token_hex(5)}"
