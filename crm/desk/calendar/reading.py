"""The days that the calendar shows, read once: for the widget, and for the page without a script."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from crm.booking.local_time import computed_instant
from crm.booking.models import Appointment, WaitingOffer
from crm.booking.services.diary import Diary, kept_times
from crm.desk.calendar.selectors import calendar_of, calendar_stamp
from crm.desk.calendar.span import Span
from crm.team.models import Branch, Master, TimeOff
from crm.team.selectors import branch_day, closed_days, zone


@dataclass
class Shown:
    """Everything of these days that is drawn."""

    branch: Branch
    span: Span
    now: datetime
    masters: list[Master]
    stamp: str
    visits: list[Appointment]
    diary: Diary
    off: list[TimeOff]
    kept: list[WaitingOffer]
    closed: dict[date, str]

    def is_off(self, master: Master, begins: datetime, ends: datetime) -> bool:
        """Whether one time off covers all of this time."""
        return any(off.master_id == master.pk and off.starts_at <= begins and ends <= off.ends_at for off in self.off)

    def has_worked(self, master: Master, on: date) -> bool:
        """Of days long gone the hours are no longer known; who has visits was there."""
        return on < branch_day(self.branch, self.now) and any(
            visit.on == on and visit.master_id == master.pk for visit in self.visits
        )


def shown(*, branch: Branch, span: Span, masters: list[Master], now: datetime) -> Shown:
    """Reads the days. Who has left the salon still has her visits of that time; cancelled visits are left out."""
    # asked for first: what happens while the rest is read is found at the next look
    stamp = calendar_stamp(branch=branch, now=now)
    visits = list(calendar_of(branch=branch, first_on=span.first, last_on=span.last, master=span.master))
    who = [span.master] if span.master else masters + _gone(masters, visits)
    here = zone(branch)
    window = (
        computed_instant(span.first, time(0), here),
        computed_instant(span.last + timedelta(days=1), time(0), here),
    )
    then = {"master__in": who, "starts_at__lt": window[1], "ends_at__gt": window[0]}
    return Shown(
        branch=branch,
        span=span,
        now=now,
        masters=who,
        stamp=stamp,
        visits=visits,
        # who works here no more has no hours
        diary=Diary(
            branch=branch,
            masters=[each for each in who if each.is_active],
            from_day=span.first,
            days=span.days,
            now=now,
        ),
        off=list(TimeOff.objects.filter(**then).order_by("starts_at")),
        kept=list(kept_times(now=now).filter(**then).select_related("entry__client")),
        closed=closed_days(branch=branch, days=span.each),
    )


def _gone(masters: list[Master], visits: list[Appointment]) -> list[Master]:
    known = {master.pk for master in masters}
    found: dict[int, Master] = {}
    parts: set[int] = set()
    for visit in visits:
        found[visit.master_id] = visit.master
        parts |= {line.master_id for line in visit.work if line.master_id}
    if missing := parts - known - found.keys():
        found |= Master.objects.in_bulk(missing)
    return sorted((found[key] for key in found.keys() - known), key=lambda master: master.name)
