"""Out of stock, still helped (practices.md, P36)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from crm.booking.services.step import lock_client
from crm.catalogue.models import Product
from crm.orders.models import OtherPlace, StockHelp
from crm.people.models import Client
from crm.people.services.changes import note_change
from crm.team.models import Branch, User
from crm.team.selectors import branch_day

# she is sent to so many places at least (practices.md, P36)
PLACES = 3


class HelpRefused(Exception):
    """This is no help yet. `words` say why, for the desk."""

    words: str | Promise = _("Name three places that have it, or ask whether she wants to hear when it is back.")

    def __str__(self) -> str:
        return str(self.words)


class FewPlaces(HelpRefused):
    words = _("Name at least three places that have it: she should not have to go on looking.")


@dataclass(frozen=True, slots=True)
class PlaceFact:
    """A place that has it, and what it costs there, where that is known."""

    name: str
    address: str = ""
    price: Decimal | None = None


@transaction.atomic
def help_elsewhere(
    *,
    client: Client,
    product: Product,
    branch: Branch,
    places: Sequence[PlaceFact],
    wants_word: bool,
    now: datetime,
    user: User | None,
    key: str | None = None,
) -> StockHelp:
    """Writes down where else she gets it, which she is told at once, and whether she hears when it is back.

    A new wish for the same takes the place of the old one. The same key again gives the first help. Raises FewPlaces
    for one or two places, HelpRefused where there is neither a place nor a wish.
    """
    lock_client(client.pk)
    if key and (done := StockHelp.objects.filter(key=key).first()):
        return done
    if not places and not wants_word:
        raise HelpRefused
    if places and len({place.name.strip().casefold() for place in places}) < PLACES:
        raise FewPlaces
    if wants_word:
        _open_wishes(client, product).update(given_up_at=now)
    given = StockHelp.objects.create(
        branch=branch,
        client=client,
        product=product,
        at=now,
        on=branch_day(branch, now),
        user=user,
        wants_word=wants_word,
        key=key,
    )
    OtherPlace.objects.bulk_create(
        OtherPlace(help=given, position=position, name=place.name.strip(), address=place.address, price=place.price)
        for position, place in enumerate(places)
    )
    note_change([client.pk])
    return given


@transaction.atomic
def give_up_wish(*, given: StockHelp, now: datetime) -> bool:
    """She does not want to hear of it any more; False if that was said before."""
    wish = StockHelp.objects.filter(pk=given.pk, wants_word=True, given_up_at__isnull=True)
    if not wish.update(given_up_at=now):
        return False
    note_change([given.client_id])
    return True


def _open_wishes(client: Client, product: Product) -> QuerySet[StockHelp]:
    return StockHelp.objects.filter(client=client, product=product, wants_word=True, given_up_at__isnull=True)
