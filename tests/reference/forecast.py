"""rules.md, *Messages*, played over a window for a folder in the interchange format.

    python -m tests.reference.forecast FOLDER FROM TO

prints what ``forecast --from FROM --to TO --json`` has to print. It walks through every client's
days one by one and asks every rule on each of them: written to be obvious, not fast. What becomes
due, and the readings of the table, are in plans.py; here is when it goes, and by what.

Readings chosen where the text leaves room:

* A kind with an hour that is overdue at the start waits for that hour; the start itself is in the
  window, and so is a moment that equals a *not after*.
* What became due before a pause began, waits through it; its *not after* stays.
* The dates of the cap and of the pauses are those of the client's calendar.
* Care in one message: whoever's *not after* lies before the common time goes by itself, and the
  others' latest time stays the common one.
* A preference for ``call`` is a channel like the others, alive with a phone: always allowed for
  service, for care unless a list leaves it out, for marketing only if consent names it.
* "No call but about an appointment" also keeps points_expiring off the call list.
* Paper is not in the contract's list of channels, yet P15 has it by choice: who prefers ``letter``
  and has a postal address gets by post what is still of use when it comes; who has no other way
  and no phone to be called gets the same. No consent is asked for it but care that is not refused.
"""

import json
import sys
from datetime import UTC, datetime

from tests.reference.facts import as_at
from tests.reference.plans import REMINDERS, Plan, Plans, Sent, days
from tests.reference.quiet import open_minutes, read_row
from tests.reference.salon import instant, read_salon

# in the order of the table
KINDS = (
    "reassurance",
    "feedback",
    "lashes",
    "due_soon",
    "win_back",
    "second_win_back",
    "birthday",
    "reminder_24h",
    "reminder_2h",
    "points_expiring",
    "thanks",
    "used_up",
)
# who goes first on the same moment (Cap); a birthday has an hour of its own
MARKETING = ("win_back", "second_win_back", "due_soon", "birthday")
MARKETING_EVER_SENT = (*MARKETING, "event", "holiday", "news", "used_up")
WIN_BACKS = ("win_back", "second_win_back")
# of use even days later
BY_POST = (*WIN_BACKS, "reassurance", "thanks", "points_expiring")
# on one moment: care, marketing in the order of the cap, what may be running out
CARE_FIRST, RUNNING_OUT = -1, len(MARKETING)


class ClientForecast(Plans):
    """What would go to one client from ``start`` up to, not including, ``end``."""

    def __init__(self, salon, client, start, end):
        super().__init__(salon, client, start, end)
        self.rows = []

    # ---- when ----------------------------------------------------------------------------

    def moment(self, plan, day):
        """When the plan would go on that day of her calendar, all else allowing; None: not then."""
        if plan.heeds_pause and self.paused(day):
            return None
        for at in self.hours_of(plan, day) if plan.hour is not None else self.soonest(plan, day):
            if at <= plan.not_after and plan.condition(day, at):
                return at
        return None

    def soonest(self, plan, day):
        """The first moment of the day that is not quiet, for a kind without an hour."""
        at = max(plan.due_at, self.start)
        if self.date_of(at) > day:
            return
        local = at.astimezone(self.client.zone)
        since = local.hour * 60 + local.minute if local.date() == day else 0
        for minute in open_minutes(self.salon.narrowed, day):
            if minute >= since:
                yield max(at, self.at_minute(day, minute))
                return

    def hours_of(self, plan, day):
        """The moments of the day at which a kind with an hour may go: what the evening before left over, its own."""
        today = open_minutes(self.salon.narrowed, day)
        if not today:
            return
        before = day - days(1)
        while before >= plan.due_on and not open_minutes(self.salon.narrowed, before):
            before -= days(1)
        moments = []
        if before >= plan.due_on and open_minutes(self.salon.narrowed, before)[-1] < plan.hour * 60:
            moments.append(today[0])
        moments += [minute for minute in today if minute >= plan.hour * 60][:1]
        for minute in moments:
            at = self.at_minute(day, minute)
            if at >= max(plan.due_at, self.start):
                yield at

    def at_minute(self, day, minute):
        return instant(day, minute // 60, minute % 60, self.client.zone)

    def reminder_moment(self, appointment, before, last):
        """When a reminder goes, or None; reminders have quiet hours of their own."""
        zone = self.client.zone
        moment = appointment.starts_at - before
        local = moment.astimezone(zone)
        if local.hour >= 21:
            moment = instant(local.date(), 20, 0, zone)
        elif local.hour < 8:
            moment = instant(local.date() - days(1), 20, 0, zone)
        if appointment.booked_at and moment < appointment.booked_at:
            return None
        if moment < self.start:
            local = self.start.astimezone(zone)
            moment = self.start
            if local.hour >= 21:
                moment = instant(local.date() + days(1), 8, 0, zone)
            elif local.hour < 8:
                moment = instant(local.date(), 8, 0, zone)
        return moment if moment <= appointment.starts_at - last else None

    # ---- to whom, by what ------------------------------------------------------------------

    def channel(self, kind, purpose):
        client = self.client
        refused = client.care == ()
        if purpose == "care" and refused:
            return None
        call = bool(client.phone) and (not refused or kind in REMINDERS)
        post = bool(client.postal_address) and kind in BY_POST and (purpose == "service" or not refused)
        if post and client.preferred_channel == "letter":
            return "letter"
        living = {"email": bool(client.email), "sms": bool(client.phone), "call": call}
        for channel in (client.preferred_channel, "email", "sms"):
            allowed = (
                purpose == "service"
                or (purpose == "care" and (client.care is None or channel in client.care))
                or (purpose == "marketing" and channel in client.marketing)
            )
            if allowed and living.get(channel):
                return channel
        if call and (purpose != "marketing" or kind in WIN_BACKS):
            return "call"
        return "letter" if post else None

    def send(self, plans, purpose, at):
        """Record the kinds as sent in one message, if there is a way to reach her."""
        channel = self.channel(plans[0].kind, purpose)
        if channel is None or not self.start <= at < self.end:
            return
        self.sent += [Sent(plan.kind, plan.occasion, at) for plan in plans]
        occasions = list(dict.fromkeys(plan.occasion for plan in plans))
        self.rows.append(
            {
                "client": self.client.code,
                "kind": "+".join(plan.kind for plan in plans),
                "purpose": purpose,
                "channel": channel,
                "language": self.client.language,
                "send_at": at.astimezone(self.salon.zone).isoformat(),
                "occasion": "+".join(occasions),
                "reason": "; ".join(plan.reason for plan in plans),
            }
        )

    # ---- the days ------------------------------------------------------------------------

    def run(self):
        if self.client.status == "deceased":
            return []
        self.send_reminders()
        day = self.date_of(self.start)
        while day <= self.date_of(self.end):
            self.send_care_and_marketing(day)
            self.send_points(day)
            day += days(1)
        return self.rows

    def send_reminders(self):
        for kind, appointment, before, last in self.reminders():
            at = self.reminder_moment(appointment, before, last)
            starts_at = appointment.starts_at.astimezone(self.salon.zone).isoformat()
            plan = Plan(
                kind=kind,
                occasion=starts_at,
                due_on=appointment.day,
                due_at=appointment.starts_at - before,
                hour=None,
                not_after=appointment.starts_at - last,
                reason=f"appointment {appointment.code}",
            )
            if at and not self.answered(plan):
                self.send([plan], "service", at)

    def going_care(self, day):
        """The care of the day as it is sent: when, and what goes together."""
        going, occasions = [], set()
        for plan in self.care:
            at = self.moment(plan, day)
            # two facts of one day are one occasion; only a complaint's own outlives a complaint
            dropped = plan.heeds_pause and self.became_due_in_complaint(plan)
            key = (plan.kind, plan.occasion)
            if at and not dropped and not self.answered(plan) and key not in occasions:
                occasions.add(key)
                going.append((at, KINDS.index(plan.kind), plan))
        if not going:
            return
        going.sort(key=lambda entry: entry[:2])
        together = going[-1][0]
        for at, _, plan in going:
            if together > plan.not_after:
                yield at, [plan]
        yield together, [plan for _, _, plan in going if together <= plan.not_after]

    def send_care_and_marketing(self, day):
        """Both by the clock: what goes with one message is not there for the next, and fills her week."""
        going = [(at, CARE_FIRST, plans) for at, plans in self.going_care(day)]
        for plan in [*self.win_back(), *self.second_win_back(), *self.due_soon(), *self.birthday()]:
            at = self.moment(plan, day)
            if at:
                going.append((at, MARKETING.index(plan.kind), [plan]))
        for plan in self.running_out:
            at = self.moment(plan, day)
            if at:
                going.append((at, RUNNING_OUT, [plan]))
        for at, place, plans in sorted(going, key=lambda entry: entry[:2]):
            if place == CARE_FIRST:
                self.send([*plans, *self.going_along(day, at, "care", plans)], "care", at)
            elif not self.capped(day) and not self.answered(plans[0]):
                self.send([*plans, *self.going_along(day, at, "marketing", plans)], "marketing", at)

    def capped(self, day):
        return any(day < self.date_of(sent.at) + days(7) for sent in self.sent if sent.kind in MARKETING_EVER_SENT)

    def going_along(self, day, at, purpose, plans):
        """What may be running out by that day, and goes with a message that is sent."""
        way = self.channel(plans[0].kind, purpose)
        if way is None or way != self.channel("used_up", "marketing") or self.capped(day) or self.paused(day):
            return
        for plan in self.running_out:
            if plan not in plans and plan.due_on <= day and at <= plan.not_after and not self.answered(plan):
                yield plan

    def send_points(self, day):
        for plan in self.points_expiring():
            at = self.moment(plan, day)
            if at and not self.answered(plan):
                self.send([plan], "service", at)


def forecast(folder, start, end, narrowed=()):
    """What goes from ``start`` up to ``end`` (aware instants), as ``forecast --json`` lists it.

    ``narrowed``: the owner's windows (quiet.py); the interchange format has none.
    """
    start, end = start.astimezone(UTC), end.astimezone(UTC)
    salon = as_at(read_salon(folder), start)
    salon.narrowed = tuple(read_row(text) for text in narrowed)
    found = []
    for client in salon.clients.values():
        found += ClientForecast(salon, client, start, end).run()
    return sorted(found, key=lambda row: (datetime.fromisoformat(row["send_at"]), row["client"], row["kind"]))


def main(arguments):
    if len(arguments) != 3:
        print("usage: python -m tests.reference.forecast FOLDER FROM TO", file=sys.stderr)
        return 2
    folder, start, end = arguments
    found = forecast(folder, datetime.fromisoformat(start), datetime.fromisoformat(end))
    json.dump(found, sys.stdout, indent=1, ensure_ascii=False)
    print()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
