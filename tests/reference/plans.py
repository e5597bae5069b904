"""rules.md, the *When* table: what becomes due for one client, and until when it may go.

Readings chosen where the text leaves room:

* "What became due during a complaint is dropped" speaks of care as well as marketing, and of the
  whole pause: from the day it was opened up to, not including, 14 days after its solution. It
  wins over a break on the same day, and over a new plan on a day P that lies in such a pause.
* The 60 days of feedback are read like the 7 of the cap: asked on day F, again from F + 60 on; a
  feedback held by that waits, within its three days.
* A counting day on the very day a win_back went is one "since". The 45 days count from the day of
  its sending on the client's calendar.
* Thanks: the occasion is the day of the fact (solution, tenth visit day, friend's first paid day).
  Those for a complaint are "the complaint's own" and go through every pause but the deceased's;
  by their purpose they stay care. No outcome is excepted.
* A referral that paid: the first day with a receipt above zero of a client who names her. Oneself,
  a ring, and a shared phone or e-mail bring no thanks.
* points_expiring asks whether at least 50 expire on one day. A lot expires as that day begins in
  the branch, so 11:00 of the day itself is too late. It is service: no pause holds it.
* "Of her booked and confirmed appointments of one branch day only the earliest" counts one that is
  already over, too.
* used_up is marketing, and counts for the cap wherever it stands. Of each product the last
  purchase that she has kept counts: what is brought back takes one off the last that she bought.
  What falls due on one day is one message. "With the next care or marketing message, or 12:00":
  from the beginning of that day on it goes with the first such message that goes before an own
  12:00 of it, if it may go that way at all; else by itself.
* Not in the interchange format, so never here: cards, orders, events, holidays, news.
  Confirmation, change and cancellation come from what is done in the product only.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from tests.reference.facts import median_client_day, receipts
from tests.reference.rhythm import (
    break_days,
    complaint_pauses,
    counting_days,
    end_of_late,
    is_open,
    lasting,
    paused_on,
    rhythm_of,
    state_on,
    visit_days,
    within,
)
from tests.reference.salon import instant

REMINDERS = ("reminder_24h", "reminder_2h")


def days(number):
    return timedelta(days=number)


def hours(number):
    return timedelta(hours=number)


def always(day, at):
    return True


@dataclass
class Plan:
    """One message that has become, or will become, due. Instants are UTC."""

    kind: str
    occasion: str
    due_on: date  # on her calendar
    due_at: datetime
    hour: int | None  # None: no hour of its own, it goes at once
    not_after: datetime
    reason: str
    condition: Callable[[date, datetime], bool] = always  # of its own row, on that day at that time
    heeds_pause: bool = True


@dataclass
class Sent:
    kind: str
    occasion: str
    at: datetime


class Plans:
    """What becomes due for one client about the window from ``start`` to ``end``."""

    def __init__(self, salon, client, start, end):
        self.salon, self.client, self.start, self.end = salon, client, start, end
        self.visits = visit_days(salon, client.code)
        self.counting = counting_days(salon, self.visits)
        self.last = self.counting[-1].day if self.counting else None
        self.rhythm = rhythm_of(salon, self.counting)
        self.rest = break_days(client, self.visits, self.counting)
        self.complaints = list(complaint_pauses(salon, client.code))
        self.appointments = [one for one in salon.appointments if one.client == client.code]
        self.sent = [
            Sent(kind, message.occasion, message.sent_at)
            for message in salon.messages
            if message.client == client.code
            for kind in message.kinds
        ]
        self.care = [*self.reassurance(), *self.feedback(), *self.lashes(), *self.thanks()]
        self.running_out = list(self.used_up())

    # ---- facts on a day -------------------------------------------------------------------

    def local(self, day, hour):
        return instant(day, hour, 0, self.client.zone)

    def date_of(self, at):
        """The day of an instant on her calendar."""
        return at.astimezone(self.client.zone).date()

    def has_open(self, at):
        return any(is_open(appointment, at) for appointment in self.appointments)

    def silence(self, day):
        return (day - self.last).days

    def past_late(self, day):
        return self.silence(day) > end_of_late(self.rhythm)

    def lost(self, day, at):
        state = state_on(day, last=self.last, rhythm=self.rhythm, rest=self.rest, has_open=self.has_open(at))
        return state == "lost"

    def paused(self, day):
        return paused_on(self.client, day, self.rest, self.complaints)

    def answered(self, plan):
        return any(sent.kind == plan.kind and self.same_occasion(plan, sent.occasion) for sent in self.sent)

    def same_occasion(self, plan, occasion):
        if plan.kind not in REMINDERS:
            return occasion[:10] == plan.occasion
        try:
            told = datetime.fromisoformat(occasion)
        except ValueError:
            return False
        if told.tzinfo is None:
            told = told.replace(tzinfo=self.salon.zone)
        return told == datetime.fromisoformat(plan.occasion)

    # ---- the rows of the table ------------------------------------------------------------

    def reassurance(self):
        for visit in self.visits:
            before = [earlier for earlier in self.visits if earlier.day < visit.day]
            known = set().union(*(earlier.items for earlier in before))
            usual = median_client_day(self.salon, visit.day)
            asked = [
                sale
                for sale in receipts(self.salon, self.client.code)
                if sale.day == visit.day
                and sale.at
                and (not before or sale.items - known or (usual is not None and sale.total >= 3 * usual))
            ]
            if asked:
                at = min(sale.at for sale in asked)
                yield Plan(
                    kind="reassurance",
                    occasion=visit.day.isoformat(),
                    due_on=self.date_of(at + hours(2)),
                    due_at=at + hours(2),
                    hour=None,
                    not_after=at + hours(24),
                    reason=f"sale of {visit.day}: first visit, something new, or a large purchase",
                )

    def feedback(self):
        if not self.visits:
            return
        newest, earlier = self.visits[-1], self.visits[:-1]
        new_master = newest.masters - set().union(*(visit.masters for visit in earlier))

        def wanted(day, at):
            asked = [self.date_of(sent.at) for sent in self.sent if sent.kind == "feedback"]
            return bool(not earlier or new_master or all(day >= when + days(60) for when in asked))

        due = newest.day + days(1)
        yield self.at_hour("feedback", newest.day, due, 12, 3, f"visit of {newest.day}", condition=wanted)

    def lashes(self):
        if not self.visits:
            return
        newest = self.visits[-1]
        after = max(
            (self.salon.services[code].ask_after_days for code in lasting(self.salon, newest.services)),
            default=0,
        )
        if after > 0:
            yield self.at_hour(
                "lashes",
                newest.day,
                newest.day + days(after),
                11,
                4,
                f"{after} days after the visit of {newest.day}",
                condition=lambda day, at: not self.has_open(at),
            )

    def due_soon(self):
        if self.last:
            silence = max(1, self.rhythm - 5)
            yield from self.replanned(
                self.at_hour(
                    "due_soon",
                    self.last,
                    self.last + days(silence),
                    11,
                    10,
                    f"silence {silence} of rhythm {self.rhythm}",
                    condition=lambda day, at: not self.has_open(at) and not self.past_late(day),
                ),
                10,
            )

    def win_back(self):
        if self.last:
            silence = int(end_of_late(self.rhythm)) + 1  # the first whole number above it
            yield from self.replanned(
                self.at_hour(
                    "win_back",
                    self.last,
                    self.last + days(silence),
                    11,
                    30,
                    f"silence {silence} past the end of late",
                    condition=lambda day, at: not self.has_open(at) and not self.lost(day, at),
                ),
                30,
            )

    def second_win_back(self):
        for sent in self.sent:
            if sent.kind == "win_back" and self.last and self.last < self.date_of(sent.at):
                yield from self.replanned(
                    self.at_hour(
                        "second_win_back",
                        self.last,
                        self.date_of(sent.at) + days(45),
                        11,
                        30,
                        f"45 days after the win_back of {self.date_of(sent.at)}",
                        condition=lambda day, at: not self.has_open(at) and not self.lost(day, at),
                    ),
                    30,
                )

    def birthday(self):
        if not self.client.birthday or not self.last:
            return
        month, number = self.client.birthday
        for year in range(self.start.year - 1, self.end.year + 2):
            leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
            birthday = date(year, month, 28 if (month, number) == (2, 29) and not leap else number)
            plan = Plan(
                kind="birthday",
                occasion=birthday.isoformat(),
                due_on=birthday - days(7),
                due_at=self.local(birthday - days(7), 10),
                hour=10,
                not_after=self.local(birthday, 10),
                reason=f"birthday on {birthday}",
                condition=lambda day, at: not self.lost(day, at),
            )
            yield from self.replanned(plan, None)

    def thanks(self):
        facts = [
            (complaint.resolved_on, "complaint resolved", False)
            for complaint in self.salon.complaints
            if complaint.client == self.client.code and complaint.resolved_on
        ]
        if len(self.visits) >= 10:
            facts.append((self.visits[9].day, "tenth visit day", True))
        for friend in self.salon.clients.values():
            paid = self.first_paid_day(friend)
            if paid and self.brought(friend):
                facts.append((paid, f"{friend.code} came and paid", True))
        for day, reason, heeds_pause in facts:
            plan = self.at_hour("thanks", day, day + days(1), 11, 7, reason)
            yield replace(plan, heeds_pause=heeds_pause)

    def first_paid_day(self, friend):
        return min((sale.day for sale in receipts(self.salon, friend.code) if sale.total > 0), default=None)

    def brought(self, friend):
        """Whether she brought that friend, honestly."""
        me = self.client
        if friend.referred_by != me.code or friend.code == me.code:
            return False
        if friend.phone and friend.phone == me.phone:
            return False
        if friend.email and friend.email.casefold() == me.email.casefold():
            return False
        seen, above = set(), me.code
        while above in self.salon.clients and above not in seen:
            seen.add(above)
            above = self.salon.clients[above].referred_by
        return friend.code not in seen  # else she was brought by her own friend: a ring

    def points_expiring(self):
        lots = []
        entries = [entry for entry in self.salon.points if entry.client == self.client.code]
        for entry in sorted(entries, key=lambda entry: (entry.day, entry.points < 0)):
            if entry.points > 0:
                lots.append([entry.expires_on, entry.points])
                continue
            owed = -entry.points
            for lot in sorted(lots, key=lambda lot: lot[0]):  # soonest-expiring first
                taken = min(lot[1], owed)
                lot[1] -= taken
                owed -= taken
        for expiry in sorted({lot[0] for lot in lots}):
            expiring = sum(lot[1] for lot in lots if lot[0] == expiry)
            if expiring >= 50:
                due = expiry - days(14)
                yield Plan(
                    kind="points_expiring",
                    occasion=expiry.isoformat(),
                    due_on=due,
                    due_at=self.local(due, 11),
                    hour=11,
                    not_after=instant(expiry, 0, 0, self.salon.zone) - timedelta(microseconds=1),
                    reason=f"{expiring} points expire on {expiry}",
                    heeds_pause=False,
                )

    def used_up(self):
        days_due = set()
        for product, lasts in self.salon.products.items():
            kept = self.kept(product) if lasts else []
            if kept:
                days_due.add(max(kept) + days(lasts))
        for due in sorted(days_due):
            yield from self.replanned(self.at_hour("used_up", due, due, 12, 14, f"used up by {due}"), 14)

    def kept(self, product):
        """The days of her purchases of it, one for each line; what came back is left out."""
        bought = []
        lines = [line for line in self.salon.sales if (line.client, line.item) == (self.client.code, product)]
        for line in sorted(lines, key=lambda line: line.day):
            if not line.is_return:
                bought.append([line.day, line.quantity])
                continue
            if bought:
                bought[-1][1] += line.quantity
                if bought[-1][1] <= 0:
                    bought.pop()
        return [day for day, _ in bought]

    def reminders(self):
        wanted = [one for one in self.appointments if one.status in ("booked", "confirmed")]
        for appointment in wanted:
            same_day = [one for one in wanted if one.day == appointment.day]
            if appointment is not min(same_day, key=lambda one: one.starts_at):
                continue
            yield "reminder_24h", appointment, hours(24), hours(3)
            if appointment.status == "booked":
                yield "reminder_2h", appointment, hours(2), timedelta(minutes=45)

    # ---- when ----------------------------------------------------------------------------

    def at_hour(self, kind, occasion, due, hour, later, reason, condition=always):
        return Plan(
            kind=kind,
            occasion=occasion.isoformat(),
            due_on=due,
            due_at=self.local(due, hour),
            hour=hour,
            not_after=self.local(due + days(later), hour),
            reason=reason,
            condition=condition,
        )

    def replanned(self, plan, later):
        """A kind of marketing, planned anew on the day her break ends if it fell into the break.

        ``later``: days from the plan to its *not after*, which moves along; None: it stays.
        """
        if self.became_due_in_complaint(plan):
            return
        if within(plan.due_on, self.rest) and self.rest[1] != date.max:
            end = self.rest[1]
            plan = replace(plan, due_on=end, due_at=self.local(end, plan.hour))
            if later is not None:
                plan = replace(plan, not_after=self.local(end + days(later), plan.hour))
        if not self.became_due_in_complaint(plan):
            yield plan

    def became_due_in_complaint(self, plan):
        return any(within(plan.due_on, pause) for pause in self.complaints)
