"""What she wants to get and what not, and how she wishes to be spoken to, with the evidence of what is consent."""

from dataclasses import dataclass, field
from datetime import date, datetime, time

from django.db import transaction

from crm.people.models import Client
from crm.people.services import set_client_status, update_client
from crm.team.selectors import branch_day
from reminders.consent.models import Channel, ConsentEvent
from reminders.consent.selectors import is_allowed, permission_of
from reminders.consent.services import (
    choose_hours,
    revive,
    set_consents,
    stop_channel,
    take_back_consents,
    withdraw,
)

Where = ConsentEvent.Where
Status = Client.Status
# of a client's card, what she may say of herself
SAYS = (
    "called", "address_form", "gender", "language", "preferred_channel", "holidays", "time_zone",
)  # fmt: skip
Hours = tuple[time, time] | None


@dataclass(slots=True)
class Wishes:
    """What she wishes: of her card, in which hours, and until which day nothing; a key that is not there stays as it is."""

    says: dict[str, str] = field(default_factory=dict)
    hours: Hours = None
    pause: date | None = None


@dataclass(slots=True)
class Kept:
    """What was changed, and what it had been, so that it can be taken back."""

    at: datetime
    # consent that was changed: purpose, channel and whether it is given now
    consents: list[tuple[str, str, bool]] = field(default_factory=list)
    before: Wishes = field(default_factory=Wishes)
    changed: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.consents or self.changed)


def wishes_of(client: Client, now: datetime) -> Wishes:
    """As they stand."""
    permission = permission_of(client)
    hours = None
    if permission.hours_from is not None and permission.hours_until is not None:
        hours = permission.hours_from, permission.hours_until
    return Wishes({name: getattr(client, name) for name in SAYS}, hours, pause_of(client, now))


def pause_of(client: Client, now: datetime) -> date | None:
    """The first day on which she may be written to again; none where nothing rests."""
    if client.status != Status.BREAK or client.break_until is None:
        return None
    return client.break_until if client.break_until > branch_day(client.branch, now) else None


def stop(*, client: Client, purpose: str, channel: str, where: str, now: datetime, text_shown: str = "") -> bool:
    """No more of this purpose by this channel; False where it was stopped before."""
    if not is_allowed(permission_of(client), purpose, channel):
        return False
    withdraw(client=client, purpose=purpose, channel=channel, where=where, now=now, text_shown=text_shown)
    return True


def stop_all_but_appointments(*, client: Client, channel: str, now: datetime, text_shown: str = "") -> None:
    """No care and no marketing by this channel any more."""
    stop_channel(client=client, channel=channel, where=Where.UNSUBSCRIBE, now=now, text_shown=text_shown)


@transaction.atomic
def keep_wishes(
    *,
    client: Client,
    wishes: Wishes | None,
    wanted: dict[tuple[str, str], bool],
    now: datetime,
    texts: dict[str, str],
) -> Kept:
    """Keeps all of it in one act and gives what differs from before; without `wishes` only the consent.

    A pause rests care and marketing until its day (rules.md, Paused); who has moved away or is blocked has none.
    Raises ValidationError, by field.
    """
    kept = Kept(at=now, before=wishes_of(client, now))
    kept.consents = set_consents(client=client, wanted=wanted, where=Where.LINK, now=now, texts=texts)
    if wishes is not None:
        kept.changed = _write(client, kept.before, wishes, now)
    return kept


@transaction.atomic
def take_back_wishes(*, client: Client, kept: Kept, now: datetime) -> None:
    """It was a slip: what was changed is as it had been; all else stays as it is now."""
    take_back_consents(client=client, at=kept.at, now=now)
    stands, before = wishes_of(client, now), kept.before
    wished = Wishes(
        says={name: before.says[name] for name in SAYS if name in kept.changed},
        hours=before.hours if "hours" in kept.changed else stands.hours,
        pause=before.pause if "pause" in kept.changed else stands.pause,
    )
    _write(client, stands, wished, now)


@transaction.atomic
def change_contact(*, client: Client, channel: str, address: str) -> None:
    """A number or address that was shown to be hers takes the place of the old one, and lives. Raises ValidationError."""
    field = "email" if channel == Channel.EMAIL else "phone"
    update_client(client=client, **{field: address})
    revive(client=client, changed=[field])


def _write(client: Client, before: Wishes, wishes: Wishes, now: datetime) -> list[str]:
    says = {name: value for name, value in wishes.says.items() if value != before.says.get(name)}
    changed = [name for name in SAYS if name in says]
    if says:
        update_client(client=client, **says)
    if choose_hours(client=client, hours=wishes.hours):
        changed.append("hours")
    if wishes.pause != before.pause and client.status in (Status.ACTIVE, Status.BREAK):
        set_client_status(
            client=client,
            status=Status.BREAK if wishes.pause else Status.ACTIVE,
            today=branch_day(client.branch, now),
            break_until=wishes.pause,
        )
        changed.append("pause")
    return changed
