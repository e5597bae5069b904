"""What clients said."""

from collections.abc import Collection

from django.db.models import OuterRef, Q, Subquery

from crm.care.models import Feedback, Quote
from crm.catalogue.models import Service
from crm.people.models import Client

MERELY_SATISFIED = (7, 8)


def quotes_about(
    services: Collection[Service], language: str, *, beside: Client | None = None, count: int
) -> list[Quote]:
    """What others than she (`beside`) said of these services, in this language, the newest first. One query."""
    quotes = Quote.objects.filter(service__in=services, language=language, is_shown=True)
    if beside is not None:
        quotes = quotes.filter(Q(feedback__isnull=True) | ~Q(feedback__client=beside))
    # the same words may stand under two services of one visit
    found = {quote.text: quote for quote in quotes.order_by("pk")}
    return list(reversed(found.values()))[:count]


def last_scores(client_ids: Collection[int]) -> dict[int, int]:
    """The last score each of these clients gave; 7 and 8 are merely satisfied. One query."""
    latest = Feedback.objects.filter(client=OuterRef("client")).order_by("-answered_at", "-pk").values("pk")[:1]
    return dict(Feedback.objects.filter(client__in=client_ids, pk=Subquery(latest)).values_list("client_id", "score"))
