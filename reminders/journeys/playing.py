"""Playing the rules for one client: what goes, when, and what falls away (rules.md, Messages).

The forecast plays a window ahead; the planner plays from the last look to now; the sender
plays one moment once more before it sends. One reading serves all three.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from reminders.consent.models import Purpose
from reminders.journeys.facts import Facts, Rules, Said
from reminders.journeys.occasions import (
    AT_ONCE,
    CARE,
    MARKETING,
    MARKETING_ORDER,
    ORDER,
    Occasion,
)
from reminders.journeys.table import Table
from reminders.messages.models import Kind

# an hour that was missed by this much is made up for at once; later, the kind waits for that hour of the next day
LATE = timedelta(hours=1)
# its last moment is over this much later
OVER = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Going:
    """One message on its way: several occasions where care goes together, in the order of their own moments."""

    at: datetime
    channel: str
    occasions: tuple[Occasion, ...]
    # drawn to be left out: it would have gone at this moment
    is_held_back: bool = False

    @property
    def kind(self) -> str:
        return "+".join(occasion.kind for occasion in self.occasions)

    @property
    def purpose(self) -> str:
        return self.occasions[0].purpose

    @property
    def language(self) -> str:
        """Where it is not written in hers."""
        return self.occasions[0].language


class Play:
    """One client from an instant on, nobody doing anything more.

    `kinds`: the journeys that are on, and since when each is; none given means all of them, from
    the instant on.
    """

    def __init__(
        self, facts: Facts, rules: Rules, start: datetime, kinds: Mapping[str, datetime | None] | None = None
    ) -> None:
        self.reading = Table(replace(facts, said=list(facts.said)), rules)
        self.rules = rules
        hers = facts.contact.hours
        self.windows = replace(rules.windows, narrowed=(*rules.windows.narrowed, hers)) if hers else rules.windows
        self.start = start
        self.kinds = kinds
        answered = {(said.kind, said.occasion) for said in facts.said}
        self.waiting = [
            occasion
            for occasion in self.reading.occasions(self.reading.her_day(start))
            if (occasion.kind, occasion.key) not in answered and self.is_on(occasion.kind)
        ]
        for said in facts.said:
            self._follow(said)

    def is_on(self, kind: str) -> bool:
        """Whether the journey of this kind is on."""
        return self.kinds is None or kind in self.kinds

    def _follow(self, said: Said) -> None:
        """A win-back that went out may have a second one after it."""
        if said.kind != Kind.WIN_BACK or not self.is_on(Kind.SECOND_WIN_BACK):
            return
        second = self.reading.second_win_back(said)
        if second is not None and not any(
            other.kind == second.kind and other.occasion == second.key for other in self.reading.facts.said
        ):
            self.waiting.append(second)

    # Moments ---------------------------------------------------------------

    def moments(self, occasion: Occasion) -> Iterator[datetime]:
        """The moments at which it may go, in order, conditions apart; none after its last."""
        earliest = max(occasion.planned, self.start)
        if occasion.is_reminder:
            moment = earliest if earliest == occasion.planned else self._by_day(earliest)
            if moment <= occasion.not_after:
                yield moment
            return
        if occasion.kind in AT_ONCE:
            if earliest <= occasion.not_after:
                yield earliest
            return
        if occasion.hour is None:
            moment = self._in_window(earliest)
            while moment <= occasion.not_after:
                yield moment
                following = self.reading.her_day(moment) + timedelta(days=1)
                moment = self._in_window(self.reading.local(following, time.min))
            return
        day = max(occasion.planned_on, self.reading.her_day(self.start))
        while (hour := self.reading.local(day, occasion.hour)) <= occasion.not_after:
            moment = self.windows.at_hour(hour, self.reading.facts.zone)
            if moment is not None and earliest <= moment <= occasion.not_after:
                yield moment
            day += timedelta(days=1)

    def _in_window(self, at: datetime) -> datetime:
        return self.windows.next_open(at, self.reading.facts.zone)

    def _by_day(self, at: datetime) -> datetime:
        """An overdue reminder goes at once within 08:00-21:00 at hers, else at 08:00."""
        local = at.astimezone(self.reading.facts.zone)
        if local.time() < time(8):
            return self.reading.local(local.date(), time(8))
        if local.time() >= time(21):
            return self.reading.local(local.date() + timedelta(days=1), time(8))
        return at

    def is_awake(self, occasion: Occasion, at: datetime) -> bool:
        """Whether a message of this kind may reach her at this hour; a reminder's own moment always may."""
        if occasion.is_reminder:
            return self._by_day(at) == at or at - occasion.planned < timedelta(hours=1)
        return self.windows.is_open(at, self.reading.facts.zone)

    # Conditions ------------------------------------------------------------

    def hinders(self, occasion: Occasion, at: datetime) -> str | None:
        """What stands against sending it at this moment, as a word; nothing if it may go."""
        reading, day = self.reading, self.reading.her_day(at)
        if reading.facts.status == "deceased":
            return "deceased"
        if occasion.purpose != Purpose.SERVICE and occasion.heeds_pause and (pause := reading.pause(day)):
            return pause
        if hindrance := occasion.asks(day, at):
            return hindrance
        if occasion.kind in MARKETING and self._is_capped(day):
            return "cap"
        if reading.channel(occasion.kind, at):
            return None
        return "consent_ended" if reading.has_ended(occasion.purpose, at) else "no_channel"

    def _is_capped(self, day: date) -> bool:
        cap = timedelta(days=self.rules.cap_days)
        return any(
            said.kind in MARKETING and said.on is not None and timedelta(0) <= day - said.on < cap
            for said in self.reading.facts.said
        )

    def falls_away(self, occasion: Occasion) -> bool:
        """What became due during a complaint is dropped; a person calls."""
        if occasion.purpose == Purpose.SERVICE or not occasion.heeds_pause:
            return False
        days = {occasion.planned_on, occasion.due_on or occasion.planned_on}
        return any(self.reading.in_complaint(day) for day in days)

    def next_moment(self, occasion: Occasion) -> datetime | None:
        """The first moment at which it goes by itself, as things stand."""
        if self.falls_away(occasion):
            return None
        return next((moment for moment in self.moments(occasion) if not self.hinders(occasion, moment)), None)

    # The play --------------------------------------------------------------

    def run(self, end: datetime) -> Iterator[Going]:
        """What goes in `[start, end)`, in order of time; each counts as sent for what follows."""
        while (going := self.next_going()) is not None and going.at < end:
            yield going
            self.record(going)

    def next_going(self) -> Going | None:
        """The next message; care that goes on the same day of hers goes with it."""
        ready = [(moment, occasion) for occasion in self.waiting if (moment := self.next_moment(occasion)) is not None]
        if not ready:
            return None
        care = self._held_back([entry for entry in ready if entry[1].kind in CARE])
        goings = [self._going(entry[0], [entry]) for entry in ready if entry[1].kind not in (*CARE, Kind.USED_UP)]
        goings += self._merged(care)
        for moment, occasion in ready:
            if occasion.kind == Kind.USED_UP:
                self._join(goings, moment, occasion)
        return min(goings, key=_sequence)

    def _join(self, goings: list[Going], moment: datetime, occasion: Occasion) -> None:
        """What may be running out goes with the next care or marketing from its day on, if that goes before its own
        hour by the same way (rules.md, When: used_up); else by itself.
        """
        for place, going in sorted(enumerate(goings), key=lambda entry: _sequence(entry[1])):
            if (
                going.purpose != Purpose.SERVICE
                and not going.is_held_back
                and going.at <= moment
                and self.reading.her_day(going.at) >= occasion.planned_on
                and going.channel == self.reading.channel(occasion.kind, going.at)
                and not self.hinders(occasion, going.at)
            ):
                goings[place] = replace(going, occasions=(*going.occasions, occasion))
                return
        goings.append(self._going(moment, [(moment, occasion)]))

    def _held_back(self, care: list[tuple[datetime, Occasion]]) -> list[tuple[datetime, Occasion]]:
        """Care whose hour passed today while it waited for care that goes later today is still with it."""
        today = self.reading.her_day(self.start)
        goes_today = [entry for entry in care if self.reading.her_day(entry[0]) == today]
        if not goes_today or self.kinds is None:
            return care
        there = [occasion for _moment, occasion in goes_today]
        held = [
            (moment, occasion)
            for occasion in self.waiting
            if occasion not in there and (moment := self._missed(occasion, today)) is not None
        ]
        waited = [occasion for _moment, occasion in held]
        return [entry for entry in care if entry[1] not in waited] + held

    def _missed(self, occasion: Occasion, today: date) -> datetime | None:
        """Its hour of today, if that is over and it could have gone then."""
        if occasion.kind not in CARE or occasion.hour is None or self.falls_away(occasion):
            return None
        hour, since = self.reading.local(today, occasion.hour), (self.kinds or {}).get(occasion.kind)
        moment = self.windows.at_hour(hour, self.reading.facts.zone)
        if moment is None or self.reading.her_day(moment) != today or moment >= self.start:
            return None
        could_go = occasion.planned <= moment <= occasion.not_after and (since is None or since <= moment)
        if not could_go:
            return None
        return None if self.hinders(occasion, moment) else moment

    def _merged(self, care: list[tuple[datetime, Occasion]]) -> list[Going]:
        """One message a day at the latest of their times; who may not wait so long goes by itself."""
        days: dict[date, list[tuple[datetime, Occasion]]] = {}
        for entry in care:
            days.setdefault(self.reading.her_day(entry[0]), []).append(entry)
        goings = []
        for entries in days.values():
            latest = max(moment for moment, _occasion in entries)
            alone = [entry for entry in entries if entry[1].not_after < latest]
            goings += [self._going(entry[0], [entry]) for entry in alone]
            goings.append(self._going(latest, [entry for entry in entries if entry not in alone]))
        return goings

    def _going(self, at: datetime, entries: list[tuple[datetime, Occasion]]) -> Going:
        entries.sort(key=lambda entry: (entry[0], ORDER[entry[1].kind]))
        occasions = tuple(occasion for _moment, occasion in entries)
        return Going(
            at=at,
            channel=self.reading.channel(occasions[0].kind, at) or "",
            occasions=occasions,
            is_held_back=self.is_held_back(occasions[0]),
        )

    def is_held_back(self, occasion: Occasion) -> bool:
        """Whether she is drawn not to get it (rules.md, Effect of a campaign); care, birthdays and service never are."""
        control = occasion.control or self.rules.controls.get(occasion.kind)
        return control is not None and control.holds_back(self.reading.facts.code)

    def record(self, going: Going) -> None:
        """It has gone, to the call list too. Held back it is answered, and as if nothing had been said."""
        gone = {(occasion.kind, occasion.key) for occasion in going.occasions}
        self.waiting = [occasion for occasion in self.waiting if (occasion.kind, occasion.key) not in gone]
        for occasion in going.occasions:
            said = Said(occasion.kind, occasion.key)
            if not going.is_held_back:
                said = replace(said, at=going.at, on=self.reading.her_day(going.at))
            self.reading.facts.said.append(said)
            self._follow(said)

    def ended(self, now: datetime) -> list[tuple[Occasion, str]]:
        """Occasions whose last moment is over, each with what stood against it."""
        over = []
        for occasion in self.waiting:
            if self.falls_away(occasion):
                if occasion.planned <= now:
                    over.append((occasion, "complaint"))
            elif occasion.not_after < now:
                over.append((occasion, self.hinders(occasion, occasion.not_after) or "too_late"))
        return over

    def look_again(self) -> datetime | None:
        """When this client has to be looked at next: something goes, falls away, or its last moment passes."""
        goes = self.next_going()
        looks = [goes.at] if goes else []
        for occasion in self.waiting:
            if self.falls_away(occasion):
                looks += [occasion.planned] if occasion.planned >= self.start else []
            elif occasion.not_after >= self.start:
                looks.append(occasion.not_after + OVER)
        return min(looks, default=None)


def _sequence(going: Going) -> tuple[datetime, int, int]:
    """Order of time; on the same moment marketing by its own order, the rest as in the table."""
    first = going.occasions[0]
    return going.at, MARKETING_ORDER.get(first.kind, -1), ORDER[first.kind]
