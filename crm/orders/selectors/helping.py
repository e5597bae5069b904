"""Reads of places that have it, and of help that was given."""

from django.db.models import QuerySet

from crm.orders.models import Place, StockHelp
from crm.people.models import Client
from crm.team.models import Branch


def known_places(branch: Branch) -> QuerySet[Place]:
    """The owner's list."""
    return Place.objects.filter(branch=branch, is_active=True).order_by("name")


def helps_of(client: Client) -> QuerySet[StockHelp]:
    """Where she was helped, the newest first."""
    return StockHelp.objects.filter(client=client).select_related("product").order_by("-at", "-pk")


def open_wishes(branch: Branch) -> QuerySet[StockHelp]:
    """Who wants to hear that something is back, the longest wait first."""
    wishes = StockHelp.objects.filter(branch=branch, wants_word=True, given_up_at__isnull=True)
    return wishes.select_related("client", "product").order_by("at", "pk")
