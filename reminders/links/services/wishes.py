"""What she wants to get and what not, with the evidence of it."""

from datetime import datetime

from django.db import transaction

from crm.people.models import Client
from reminders.consent.models import ConsentEvent
from reminders.consent.selectors import is_allowed, permission_of
from reminders.consent.services import grant, stop_channel, withdraw

Where = ConsentEvent.Where


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
def set_preferences(
    *, client: Client, wanted: dict[tuple[str, str], bool], now: datetime, texts: dict[str, str]
) -> int:
    """Grants and withdraws what differs from before; gives how many changed. `texts`: the words shown by purpose."""
    permission = permission_of(client)
    changed = 0
    for (purpose, channel), is_wanted in wanted.items():
        if is_allowed(permission, purpose, channel) == is_wanted:
            continue
        verb = grant if is_wanted else withdraw
        verb(
            client=client,
            purpose=purpose,
            channel=channel,
            where=Where.LINK,
            now=now,
            text_shown=texts.get(purpose, ""),
        )
        changed += 1
    return changed
