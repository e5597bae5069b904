"""Guessing codes is slowed (rules.md, Vouchers): twenty wrong ones an hour, by the person and by the connection."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils.crypto import salted_hmac

from crm.people.models import Client
from crm.team.models import User
from loyalty.vouchers.models import WrongCode

WRONG_ONES = 20
HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Guesser:
    """Who types a code: through which door (WrongCode.Door), by which connection, and who it is where that is known."""

    door: str
    connection: str
    user: User | None = None
    client: Client | None = None

    @property
    def digest(self) -> str:
        """Keyed with the salon's secret: the table tells nobody's address."""
        return salted_hmac("loyalty.vouchers.guessing", self.connection, algorithm="sha256").hexdigest()


def may_try_code(guesser: Guesser, *, now: datetime) -> bool:
    """Whether this person, and whoever shares her connection, may try a code now. One query.

    A desk's connection is everybody's there, so at the desk a login counts for itself alone.
    """
    lately = WrongCode.objects.filter(at__gt=now - HOUR)
    if guesser.user is not None:
        return lately.filter(user=guesser.user).count() < WRONG_ONES
    # a partner's till may share the salon's or a café's connection with whoever guesses coupons there
    at_partners = Q(door=WrongCode.Door.PARTNER)
    own_door = at_partners if guesser.door == WrongCode.Door.PARTNER else ~at_partners
    who = Q(connection=guesser.digest, user__isnull=True) & own_door
    if guesser.client is not None:
        who |= Q(client=guesser.client)
    return lately.filter(who).count() < WRONG_ONES


def note_wrong_code(guesser: Guesser, *, now: datetime) -> None:
    """Counts a code that gives this person nothing, whether it exists for somebody else or not."""
    WrongCode.objects.create(
        door=guesser.door, connection=guesser.digest, user=guesser.user, client=guesser.client, at=now
    )
