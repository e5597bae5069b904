"""rules.md, *Messages*, the row `holiday, event, news`, *Cap* and *Quiet hours*, read a second time.

Campaigns are no part of the interchange format, so they are given as values here. It walks through the days of one
client and asks on each what may go at 11:00. Readings chosen where the text leaves room:

* "Not after: 3 days later; the event": news and greetings may go on D, D+1, D+2 and D+3; an invitation at any 11:00
  before the event begins.
* A break moves the day of news and of an invitation to the day on which it ends, as all marketing; a greeting's end
  stays where it was, as a birthday's does, so that on a break of more than three days it does not go.
* What became due during a complaint is dropped.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from tests.reference.salon import instant

# of two on one moment
FIRST = ("event", "holiday", "news")
CAP = timedelta(days=7)


@dataclass(frozen=True)
class Released:
    """What the owner has released for a day; `begins` where it invites to an event."""

    kind: str
    on: date
    begins: datetime | None = None


@dataclass(frozen=True)
class CampaignCase:
    """One client with consent for e-mail; `offers` are days on which she had another offer, `away` first and last."""

    name: str
    released: Sequence[Released]
    expected: Sequence[tuple[str, datetime]]
    zone: str = "Europe/Sarajevo"
    her_zone: str = ""
    offers: Sequence[date] = ()
    away: tuple[date, date] | None = None
    complaint: tuple[date, date] | None = None
    holiday_named: bool = True
    days: int = 30


def played(case: CampaignCase, start: date) -> list[tuple[str, datetime]]:
    """What goes from the start of that day on: the kind and the instant."""
    zone = ZoneInfo(case.her_zone or case.zone)
    waiting, offers, went = list(case.released), list(case.offers), []
    for number in range(case.days):
        day = start + timedelta(days=number)
        at = instant(day, 11, 0, zone)
        for kind in FIRST:
            for each in [one for one in waiting if one.kind == kind]:
                if goes(case, each, day, at, offers):
                    waiting.remove(each)
                    offers.append(day)
                    went.append((kind, at))
    return went


def goes(case: CampaignCase, each: Released, day: date, at: datetime, offers: Sequence[date]) -> bool:
    """Whether it may go on that day of hers."""
    if each.kind == "holiday" and not case.holiday_named:
        return False
    due = each.on
    if case.away and case.away[0] <= due <= case.away[1]:
        due = case.away[1] + timedelta(days=1)
    last = (each.on if each.kind == "holiday" else due) + timedelta(days=3)
    in_time = at <= each.begins if each.begins else day <= last
    rests = case.away is not None and case.away[0] <= day <= case.away[1]
    complained = case.complaint is not None and case.complaint[0] <= due < case.complaint[1] + timedelta(days=14)
    capped = any(timedelta(0) <= day - offer < CAP for offer in offers)
    return due <= day and in_time and not rests and not complained and not capped
