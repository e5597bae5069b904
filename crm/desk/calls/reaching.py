"""At which hours somebody answers: read from when she was reached, wrote, answered or booked by herself before."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from crm.booking.models import AppointmentEvent
from crm.care.models import AfterAnswer, Call, Feedback
from reminders.consent.models import ContactPermission
from reminders.inbox.models import Letter

Via = AppointmentEvent.Via
# older habits may be over
LOOKED_BACK = timedelta(days=400)
# nobody is rung outside of these hours, whenever she books by herself
FIRST, LAST = 8, 21
WIDE = 2
# fewer say nothing, and so do hours that hold less than half of them
ENOUGH = 3
ANSWERED = (Call.Outcome.REACHED, Call.Outcome.BOOKED, Call.Outcome.NOT_INTERESTED, Call.Outcome.NOT_WANTED)


@dataclass(frozen=True, slots=True)
class BestHours:
    """From the hour `begins` for two hours she answered `hits` of `times` times."""

    begins: int
    hits: int
    times: int

    @property
    def words(self) -> str:
        """For the desk, by its own clock."""
        return _("Best between %(from)s and %(until)s: %(hits)d of %(times)d times she answered then.") % {
            "from": f"{self.begins:02}:00",
            "until": f"{self.begins + WIDE:02}:00",
            "hits": self.hits,
            "times": self.times,
        }


def best_hours(client_ids: Collection[int], *, now: datetime) -> dict[int, BestHours]:
    """By client, by the clock of the branch at hand; who is not among them answers at no hour that is known. One query."""
    since = now - LOOKED_BACK
    by_herself = AppointmentEvent.objects.filter(
        appointment__client__in=client_ids, via__in=[Via.LINK, Via.BOOK], at__gt=since
    ).order_by()
    found = by_herself.values_list("appointment__client_id", "at").union(
        Call.objects.filter(client__in=client_ids, outcome__in=ANSWERED, done_at__gt=since)
        .order_by()
        .values_list("client_id", "done_at"),
        Letter.objects.filter(conversation__client__in=client_ids, at__gt=since)
        .order_by()
        .values_list("conversation__client_id", "at"),
        AfterAnswer.objects.filter(client__in=client_ids, answered_at__gt=since)
        .order_by()
        .values_list("client_id", "answered_at"),
        Feedback.objects.filter(client__in=client_ids, answered_at__gt=since, written_by__isnull=True)
        .order_by()
        .values_list("client_id", "answered_at"),
        all=True,
    )
    hours: dict[int, list[int]] = defaultdict(list)
    for client, at in found:
        hours[client].append(timezone.localtime(at).hour)
    best = {client: best_of(times) for client, times in hours.items()}
    return {client: each for client, each in best.items() if each is not None}


def with_reach(calls: list[Call], *, now: datetime) -> list[Call]:
    """Calls with `best`, the hours at which she answers, and `is_wrong_number`, for templates; two queries, or none."""
    clients = {call.client_id for call in calls}
    if not clients:
        return calls
    best = best_hours(clients, now=now)
    wrong = set(
        ContactPermission.objects.filter(client__in=clients, call_dead_at__isnull=False).values_list("pk", flat=True)
    )
    for call in calls:
        call.best, call.is_wrong_number = best.get(call.client_id), call.client_id in wrong
    return calls


def best_of(hours: Iterable[int]) -> BestHours | None:
    """The two hours in a row with the most answers, the earlier of equals; none where nothing stands out."""
    counted = Counter(hour for hour in hours if FIRST <= hour < LAST)
    times = counted.total()
    begins = max(range(FIRST, LAST - 1), key=lambda hour: (counted[hour] + counted[hour + 1], counted[hour], -hour))
    hits = counted[begins] + counted[begins + 1]
    return BestHours(begins, hits, times) if times >= ENOUGH and hits * 2 >= times else None
