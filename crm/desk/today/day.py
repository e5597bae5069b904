"""One day of a master, or of the whole branch, as a timeline (practices.md, P2 and P3)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import Exists, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.booking.models import Appointment, Pulse
from crm.booking.selectors import day_of, waiting_in, waits_since
from crm.booking.services.slots import Diary
from crm.care.models import Complaint
from crm.desk.briefing import Briefing, briefings
from crm.desk.words import length_words, services_words, state_look
from crm.people.models import Client
from crm.people.selectors import may_read_health
from crm.team.models import Branch, Master, User
from crm.team.selectors import salon_settings
from crm.team.wording import isolated

Status = Appointment.Status
# shorter gaps are breath, not time to sell
SHORTEST_GAP = 30
# among whom a gap looks for somebody whose visit fits into it
CANDIDATES = 30


@dataclass(frozen=True, slots=True)
class Waiting:
    """Who has arrived: how long she waits, her drink, and whether it is too long."""

    appointment: Appointment
    minutes: int
    is_long: bool

    @property
    def words(self) -> str:
        return length_words(self.minutes)


def timeline(
    *, branch: Branch, on: date, master: Master | None, user: User, today: date, now: datetime
) -> list[dict[str, Any]]:
    """Visits with their briefings, free gaps of one master, and the line that shows now, by hour."""
    visits = list(day_of(branch=branch, on=on, master=master))
    told = briefings(
        {visit.client_id for visit in visits},
        branch=branch,
        today=on if on > today else today,
        now=now,
        may_read_health=may_read_health(user, branch),
    )
    following = next((v for v in visits if is_ahead(v, now)), None) if on == today else None
    entries = [
        card(visit, told[visit.client_id], now, is_next=visit is following, with_master=master is None)
        for visit in visits
        if visit.starts_at is not None
    ]
    if master is not None and on >= today:
        entries += gaps(branch=branch, master=master, visits=visits, on=on, now=now)
    entries.sort(key=lambda entry: (entry["starts_at"], bool(entry.get("gap"))))
    if on == today and entries:
        place = next((n for n, entry in enumerate(entries) if entry["starts_at"] > now), len(entries))
        entries.insert(place, {"now": timezone.localtime(now), "starts_at": now})
    return entries


def is_ahead(visit: Appointment, now: datetime) -> bool:
    """The visit a master turns to next: running, waiting, or not over yet."""
    if visit.status in (Status.ARRIVED, Status.IN_PROGRESS):
        return True
    return visit.status in Appointment.OPEN and visit.ends_at is not None and visit.ends_at > now


def card(visit: Appointment, told: Briefing, now: datetime, *, is_next: bool, with_master: bool) -> dict[str, Any]:
    """What components/visit_card.html shows, and what its buttons need."""
    look = state_look(visit, now)
    if is_next and not look["state"]:
        look["state"] = "next"
    work = services_words(visit)
    facts = [{"icon": "idea", "tone": "accent", "label": _("Wish"), "text": visit.wish}] if visit.wish else []
    return {
        "pk": visit.pk,
        "starts_at": visit.starts_at,
        "ends_at": visit.ends_at,
        "name": told.client.shown_name,
        "services": f"{work} · {visit.master.name}" if with_master else work,
        "url": reverse("desk:visit", args=[visit.pk]),
        "client_url": reverse("desk:client", args=[visit.client_id]),
        "chips": told.chips,
        "facts": facts + told.facts,
        "open": is_next,
        "can_arrive": visit.status in (Status.BOOKED, Status.CONFIRMED) and visit.on == timezone.localdate(now),
        "can_start": visit.status == Status.ARRIVED,
        "can_pay": visit.status == Status.IN_PROGRESS,
        **look,
    }


def gaps(
    *, branch: Branch, master: Master, visits: Sequence[Appointment], on: date, now: datetime
) -> list[dict[str, Any]]:
    """Free time between visits within working hours, with its length and whom it would suit."""
    diary = Diary(branch=branch, masters=[master], from_day=on, days=1)
    grid = timedelta(minutes=salon_settings().slot_grid)
    found = []
    for begins, ends in diary.free_times(master.pk):
        start = begins
        if start < now:
            # the next hour on the grid that is still to come
            start = begins + -(-(now - begins) // grid) * grid
        minutes = int((ends - start).total_seconds() // 60)
        if minutes >= SHORTEST_GAP:
            found.append((start, minutes))
    asked = suits(branch=branch, master=master, today=on, now=now) if found else []
    return [
        {
            "starts_at": start,
            "gap": length_words(minutes),
            "suits": isolated(suited.client.shown_name) if suited else "",
            "late": late_words(suited, on) if suited else "",
            "url": reverse("desk:visit_new")
            + "?"
            + urlencode(
                {"master": master.pk, "day": on.isoformat(), "at": f"{timezone.localtime(start):%H:%M}"}
                | ({"client": suited.client_id} if suited else {})
            ),
        }
        for (start, minutes), suited in zip(found, matched([minutes for _start, minutes in found], asked), strict=True)
    ]


def matched(gaps_minutes: Sequence[int], asked: Sequence[Pulse]) -> list[Pulse | None]:
    """For each gap the first of these clients whose last visit would fit into it; nobody twice."""
    left = list(asked)
    chosen: list[Pulse | None] = []
    for minutes in gaps_minutes:
        suited = next((pulse for pulse in left if lasted(pulse) <= minutes), None)
        if suited is not None:
            left.remove(suited)
        chosen.append(suited)
    return chosen


def lasted(pulse: Pulse) -> int:
    """Minutes of her last visit with this master; none known: the shortest."""
    if pulse.last_starts_at is None or pulse.last_ends_at is None:
        return 0
    return int((pulse.last_ends_at - pulse.last_starts_at).total_seconds() // 60)


def late_words(pulse: Pulse, on: date) -> str:
    """How her own rhythm stands on that day; `due_on` is reached some days before it is over."""
    if pulse.rhythm_until is None or on == pulse.rhythm_until:
        return _("due on this day")
    days = abs((on - pulse.rhythm_until).days)
    if on > pulse.rhythm_until:
        return ngettext("%(days)d day late", "%(days)d days late", days) % {"days": days}
    return ngettext("due in %(days)d day", "due in %(days)d days", days) % {"days": days}


def suits(*, branch: Branch, master: Master, today: date, now: datetime) -> list[Pulse]:
    """Clients whose day has come, served by this master last, with nothing booked; the latest due first."""
    served = Appointment.objects.filter(client=OuterRef("client"), master=master, status=Status.DONE)
    newest = served.order_by("-on", "-pk")
    return list(
        Pulse.objects.filter(due_on__lte=today, late_until__gte=today, client__branch=branch)
        .filter(Q(open_until__isnull=True) | Q(open_until__lt=now))
        .filter(client__status=Client.Status.ACTIVE)
        .filter(~Exists(Complaint.objects.filter(client=OuterRef("client"), resolved_at__isnull=True)))
        .filter(Exists(served))
        .annotate(
            last_starts_at=Subquery(newest.values("starts_at")[:1]), last_ends_at=Subquery(newest.values("ends_at")[:1])
        )
        .select_related("client")
        .order_by("-due_on", "pk")[:CANDIDATES]
    )


def waiting(branch: Branch, on: date, now: datetime) -> list[Waiting]:
    """Everybody who has arrived, with her drink; longer than the owner's minutes is flagged."""
    flag = salon_settings().wait_flag_minutes
    found = []
    for appointment in waiting_in(branch, on):
        since = waits_since(appointment) or now
        minutes = max(0, int((now - since).total_seconds() // 60))
        found.append(Waiting(appointment, minutes, now - since > timedelta(minutes=flag)))
    return found
