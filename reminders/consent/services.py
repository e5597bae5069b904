"""Consent given and withdrawn, with its evidence (practices.md, P53)."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from crm.people.models import Client
from crm.people.services.changes import note_change
from crm.team.models import User
from reminders.consent.models import Channel, ConsentEvent, ContactPermission, MessageSettings, Purpose

CHANNEL_OF = {"email": Channel.EMAIL, "phone": Channel.SMS}


def grant(
    *,
    client: Client,
    purpose: str,
    channel: str,
    where: str,
    now: datetime,
    user: User | None = None,
    text_shown: str = "",
) -> None:
    """She allows this channel for this purpose."""
    _write(client, [(purpose, channel)], given=True, where=where, now=now, user=user, text_shown=text_shown)


def withdraw(
    *,
    client: Client,
    purpose: str,
    channel: str,
    where: str,
    now: datetime,
    user: User | None = None,
    text_shown: str = "",
) -> None:
    """She no longer wants this channel for this purpose; effective at once."""
    _write(client, [(purpose, channel)], given=False, where=where, now=now, user=user, text_shown=text_shown)


def stop_channel(
    *, client: Client, channel: str, where: str, now: datetime, user: User | None = None, text_shown: str = ""
) -> None:
    """No more care and marketing on this channel; appointment messages go on (rules.md, Opt-out)."""
    _write(
        client,
        [(Purpose.CARE, channel), (Purpose.MARKETING, channel)],
        given=False,
        where=where,
        now=now,
        user=user,
        text_shown=text_shown,
    )


@transaction.atomic
def refuse_care(*, client: Client, refused: bool, where: str, now: datetime, user: User | None = None) -> None:
    """She wants no care at all, and no call but about an appointment; or wants it again."""
    permission = _locked(client)
    permission.care_refused = refused
    permission.save(update_fields=["care_refused"])
    ConsentEvent.objects.bulk_create(
        [
            ConsentEvent(
                client=client,
                purpose=Purpose.CARE,
                channel=channel,
                is_given=not refused,
                at=now,
                where=where,
                user=user,
            )
            for channel in (Channel.EMAIL, Channel.SMS, Channel.CALL)
        ]
    )
    note_change([client.pk])


@transaction.atomic
def mark_dead(*, client: Client, channel: str, now: datetime) -> None:
    """A permanent failure: nothing more is tried there until somebody writes a new address."""
    permission = _locked(client)
    setattr(permission, f"{channel}_dead_at", now)
    permission.save(update_fields=[f"{channel}_dead_at"])
    note_change([client.pk])


@transaction.atomic
def revive(*, client: Client, changed: Iterable[str]) -> None:
    """Addresses (`email`, `phone`) were written anew: they live again."""
    dead = {f"{CHANNEL_OF[name]}_dead_at": None for name in changed if name in CHANNEL_OF}
    if dead and ContactPermission.objects.filter(client=client).update(**dead):
        note_change([client.pk])


@transaction.atomic
def hold_sending(*, now: datetime) -> None:
    """Nothing is sent until a person releases it (a restored backup, trust.md M8)."""
    settings, _created = MessageSettings.objects.get_or_create(pk=1)
    if settings.held_at is None:
        settings.held_at = now
        settings.save(update_fields=["held_at"])


@transaction.atomic
def release_sending() -> None:
    """Goes on; what is past its last moment by now is dropped, not sent."""
    settings, _created = MessageSettings.objects.get_or_create(pk=1)
    settings.held_at = None
    settings.save(update_fields=["held_at"])


def _locked(client: Client) -> ContactPermission:
    # parent first: consents of one client wait for each other here
    Client.objects.select_for_update().get(pk=client.pk)
    permission, _created = ContactPermission.objects.get_or_create(client=client)
    return permission


@transaction.atomic
def _write(
    client: Client,
    what: Iterable[tuple[str, str]],
    *,
    given: bool,
    where: str,
    now: datetime,
    user: User | None,
    text_shown: str,
) -> None:
    permission = _locked(client)
    changed = []
    for purpose, channel in what:
        name = f"{purpose}_{channel}"
        # no switch, no difference: service by call cannot be refused, offers are never made by call but about a lapse
        if getattr(permission, name, given) != given:
            setattr(permission, name, given)
            changed.append(name)
        # agreeing to care by one channel takes back the refusal of all
        if purpose == Purpose.CARE and given and permission.care_refused:
            permission.care_refused = False
            changed.append("care_refused")
        ConsentEvent.objects.create(
            client=client,
            purpose=purpose,
            channel=channel,
            is_given=given,
            at=now,
            where=where,
            user=user,
            text_shown=text_shown,
        )
    if changed:
        permission.save(update_fields=changed)
        note_change([client.pk])
