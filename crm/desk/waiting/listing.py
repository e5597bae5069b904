"""The waiting list as the desk sees it: who waits, what was offered to whom, and how it ended; five queries."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Prefetch
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import gettext as _

from crm.booking.models import WaitingEntry, WaitingOffer, WaitingService
from crm.desk.words import listed, short_day
from crm.team.models import Branch

Waits, Offered = WaitingEntry.State, WaitingOffer.State
LATELY = timedelta(days=7)
SHOWN = 100
LATELY_SHOWN = 20


@dataclass(slots=True)
class WaitingList:
    """Entries come with `services`, `wish`, `is_by_herself` and `offered` (their offers, the newest first), for templates."""

    offered: list[WaitingOffer] = field(default_factory=list)
    waiting: list[WaitingEntry] = field(default_factory=list)
    lately: list[WaitingOffer] = field(default_factory=list)


def waiting_list(branch: Branch, now: datetime) -> WaitingList:
    entries = with_words(
        WaitingEntry.objects.filter(branch=branch, state=Waits.WAITING).order_by("created_at", "pk")[:SHOWN]
    )
    found = WaitingList(waiting=entries)
    for entry in entries:
        found.offered += [offer for offer in entry.offered if offer.state == Offered.OPEN]
    found.offered.sort(key=lambda offer: (offer.until, offer.pk))
    found.lately = list(
        WaitingOffer.objects.filter(entry__branch=branch, closed_at__gt=now - LATELY)
        .select_related("entry__client", "master")
        .order_by("-closed_at", "-pk")[:LATELY_SHOWN]
    )
    return found


def with_words(entries) -> list[WaitingEntry]:  # type: ignore[no-untyped-def]
    """These entries with what they are about at hand."""
    lines = Prefetch("lines", queryset=WaitingService.objects.select_related("service").order_by("position"))
    offers = Prefetch(
        "offers",
        queryset=WaitingOffer.objects.select_related("master", "entry__client").order_by("-offered_at", "-pk"),
        to_attr="offered",
    )
    found = list(entries.select_related("client", "branch", "master", "instead_of").prefetch_related(lines, offers))
    for entry in found:
        entry.services = " · ".join(line.service.name for line in entry.lines.all())
        entry.wish = wish_words(entry)
        # nobody of the team wrote her down
        entry.is_by_herself = entry.user_id is None
    return found


def wish_words(entry: WaitingEntry) -> str:
    """`Tue 9 Jun to Tue 23 Jun · Mon, Wed · from 16:00 · with Anna`."""
    days = short_day(entry.from_day)
    if entry.to_day != entry.from_day:
        days = _("%(first)s to %(last)s") % {"first": days, "last": short_day(entry.to_day)}
    parts = [days, listed(str(WEEKDAYS_ABBR[number]) for number in entry.weekdays)]
    if entry.from_time and entry.to_time:
        parts.append(f"{entry.from_time:%H:%M}–{entry.to_time:%H:%M}")
    elif entry.from_time:
        parts.append(_("from %(hour)s") % {"hour": f"{entry.from_time:%H:%M}"})
    elif entry.to_time:
        parts.append(_("before %(hour)s") % {"hour": f"{entry.to_time:%H:%M}"})
    if entry.master is not None:
        parts.append(_("with %(name)s") % {"name": entry.master.name})
    return " · ".join(part for part in parts if part)


def waiting_count(branch: Branch) -> int:
    """How many wait for a time; for Today."""
    return WaitingEntry.objects.filter(branch=branch, state=Waits.WAITING).count()
