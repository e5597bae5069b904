"""Consent given and withdrawn, with its evidence (practices.md, P53)."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime, time

from django.db import transaction

from crm.people.models import Client
from crm.people.services.changes import note_change
from crm.team.models import User
from reminders.consent.models import Channel, ConsentEvent, ContactPermission, MessageSettings, Purpose
from reminders.consent.selectors import Refusal, is_in_force, permission_of

# what is dead with an old address or number
DEAD_WITH = {"email": ("email_dead_at",), "phone": ("sms_dead_at", "call_dead_at")}
CARE_BY = (Channel.EMAIL, Channel.SMS, Channel.CHAT, Channel.CALL)
# the columns that keep when she agreed
DATED: dict[tuple[str, str], str] = {
    **{(Purpose.CARE, channel): f"care_{channel}_at" for channel in CARE_BY},
    **{
        (Purpose.MARKETING, channel): f"marketing_{channel}_at"
        for channel in (Channel.EMAIL, Channel.SMS, Channel.CHAT)
    },
}
# those that a refusal of all care speaks of
REFUSALS = (Channel.EMAIL, Channel.SMS, Channel.CALL)
Where = ConsentEvent.Where


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


@transaction.atomic
def set_consents(
    *,
    client: Client,
    wanted: dict[tuple[str, str], bool],
    where: str,
    now: datetime,
    texts: dict[str, str],
    user: User | None = None,
) -> list[tuple[str, str, bool]]:
    """Grants and withdraws what differs from before; gives that. `texts`: the words shown by purpose.

    A yes that has ended is none: wanted, it is given anew; not wanted, nothing was said of it.
    """
    permission = permission_of(client)
    changed = []
    for (purpose, channel), is_wanted in wanted.items():
        if is_in_force(permission, purpose, channel, now) == is_wanted:
            continue
        what, words = [(purpose, channel)], texts.get(purpose, "")
        _write(client, what, given=is_wanted, where=where, now=now, user=user, text_shown=words)
        changed.append((purpose, channel, is_wanted))
    return changed


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
                user_name=_name_of(user),
            )
            for channel in REFUSALS
        ]
    )
    note_change([client.pk])


@transaction.atomic
def mark_dead(*, client: Client, channel: str, now: datetime) -> None:
    """A permanent failure: nothing more is tried there until somebody writes a new address."""
    _mark(client, {f"{channel}_dead_at": now})


@transaction.atomic
def mark_wrong_number(*, client: Client, now: datetime) -> None:
    """It is somebody else's: neither written to nor rung until somebody writes a new one."""
    _mark(client, dict.fromkeys(DEAD_WITH["phone"], now))


def _mark(client: Client, dead: dict[str, datetime]) -> None:
    permission = _locked(client)
    for name, at in dead.items():
        setattr(permission, name, at)
    permission.save(update_fields=list(dead))
    note_change([client.pk])


@transaction.atomic
def revive(*, client: Client, changed: Iterable[str]) -> None:
    """Addresses (`email`, `phone`) were written anew: they live again."""
    dead = {name: None for field in changed for name in DEAD_WITH.get(field, ())}
    if dead and ContactPermission.objects.filter(client=client).update(**dead):
        note_change([client.pk])


@transaction.atomic
def refuse_again(*, refusals: Iterable[Refusal]) -> int:
    """What was refused after a copy was made holds in what the copy brought back; gives how many.

    The evidence keeps its hour; clients whom the copy does not know are passed over.
    """
    by_client: dict[str, list[Refusal]] = defaultdict(list)
    for refusal in refusals:
        by_client[refusal.client].append(refusal)
    done = 0
    for client in Client.objects.filter(code__in=by_client):
        permission = _locked(client)
        for refusal in by_client[client.code]:
            if hasattr(permission, f"{refusal.purpose}_{refusal.channel}"):
                setattr(permission, f"{refusal.purpose}_{refusal.channel}", False)
            ConsentEvent.objects.create(
                client=client,
                purpose=refusal.purpose,
                channel=refusal.channel,
                is_given=False,
                at=refusal.at,
                where=Where.RESTORE,
                user_name=refusal.user_name,
                text_shown=refusal.text_shown,
            )
            done += 1
        permission.save()
        note_change([client.pk])
    return done


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
def choose_hours(*, client: Client, hours: tuple[time, time] | None) -> bool:
    """In which hours of the day she wishes to be written to, by her own clock; none: the salon's. False: as before."""
    permission = _locked(client)
    chosen = hours or (None, None)
    if (permission.hours_from, permission.hours_until) == chosen:
        return False
    permission.hours_from, permission.hours_until = chosen
    permission.save(update_fields=["hours_from", "hours_until"])
    note_change([client.pk])
    return True


@transaction.atomic
def take_back_consents(*, client: Client, at: datetime, now: datetime, user: User | None = None) -> int:
    """What was said of consent at that instant was a slip: what had held before holds again. Gives how many.

    What has been said anew since then stays. A yes that comes back is as old as it was.
    """
    permission = _locked(client)
    said = list(ConsentEvent.objects.filter(client=client).order_by("at", "pk"))
    slips = {(event.purpose, event.channel): event for event in said if event.at == at}
    last = {(event.purpose, event.channel): event for event in said}
    undone = [event for what, event in slips.items() if last[what] == event and event.where != Where.UNDONE]
    before = [event for event in said if event.at < at]
    held = {(event.purpose, event.channel): event.is_given for event in before}
    for event in undone:
        name, what = f"{event.purpose}_{event.channel}", (event.purpose, event.channel)
        if hasattr(permission, name):
            setattr(permission, name, held.get(what, not event.is_given))
        if hasattr(permission, f"{name}_at"):
            setattr(permission, f"{name}_at", _dates(before).get(what))
    if any(event.purpose == Purpose.CARE for event in undone):
        # a refusal of all is one of each
        refused = [held.get((Purpose.CARE, channel), True) is False for channel in REFUSALS]
        permission.care_refused = all(refused)
    if undone:
        permission.save()
        ConsentEvent.objects.bulk_create(
            [
                ConsentEvent(
                    client=client,
                    purpose=event.purpose,
                    channel=event.channel,
                    is_given=not event.is_given,
                    at=now,
                    where=Where.UNDONE,
                    user=user,
                    user_name=_name_of(user),
                )
                for event in undone
            ]
        )
        note_change([client.pk])
    return len(undone)


def date_consents(*, client_ids: Collection[int]) -> list[int]:
    """Writes anew when these clients last agreed, from the evidence; gives those of whom it differed."""
    said: dict[int, list[ConsentEvent]] = defaultdict(list)
    for event in ConsentEvent.objects.filter(client__in=client_ids).order_by("at", "pk"):
        said[event.client_id].append(event)
    differing = []
    for permission in ContactPermission.objects.filter(client__in=said):
        dates = _dates(said[permission.pk])
        wanted = {name: dates.get(what) for what, name in DATED.items()}
        if any(getattr(permission, name) != at for name, at in wanted.items()):
            differing.append(permission)
            for name, at in wanted.items():
                setattr(permission, name, at)
    ContactPermission.objects.bulk_update(differing, list(DATED.values()), batch_size=200)
    return [permission.pk for permission in differing]


def _dates(said: Iterable[ConsentEvent]) -> dict[tuple[str, str], datetime | None]:
    """When she last agreed to what, by these events in order of time; a yes taken back as a slip is none."""
    agreed: dict[tuple[str, str], list[datetime]] = defaultdict(list)
    for event in said:
        of_it = agreed[event.purpose, event.channel]
        if event.is_given and event.where != Where.UNDONE:
            of_it.append(event.at)
        elif not event.is_given and event.where == Where.UNDONE and of_it:
            of_it.pop()
    return {what: days[-1] for what, days in agreed.items() if days}


def _name_of(user: User | None) -> str:
    return str(user)[:150] if user else ""


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
        # agreeing to care by one channel takes back the refusal of all, and is a yes to that one only
        if purpose == Purpose.CARE and given and permission.care_refused:
            permission.care_refused = False
            changed.append("care_refused")
            for other in CARE_BY:
                setattr(permission, f"care_{other}", False)
                changed.append(f"care_{other}")
        # no switch, no difference: service by call cannot be refused, offers are never made by call but about a lapse
        if getattr(permission, name, given) != given:
            setattr(permission, name, given)
            changed.append(name)
        if given and (purpose, channel) in DATED:
            setattr(permission, DATED[purpose, channel], now)
            changed.append(DATED[purpose, channel])
        ConsentEvent.objects.create(
            client=client,
            purpose=purpose,
            channel=channel,
            is_given=given,
            at=now,
            where=where,
            user=user,
            user_name=_name_of(user),
            text_shown=text_shown,
        )
    if changed:
        permission.save(update_fields=changed)
        note_change([client.pk])
