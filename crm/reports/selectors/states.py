"""State, pause and stage of clients (rules.md, Rhythm and The five stages)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from crm.booking.models import Pulse, Visit
from crm.care.models import Complaint, Feedback
from crm.people.models import Client
from crm.reports.selectors.past import PulseOn
from crm.team.selectors import salon_settings, zone

STATE_WORDS = {
    "booked": _("booked"),
    "on_rhythm": _("on rhythm"),
    "due": _("due"),
    "late": _("late"),
    "lapsed": _("lapsed"),
    "lost": _("lost"),
}
PAUSE_WORDS = {
    "break": _("on a break"),
    "moved": _("moved away"),
    "blocked": _("blocked"),
    "deceased": _("deceased"),
    "complaint": _("complaint"),
}
STAGE_WORDS = {
    "potential": _("potential"),
    "visitor": _("visitor"),
    "buyer": _("buyer"),
    "regular": _("regular"),
    "advocate": _("advocate"),
}


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a client stands today: keys of the word lists above, and days."""

    state: str | None
    pause: str | None
    silence: int | None
    rhythm: int | None
    stage: str

    @property
    def days_late(self) -> int:
        """Days past her rhythm, never below 0."""
        return max(0, (self.silence or 0) - (self.rhythm or 0))


def state_of(pulse: Pulse | PulseOn | None, today: date, now: datetime) -> str | None:
    """The state of a client with this pulse; none without a counting day."""
    if pulse is None or pulse.last_counting_on is None:
        return None
    if pulse.open_until is not None and now <= pulse.open_until:
        return "booked"
    # asked a million times in a report: no loop over a list made for each of them
    if pulse.rhythm_until is not None and today <= pulse.rhythm_until:
        return "on_rhythm"
    if pulse.due_until is not None and today <= pulse.due_until:
        return "due"
    if pulse.late_until is not None and today <= pulse.late_until:
        return "late"
    return "lapsed" if pulse.lapsed_until is not None and today <= pulse.lapsed_until else "lost"


def paused_by_complaint(client_ids: Iterable[int], today: date) -> set[int]:
    """Those with a complaint open, or resolved less than 14 days (owner's setting) before today."""
    quiet_since = today - timedelta(days=salon_settings().complaint_pause_days)
    return set(
        Complaint.objects.filter(client_id__in=client_ids, opened_on__lte=today)
        .filter(Q(resolved_on__isnull=True) | Q(resolved_on__gt=quiet_since))
        .values_list("client_id", flat=True)
    )


class Manners(NamedTuple):
    """What of a client decides her pause, without the weight of a row: there may be a million."""

    pk: int
    code: str
    status: str
    break_from: date | None
    break_until: date | None


def pause_of(client: Client | Manners, today: date, *, has_complaint: bool) -> str | None:
    """Why nothing but appointment messages goes to her today, if so. The graver reason first."""
    if client.status == Client.Status.ACTIVE:
        return "complaint" if has_complaint else None
    if client.status == Client.Status.DECEASED:
        return "deceased"
    if client.status in (Client.Status.BLOCKED, Client.Status.MOVED):
        return str(client.status)
    if client.status == Client.Status.BREAK and client.break_until and today < client.break_until:
        return "break"
    return "complaint" if has_complaint else None


def stage_of(pulse: Pulse | PulseOn | None, state: str | None, *, brought_paying: bool, last_score: int | None) -> str:
    """One of the five stages; `brought_paying`: a friend of hers had a paid visit in the last 365 days."""
    if pulse is None or not pulse.visit_days:
        return "potential"
    if not pulse.has_paid:
        return "visitor"
    is_regular = (
        pulse.last_counting_on is not None
        and pulse.third_last_counting_on is not None
        and pulse.rhythm is not None
        and (pulse.last_counting_on - pulse.third_last_counting_on).days <= max(365, 4 * pulse.rhythm)
        and state not in ("lapsed", "lost")
    )
    if not is_regular:
        return "buyer"
    satisfied = last_score is not None and last_score >= 9 and pulse.visit_days >= 5
    return "advocate" if brought_paying or satisfied else "regular"


def standings(clients: QuerySet[Client] | list[Client], *, today: date, now: datetime) -> dict[int, Standing]:
    """Where each of these clients stands; `clients` come with `pulse` selected. A fixed number of queries."""
    clients = list(clients)
    ids = [client.pk for client in clients]
    complaints = paused_by_complaint(ids, today)
    brought = set(
        Visit.objects.filter(
            client__referred_by__in=ids, is_paid=True, on__gt=today - timedelta(days=365), on__lte=today
        ).values_list("client__referred_by", flat=True)
    )
    scores = dict(Feedback.objects.filter(client_id__in=ids).order_by("answered_at").values_list("client_id", "score"))
    found = {}
    for client in clients:
        pulse = getattr(client, "pulse", None)
        state = state_of(pulse, today, now)
        last = pulse.last_counting_on if pulse else None
        found[client.pk] = Standing(
            state=state,
            pause=pause_of(client, today, has_complaint=client.pk in complaints),
            silence=(today - last).days if last else None,
            rhythm=pulse.rhythm if pulse else None,
            stage=stage_of(
                pulse,
                state,
                brought_paying=client.pk in brought,
                last_score=scores.get(client.pk),
            ),
        )
    return found


def standing_of(client: Client, *, now: datetime) -> Standing:
    """Where one client stands on her branch's day."""
    return standings([client], today=now.astimezone(zone(client.branch)).date(), now=now)[client.pk]
